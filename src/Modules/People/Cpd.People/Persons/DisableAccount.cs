using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>An account is shut: its sessions, its link, its keys and its calendar address end at once. An officer may do it to those who work nowhere outside their authority.</summary>
internal static class DisableAccount {
    internal sealed record Command(Guid PersonId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PersonId).NotEmpty();
    }

    internal sealed class Handler(Db db, CalendarFeeds feeds, CurrentUser me, Grants grants, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT p.Name, a.Id AS AccountId, a.State,
                   (SELECT COUNT(*) FROM people_Membership m JOIN people_Setting s ON s.Id = m.SettingId WHERE m.PersonId = p.Id AND m.LeftOn IS NULL AND NOT {Within.Settings})
                   + (SELECT COUNT(*) FROM people_Grant g WHERE g.PersonId = p.Id AND g.EndedAt IS NULL AND NOT {Within.Grants})
                   + (SELECT COUNT(*) FROM people_Grant g WHERE g.PersonId = p.Id AND g.EndedAt IS NULL AND g.Role IN ('SystemAdministrator', 'AuthorityOfficer') AND @All = 0) AS Elsewhere
            FROM people_Person p
            LEFT JOIN people_Account a ON a.PersonId = p.Id
            WHERE p.Id = @PersonId AND {Within.People}
            """;
        const string Disable = "UPDATE people_Account SET State = 'Disabled' WHERE Id = @AccountId AND State <> 'Disabled'";
        const string EndSessions = "DELETE FROM people_Session WHERE AccountId = @AccountId";
        const string EndLink = "DELETE FROM people_AccountLink WHERE AccountId = @AccountId";
        const string EndKeys = "UPDATE people_ApiKey SET EndedAt = @Now WHERE PersonId = @PersonId AND EndedAt IS NULL";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            // A role or a place that another authority is giving at this moment counts.
            await grants.Hold(request.PersonId, cancellationToken);
            var person = await db.One<Row>(Select, db.In(me.Reach(PeoplePermissions.GrantRoles), request), cancellationToken);
            if (person is null) return Outcome.NotFound;
            if (request.PersonId == me.PersonId) return Outcome.Conflict("You cannot disable your own account.");
            if (person.AccountId is null || person.State == "Disabled") return Outcome.Conflict($"{person.Name} has no account that works.");
            if (person.Elsewhere > 0) return Outcome.Conflict($"{person.Name} also has a role outside your authority. End their roles with you, or ask a system administrator.");
            var ended = new { person.AccountId, request.PersonId, Now = clock.GetUtcNow().UtcDateTime };
            await db.Execute(Disable, ended, cancellationToken);
            await db.Execute(EndSessions, ended, cancellationToken);
            await db.Execute(EndLink, ended, cancellationToken);
            await db.Execute(EndKeys, ended, cancellationToken);
            await feeds.End(request.PersonId, cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public string Name { get; init; } = "";
            public Guid? AccountId { get; init; }
            public string? State { get; init; }
            public int Elsewhere { get; init; }
        }
    }
}
