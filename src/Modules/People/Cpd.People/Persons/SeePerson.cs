using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>What a manager or officer sees of a person: where they have worked, of the settings in reach, their account and their roles there.</summary>
internal static class SeePerson {
    internal sealed record Query(Guid PersonId) : IRequest<Outcome<View>>;

    /// <param name="EmailIsDead">Messages to the address can't be delivered.</param>
    /// <param name="AccountState">Invited, Active or Disabled; null without an account.</param>
    internal sealed record View(Guid Id, string Name, string? Email, bool EmailIsDead, string? AccountState, IReadOnlyList<Membership> Memberships, IReadOnlyList<Held> Roles);

    internal sealed record Membership {
        public Guid Id { get; init; }
        public Guid SettingId { get; init; }
        public string SettingName { get; init; } = "";
        public JobRole JobRole { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public DateOnly JoinedOn { get; init; }
        public DateOnly? LeftOn { get; init; }
    }

    /// <summary>A role held now. HeldAt is null for roles that are held nowhere in particular.</summary>
    internal sealed record Held {
        public Guid Id { get; init; }
        public Role Role { get; init; }
        public string? HeldAt { get; init; }
        public DateTime GrantedAt { get; init; }
    }

    internal sealed class Handler(Db db, DeadAddresses dead, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectPerson = $"""
            SELECT p.Id, p.Name, p.Email, a.State
            FROM people_Person p
            LEFT JOIN people_Account a ON a.PersonId = p.Id
            WHERE p.Id = @PersonId AND {Within.People}
            """;
        const string SelectMemberships = $"""
            SELECT m.Id, m.SettingId, s.Name AS SettingName, m.JobRole, m.AgeRanges, m.JoinedOn, m.LeftOn
            FROM people_Membership m
            JOIN people_Setting s ON s.Id = m.SettingId
            WHERE m.PersonId = @PersonId AND {Within.Settings}
            ORDER BY m.JoinedOn DESC, m.Id
            """;
        const string SelectRoles = $"""
            SELECT g.Id, g.Role, g.GrantedAt, COALESCE(s.Name, o.Name, u.Name) AS HeldAt
            FROM people_Grant g
            LEFT JOIN people_Setting s ON s.Id = g.OrganisationId
            LEFT JOIN people_Organisation o ON o.Id = g.OrganisationId
            LEFT JOIN people_Authority u ON u.Id = g.OrganisationId
            WHERE g.PersonId = @PersonId AND g.EndedAt IS NULL AND {Within.Grants}
            ORDER BY g.GrantedAt, g.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var args = db.In(me.Reach(PeoplePermissions.SeePeople), request);
            var person = await db.One<Row>(SelectPerson, args, cancellationToken);
            if (person is null) return Outcome.NotFound;
            return new View(person.Id, person.Name, person.Email, person.Email is not null && (await dead.Among([person.Email], cancellationToken)).Count > 0, person.State,
                await db.List<Membership>(SelectMemberships, args, cancellationToken), await db.List<Held>(SelectRoles, args, cancellationToken));
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string Name { get; init; } = "";
            public string? Email { get; init; }
            public string? State { get; init; }
        }
    }
}
