using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Placements.Answers;

/// <summary>What the weekly message says to an authority of placements: how many students come in the week, and how many hours still wait to be signed.</summary>
internal sealed class AnswerWeek(Db db) : IPartOf<FindWeek, WeekPart> {
    const string Select = """
        SELECT p.AuthorityId, p.Name, COUNT(DISTINCT CASE WHEN t.State = 'Published' AND t.StartsAt >= @From AND t.StartsAt < @To THEN t.StudentId END) AS Students,
            COUNT(CASE WHEN t.State = 'Published' AND t.StartsAt >= @From AND t.StartsAt < @To THEN 1 END) AS Slots, COUNT(CASE WHEN t.Hours = 'Logged' THEN 1 END) AS Waiting
        FROM placements_Slot t
        JOIN placements_Programme p ON p.Id = t.ProgrammeId
        WHERE p.AuthorityId IN @Authorities AND ((t.State = 'Published' AND t.StartsAt >= @From AND t.StartsAt < @To) OR t.Hours = 'Logged')
        GROUP BY p.AuthorityId, p.Id, p.Name
        ORDER BY p.Name, p.Id
        """;

    public async Task<IReadOnlyList<WeekPart>> Answer(FindWeek question, CancellationToken ct) {
        if (question.AuthorityIds.Count == 0) return [];
        var rows = await db.List<Row>(Select, new { Authorities = db.Ids(question.AuthorityIds), question.From, question.To }, ct);
        return [
            .. WeekPart.Of(rows.Where(r => r.Slots > 0).Select(r => (r.AuthorityId, $"{r.Name}: {Show.Count(r.Students, "student")} in {Show.Count(r.Slots, "slot")}")), 60, "Placements this week", PlacementsLinks.List),
            .. WeekPart.Of(rows.Where(r => r.Waiting > 0).Select(r => (r.AuthorityId, $"{r.Name}: {Show.Count(r.Waiting, "slot")}")), 61, "Placement hours waiting for sign-off", PlacementsLinks.List),
        ];
    }

    sealed record Row {
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public int Students { get; init; }
        public int Slots { get; init; }
        public int Waiting { get; init; }
    }
}
