using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about where people belong: to a setting, or to an authority itself.</summary>
internal static class AnswerHomes {
    const string OfSettings = """
        SELECT p.Id AS PersonId, p.Name, p.NameKey, p.EmailKey, s.AuthorityId, s.Id AS SettingId, s.Name AS SettingName, m.JobRole, m.AgeRanges, 0 AS Place
        FROM people_Membership m
        JOIN people_Person p ON p.Id = m.PersonId
        JOIN people_Setting s ON s.Id = m.SettingId
        WHERE m.JoinedOn <= @On AND (m.LeftOn IS NULL OR m.LeftOn >= @On)

        """;
    const string OfContacts = """
        SELECT p.Id AS PersonId, p.Name, p.NameKey, p.EmailKey, c.AuthorityId, NULL AS SettingId, '' AS SettingName, '' AS JobRole, 0 AS AgeRanges, 1 AS Place
        FROM people_Contact c
        JOIN people_Person p ON p.Id = c.PersonId

        """;
    const string OfHolders = """
        SELECT p.Id AS PersonId, p.Name, p.NameKey, p.EmailKey, g.OrganisationId AS AuthorityId, NULL AS SettingId, '' AS SettingName, '' AS JobRole, 0 AS AgeRanges, 2 AS Place
        FROM people_Grant g
        JOIN people_Person p ON p.Id = g.PersonId
        WHERE g.Kind = 'Authority' AND g.EndedAt IS NULL

        """;
    const string SelectOfPeople = OfSettings + "AND m.PersonId IN @Ids UNION ALL " + OfContacts + "WHERE c.PersonId IN @Ids UNION ALL " + OfHolders + "AND g.PersonId IN @Ids";
    const string SelectFound = "SELECT f.PersonId, f.Name, f.AuthorityId, f.SettingId, f.SettingName, f.JobRole, f.AgeRanges, f.Place FROM (" + OfSettings + "AND s.AuthorityId IN @Ids UNION ALL "
        + OfContacts + "WHERE c.AuthorityId IN @Ids UNION ALL " + OfHolders + """
        AND g.OrganisationId IN @Ids) f
        WHERE f.EmailKey = @Address OR f.AuthorityId IN @Begins AND (f.NameKey LIKE @Pattern ESCAPE '!' OR f.EmailKey LIKE @Pattern ESCAPE '!')
        ORDER BY f.NameKey, f.PersonId, f.Place, f.SettingId
        """;
    const string SelectOpen = """
        SELECT Id, Name, Urn, AuthorityId, ProviderType, TermTimeOnly
        FROM people_Setting
        WHERE AuthorityId = @AuthorityId AND (ClosedOn IS NULL OR ClosedOn > @On)
        ORDER BY NameKey, Id
        """;

    internal sealed class OfPeople(Db db) : IRequestHandler<FindHomes, IReadOnlyList<Home>> {
        public async Task<IReadOnlyList<Home>> Handle(FindHomes request, CancellationToken cancellationToken) =>
            Homes((await db.List<Row>(SelectOfPeople, new { Ids = db.Ids(request.PersonIds), request.On }, cancellationToken)).OrderBy(r => r.Place).ThenBy(r => r.SettingId));
    }

    internal sealed class Found(Db db) : IRequestHandler<SearchHomes, IReadOnlyList<Home>> {
        public async Task<IReadOnlyList<Home>> Handle(SearchHomes request, CancellationToken cancellationToken) => Homes(await db.List<Row>(db.Page(SelectFound), new {
            Ids = db.Ids(request.AuthorityIds.Concat(request.ByAddress ?? [])), Begins = db.Ids(request.AuthorityIds), Pattern = NameKey.Beginning(request.Text), Address = NameKey.OfEmail(request.Text), request.On, Skip = 0, Take = 20,
        }, cancellationToken));
    }

    internal sealed class Open(Db db) : IRequestHandler<ListOpenSettings, IReadOnlyList<SettingCard>> {
        public async Task<IReadOnlyList<SettingCard>> Handle(ListOpenSettings request, CancellationToken cancellationToken) =>
            [.. (await db.List<SettingRow>(SelectOpen, request, cancellationToken)).Select(r => new SettingCard(r.Id, r.Name, r.Urn, r.AuthorityId, r.ProviderType, r.TermTimeOnly))];
    }

    static IReadOnlyList<Home> Homes(IEnumerable<Row> rows) => [.. rows.Select(r => new Home(r.PersonId, r.Name, r.AuthorityId, r.SettingId, r.SettingName, r.JobRole.Length > 0 ? Enum.Parse<JobRole>(r.JobRole) : null, r.AgeRanges))];

    sealed record Row {
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public Guid? SettingId { get; init; }
        public string SettingName { get; init; } = "";
        /// <summary>Empty without a job: SQLite takes the type of a column from its first row, and one that is null there would read no job after it.</summary>
        public string JobRole { get; init; } = "";
        public AgeRanges AgeRanges { get; init; }
        public int Place { get; init; }
    }

    sealed record SettingRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Urn { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public string ProviderType { get; init; } = "";
        public bool TermTimeOnly { get; init; }
    }
}
