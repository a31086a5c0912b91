using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about who works where.</summary>
internal static class AnswerStaff {
    const string Columns = """
        SELECT p.Id AS PersonId, p.Name, p.Email, s.Id AS SettingId, s.Name AS SettingName, s.AuthorityId, m.JobRole, m.AgeRanges, m.JoinedOn, m.LeftOn
        FROM people_Membership m
        JOIN people_Person p ON p.Id = m.PersonId
        JOIN people_Setting s ON s.Id = m.SettingId

        """;
    const string SelectOfPeople = Columns + "WHERE m.PersonId IN @Ids AND m.JoinedOn <= @On AND (m.LeftOn IS NULL OR m.LeftOn >= @On)";
    const string SelectOfSettings = Columns + """
        WHERE m.SettingId IN @Ids AND m.JoinedOn <= @To AND (m.LeftOn IS NULL OR m.LeftOn >= @From)
        ORDER BY p.NameKey, p.Id, m.JoinedOn
        """;
    const string SelectFound = Columns + """
        WHERE s.AuthorityId IN @Ids AND (p.NameKey LIKE @Pattern ESCAPE '!' OR p.EmailKey LIKE @Pattern ESCAPE '!')
          AND m.JoinedOn <= @On AND (m.LeftOn IS NULL OR m.LeftOn >= @On)
        ORDER BY p.NameKey, p.Id, m.Id
        """;

    internal sealed class OfPeople(Db db) : IRequestHandler<FindStaff, IReadOnlyList<StaffPlace>> {
        public async Task<IReadOnlyList<StaffPlace>> Handle(FindStaff request, CancellationToken cancellationToken) =>
            Places(await db.List<Row>(SelectOfPeople, new { Ids = db.Ids(request.PersonIds), request.On }, cancellationToken));
    }

    internal sealed class OfSettings(Db db) : IRequestHandler<ListStaff, IReadOnlyList<StaffPlace>> {
        public async Task<IReadOnlyList<StaffPlace>> Handle(ListStaff request, CancellationToken cancellationToken) =>
            Places(await db.List<Row>(SelectOfSettings, new { Ids = db.Ids(request.SettingIds), request.From, request.To }, cancellationToken));
    }

    internal sealed class Found(Db db) : IRequestHandler<SearchStaff, IReadOnlyList<StaffPlace>> {
        public async Task<IReadOnlyList<StaffPlace>> Handle(SearchStaff request, CancellationToken cancellationToken) =>
            Places(await db.List<Row>(db.Page(SelectFound), new {
                Ids = db.Ids(request.AuthorityIds), Pattern = NameKey.Beginning(request.Text), request.On, Skip = 0, Take = 20,
            }, cancellationToken));
    }

    static IReadOnlyList<StaffPlace> Places(IReadOnlyList<Row> rows) =>
        [.. rows.Select(r => new StaffPlace(r.PersonId, r.Name, r.Email, r.SettingId, r.SettingName, r.AuthorityId, r.JobRole, r.AgeRanges, r.JoinedOn, r.LeftOn))];

    sealed record Row {
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public Guid SettingId { get; init; }
        public string SettingName { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public JobRole JobRole { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public DateOnly JoinedOn { get; init; }
        public DateOnly? LeftOn { get; init; }
    }
}
