using Cpd.People.Accounts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>
/// A manager or officer adds somebody to a setting; an officer also adds those who work with the authority without belonging to a
/// setting. Who is known by their email address already stays the same person, and only their name is told.
/// </summary>
internal static class AddPerson {
    /// <param name="SettingId">Empty for somebody who works with the authority and not in a setting; only officers and administrators may leave it empty.</param>
    /// <param name="AuthorityId">With whom they work when no setting is given; may be left empty by an officer of one authority.</param>
    /// <param name="Invite">Sends an invitation to make an account, with <paramref name="Role"/> (Practitioner or SettingManager; empty = Practitioner).</param>
    internal sealed record Command(string? Name, string? Email, JobRole? JobRole, AgeRanges AgeRanges, Guid? SettingId, DateOnly? JoinedOn, bool Invite = false, Role? Role = null, Guid? AuthorityId = null)
        : IRequest<Outcome<Added>>, IWrite;

    /// <param name="Known">They were known before, under this name.</param>
    internal sealed record Added(Guid PersonId, string Name, bool Known);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator(TimeProvider clock) {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter their full name").MaximumLength(200).WithMessage("Full name must be 200 characters or fewer");
            RuleFor(c => c.Email).IsEmail();
            RuleFor(c => c.Email).NotEmpty().When(c => c.Invite).WithMessage("Enter the email address to send the invitation to");
            RuleFor(c => c.JobRole).NotNull().When(c => c.SettingId is not null).WithMessage("Select their job");
            RuleFor(c => c.JobRole).IsInEnum().WithMessage("Select their job");
            RuleFor(c => c.AgeRanges).Must(a => (int)a is >= 0 and <= 7).WithMessage("Select the ages they work with");
            RuleFor(c => c.JoinedOn).NotNull().When(c => c.SettingId is not null).WithMessage("Enter the date they joined")
                .GreaterThanOrEqualTo(new DateOnly(1950, 1, 1)).WithMessage("The date they joined must be after 1950")
                .Must(day => day is null || day <= London.Today(clock).AddYears(1)).WithMessage("The date they joined must be within the next year");
            RuleFor(c => c.Role).Must(role => role is null or Contracts.Role.Practitioner or Contracts.Role.SettingManager).WithMessage("Select practitioner or setting manager");
            RuleFor(c => c.Role).NotEqual(Contracts.Role.SettingManager).When(c => c.SettingId is null).WithMessage("Select the setting that they manage");
        }
    }

    internal static Mail Notice(Guid membership, Guid personId, string name, string email, string setting, Guid authorityId, DateOnly joinedOn) =>
        new(AccountLetters.AddedToSettingKind, membership, AccountLetters.AddedToSetting(email, name, setting, joinedOn)) { PersonId = personId, AuthorityId = authorityId };

    internal sealed class Handler(Db db, CurrentUser me, IMediator mediator, Grants grants, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Added>> {
        const string SelectSetting = $"SELECT s.Name, s.AuthorityId FROM people_Setting s WHERE s.Id = @SettingId AND {Within.Settings}";
        const string SelectKnown = "SELECT Id, Name, Email FROM people_Person WHERE EmailKey = @EmailKey";
        const string InsertPerson = """
            INSERT INTO people_Person (Id, Name, NameKey, Email, EmailKey, CreatedAt, Version) VALUES (@Id, @Name, @NameKey, @Email, @EmailKey, @Now, 1)
            """;
        const string InsertMembership = """
            INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @PersonId, @SettingId, @JobRole, @AgeRanges, @JoinedOn)
            """;
        const string InsertContact = """
            INSERT INTO people_Contact (AuthorityId, PersonId, AddedAt)
            SELECT @AuthorityId, @PersonId, @Now
            WHERE NOT EXISTS (SELECT 1 FROM people_Contact WHERE AuthorityId = @AuthorityId AND PersonId = @PersonId)
            """;

        public async Task<Outcome<Added>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangePeople);
            SettingRow? setting = null;
            Guid? authority = null;
            if (request.SettingId is not null) {
                setting = await db.One<SettingRow>(SelectSetting, db.In(reach, new { request.SettingId }), cancellationToken);
                if (setting is null) return Outcome.NotFound;
            } else {
                authority = request.AuthorityId ?? (reach is { All: false, Authorities: [var only] } ? only : null);
                if (authority is null) return Outcome.Invalid(nameof(Command.SettingId), "Select the setting they work at");
                if (!reach.All && !reach.Authorities.Contains(authority.Value)) return Outcome.NotFound;
            }

            var now = clock.GetUtcNow().UtcDateTime;
            var emailKey = string.IsNullOrWhiteSpace(request.Email) ? null : NameKey.OfEmail(request.Email);
            var known = emailKey is null ? null : await db.One<Row>(SelectKnown, new { EmailKey = emailKey }, cancellationToken);
            var person = known ?? new Row { Id = Ids.New(clock), Name = request.Name!.Trim(), Email = emailKey is null ? null : request.Email!.Trim() };
            if (known is null) {
                await db.Execute(InsertPerson, new { person.Id, person.Name, NameKey = NameKey.Of(person.Name), person.Email, EmailKey = emailKey, Now = now }, cancellationToken);
            } else {
                await grants.Hold(known.Id, cancellationToken);
            }
            if (setting is null) {
                await db.Execute(InsertContact, new { AuthorityId = authority, PersonId = person.Id, Now = now }, cancellationToken);
            } else {
                var membership = Ids.New(clock);
                try {
                    await db.Execute(InsertMembership, new {
                        Id = membership, PersonId = person.Id, request.SettingId, JobRole = request.JobRole!.Value.ToString(), AgeRanges = (int)request.AgeRanges, request.JoinedOn,
                    }, cancellationToken);
                } catch (Exception e) when (db.IsUniqueViolation(e)) {
                    return Outcome.Conflict($"{person.Name} works at {setting.Name} already.");
                }
                // Nobody is put on a setting's list, with their training records, without hearing of it.
                if (known?.Email is not null) await mailbox.Add(Notice(membership, known.Id, known.Name, known.Email, setting.Name, setting.AuthorityId, request.JoinedOn!.Value), cancellationToken);
            }

            if (request.Invite) {
                await grants.Give(person.Id, Contracts.Role.Practitioner, OrganisationKind.None, Guid.Empty, cancellationToken);
                if (request.Role == Contracts.Role.SettingManager) await grants.Give(person.Id, Contracts.Role.SettingManager, OrganisationKind.Setting, request.SettingId!.Value, cancellationToken);
                var invited = await mediator.Send(new InvitePerson.Command(person.Id), cancellationToken);
                // Who has an account already needs no invitation; the role is theirs all the same.
                if (invited.Refusal is { } refusal and not Conflict) return refusal;
            }
            return new Added(person.Id, person.Name, known is not null);
        }

        sealed record SettingRow {
            public string Name { get; init; } = "";
            public Guid AuthorityId { get; init; }
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string Name { get; init; } = "";
            public string? Email { get; init; }
        }
    }
}
