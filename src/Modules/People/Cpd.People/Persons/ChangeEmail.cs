using Cpd.People.Accounts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>
/// A manager or officer puts right the address to which a person's messages go, and with which they sign in. Whoever has the address can have the account, so a manager
/// may only while no account works, and nobody may for a person who also belongs elsewhere. The old address is told.
/// </summary>
internal static class ChangeEmail {
    internal sealed record Command(Guid PersonId, string? Email) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.PersonId).NotEmpty();
            RuleFor(c => c.Email).NotEmpty().WithMessage("Enter their email address").IsEmail();
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, Grants grants, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT p.Name, p.Email, p.EmailKey, a.Id AS AccountId, a.State,
                   (SELECT COUNT(*) FROM people_Membership m JOIN people_Setting s ON s.Id = m.SettingId WHERE m.PersonId = p.Id AND m.LeftOn IS NULL AND NOT {Within.Settings})
                   + (SELECT COUNT(*) FROM people_Grant g WHERE g.PersonId = p.Id AND g.EndedAt IS NULL AND NOT {Within.Grants})
                   + (SELECT COUNT(*) FROM people_Grant g WHERE g.PersonId = p.Id AND g.EndedAt IS NULL AND g.Role IN ('SystemAdministrator', 'AuthorityOfficer') AND @All = 0)
                   + (SELECT COUNT(*) FROM people_Contact k WHERE k.PersonId = p.Id AND @All = 0 AND k.AuthorityId NOT IN @Authorities
                      AND k.AuthorityId NOT IN (SELECT ws.AuthorityId FROM people_Setting ws WHERE ws.Id IN @Settings)) AS Elsewhere
            FROM people_Person p
            LEFT JOIN people_Account a ON a.PersonId = p.Id
            WHERE p.Id = @PersonId AND {Within.People}
            """;
        const string Update = "UPDATE people_Person SET Email = @Email, EmailKey = @EmailKey, Version = Version + 1 WHERE Id = @PersonId";
        const string UpdateAccount = "UPDATE people_Account SET EmailKey = @EmailKey WHERE Id = @AccountId";
        // A link that lies in the old mailbox would open the account.
        const string EndLink = "DELETE FROM people_AccountLink WHERE AccountId = @AccountId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            // A role or a place that another authority is giving at this moment counts.
            await grants.Hold(request.PersonId, cancellationToken);
            if (await db.One<Row>(Select, db.In(me.Reach(PeoplePermissions.ChangePeople), new { request.PersonId }), cancellationToken) is not { } person) return Outcome.NotFound;
            if (request.PersonId == me.PersonId) return Outcome.Conflict("You cannot change your own address. Ask your local authority.");
            if (person.State == "Active" && !me.May(PeoplePermissions.GrantRoles)) return Outcome.Conflict($"{person.Name} signs in with this address. Ask your local authority to change it.");
            if (person.Elsewhere > 0) return Outcome.Conflict($"{person.Name} also belongs to somebody else's staff or has a role there. Ask a system administrator to change the address.");
            var (email, key) = (request.Email!.Trim(), NameKey.OfEmail(request.Email));
            var change = new { request.PersonId, person.AccountId, Email = email, EmailKey = key };
            try {
                await db.Execute(Update, change, cancellationToken);
                if (person.AccountId is not null) await db.Execute(UpdateAccount, change, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(Command.Email), "Somebody else has this email address");
            }
            if (key == person.EmailKey) return Outcome.Done;
            if (person.AccountId is not null) await db.Execute(EndLink, change, cancellationToken);
            if (person.Email is not null) await mailbox.Add(new Mail(AccountLetters.EmailChangedKind, Ids.New(clock), AccountLetters.EmailChanged(person.Email, person.Name, me.Name)), cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public string Name { get; init; } = "";
            public string? Email { get; init; }
            public string? EmailKey { get; init; }
            public Guid? AccountId { get; init; }
            public string? State { get; init; }
            public int Elsewhere { get; init; }
        }
    }
}
