using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>A manager sees the staff of their setting, an officer those of their authority and whom it works with, by name.</summary>
internal static class ListPeople {
    /// <param name="Left">Also those who have left.</param>
    internal sealed record Query(string? Text, bool Left, Paging Paging) : IRequest<PageOf<View>>;

    /// <param name="Places">Where they work, of the settings in reach.</param>
    /// <param name="EmailIsDead">Messages to their address can't be delivered.</param>
    internal sealed record View(Guid Id, string Name, bool EmailIsDead, IReadOnlyList<Place> Places);

    internal sealed record Place(string SettingName, JobRole JobRole, DateOnly? LeftOn);

    internal sealed class Handler(Db db, DeadAddresses dead, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        // Somebody is of today who works somewhere in reach, or who is known otherwise and has never left a setting in reach.
        const string Wanted = $"""
            FROM people_Person p
            WHERE {Within.People}
              AND (@Pattern IS NULL OR p.NameKey LIKE @Pattern ESCAPE '!' OR p.NameKey LIKE @Inner ESCAPE '!' OR p.EmailKey LIKE @Pattern ESCAPE '!')
              AND (@Left = 1
                OR EXISTS (SELECT 1 FROM people_Membership m JOIN people_Setting s ON s.Id = m.SettingId
                           WHERE m.PersonId = p.Id AND (m.LeftOn IS NULL OR m.LeftOn >= @Today) AND {Within.Settings})
                OR NOT EXISTS (SELECT 1 FROM people_Membership m JOIN people_Setting s ON s.Id = m.SettingId WHERE m.PersonId = p.Id AND {Within.Settings}))
            """;
        const string Count = "SELECT COUNT(*) " + Wanted;
        const string Select = "SELECT p.Id, p.Name, p.Email " + Wanted + " ORDER BY p.NameKey, p.Id";
        const string SelectPlaces = $"""
            SELECT m.PersonId, s.Name AS SettingName, m.JobRole, m.LeftOn
            FROM people_Membership m
            JOIN people_Setting s ON s.Id = m.SettingId
            WHERE m.PersonId IN @People AND (@Left = 1 OR m.LeftOn IS NULL OR m.LeftOn >= @Today) AND {Within.Settings}
            ORDER BY s.NameKey, m.JoinedOn, m.Id
            """;

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.SeePeople);
            var today = London.Today(clock);
            var pattern = string.IsNullOrWhiteSpace(request.Text) ? null : NameKey.Beginning(request.Text);
            var args = db.In(reach, new { Pattern = pattern, Inner = pattern is null ? null : "% " + pattern, request.Left, Today = today });
            var total = await db.One<int>(Count, args, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var people = await db.List<Row>(db.Page(Select), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken);
            var places = (await db.List<PlaceRow>(SelectPlaces, db.In(reach, new { People = db.Ids(people.Select(p => p.Id)), request.Left, Today = today }), cancellationToken)).ToLookup(p => p.PersonId);
            var unreachable = await dead.Among(people.Select(p => p.Email).OfType<string>(), cancellationToken);
            return new([.. people.Select(p => new View(p.Id, p.Name, p.Email is not null && unreachable.Contains(p.Email), [.. places[p.Id].Select(r => new Place(r.SettingName, r.JobRole, r.LeftOn))]))], total, paging);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string Name { get; init; } = "";
            public string? Email { get; init; }
        }

        sealed record PlaceRow {
            public Guid PersonId { get; init; }
            public string SettingName { get; init; } = "";
            public JobRole JobRole { get; init; }
            public DateOnly? LeftOn { get; init; }
        }
    }
}
