using Cpd.People.Accounts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>A person is sent a link to make their account, or a newer one that takes the older one's place. Who holds no role becomes a practitioner.</summary>
internal static class InvitePerson {
    internal sealed record Command(Guid PersonId) : IRequest<Outcome<Invited>>, IWrite;

    /// <param name="Address">The link as it stands in the message. It is a secret of the person's: no page shows it.</param>
    internal sealed record Invited(string Email, string Address);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PersonId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, Accounts.Accounts accounts, AccountLink links, Grants grants, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Invited>> {
        const string Select = $"""
            SELECT p.Name, p.Email, p.EmailKey, a.State,
                   (SELECT COUNT(*) FROM people_Grant g WHERE g.PersonId = p.Id AND g.EndedAt IS NULL) AS Roles
            FROM people_Person p
            LEFT JOIN people_Account a ON a.PersonId = p.Id
            WHERE p.Id = @PersonId AND {Within.People}
            """;

        public async Task<Outcome<Invited>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangePeople);
            var person = await db.One<Row>(Select, db.In(reach, request), cancellationToken);
            if (person is null) return Outcome.NotFound;
            if (person.Email is null) return Outcome.Conflict($"{person.Name} has no email address to send an invitation to.");
            if (person.State == "Active") return Outcome.Conflict($"{person.Name} has an account already. They can choose a new password on the sign-in page.");
            // A disabled account is given back by those who could have disabled it.
            if (person.State == "Disabled" && !me.May(PeoplePermissions.GrantRoles)) return Outcome.Conflict($"The account of {person.Name} was disabled. Ask your local authority to restore it.");
            if (person.Roles == 0) await grants.Give(request.PersonId, Role.Practitioner, OrganisationKind.None, Guid.Empty, cancellationToken);
            var account = await accounts.Restore(request.PersonId, person.EmailKey!, cancellationToken);
            var address = await links.New(account, LinkKind.Invitation, cancellationToken);
            await mailbox.Add(new Mail(AccountLetters.InvitationKind, Ids.New(clock), AccountLetters.Invitation(person.Email, person.Name, me.Name, address)) {
                PersonId = request.PersonId, AuthorityId = reach is { All: false, Authorities: [var theirs] } ? theirs : null, Priority = MessagePriority.Awaited, GoodUntil = clock.GetUtcNow().UtcDateTime + AccountLink.Lifetime(LinkKind.Invitation),
            }, cancellationToken);
            return new Invited(person.Email, address);
        }

        sealed record Row {
            public string Name { get; init; } = "";
            public string? Email { get; init; }
            public string? EmailKey { get; init; }
            public string? State { get; init; }
            public int Roles { get; init; }
        }
    }
}
