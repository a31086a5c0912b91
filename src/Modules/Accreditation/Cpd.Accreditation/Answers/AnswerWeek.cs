using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Accreditation.Answers;

/// <summary>What the weekly message says to a setting of certificates: those of its staff that run out within the next thirty days and that no later one of the course takes the place of.</summary>
internal sealed class AnswerWeek(Db db, IMediator mediator) : IPartOf<FindWeek, WeekPart> {
    const int Days = 30;
    // Fewer than a list may hold on either engine.
    const int Batch = 500;

    const string Select = """
        SELECT c.PersonId, c.CourseTitle, c.ValidUntil
        FROM accreditation_Certificate c
        WHERE c.PersonId IN @People AND c.RevokedAt IS NULL AND c.ValidUntil >= @Today AND c.ValidUntil <= @Until
          AND NOT EXISTS (SELECT 1 FROM accreditation_Certificate later
            WHERE later.PersonId = c.PersonId AND later.CourseId = c.CourseId AND later.RevokedAt IS NULL AND (later.ValidUntil IS NULL OR later.ValidUntil > c.ValidUntil))
        ORDER BY c.ValidUntil, c.Id
        """;

    public async Task<IReadOnlyList<WeekPart>> Answer(FindWeek question, CancellationToken ct) {
        if (question.SettingIds.Count == 0) return [];
        var today = London.Day(question.From);
        var staff = (await mediator.Send(new ListStaff(question.SettingIds, today, today), ct)).ToLookup(s => s.PersonId);
        var ending = new List<Row>();
        foreach (var people in staff.Select(s => s.Key).Chunk(Batch)) ending.AddRange(await db.List<Row>(Select, new { People = db.Ids(people), Today = today, Until = today.AddDays(Days) }, ct));
        return [.. WeekPart.Of(ending.OrderBy(c => c.ValidUntil).SelectMany(c => staff[c.PersonId].DistinctBy(s => s.SettingId).Select(s => (s.SettingId, $"{s.Name}, {c.CourseTitle}, until {Show.Date(c.ValidUntil)}"))), 3, "Certificates that run out", AccreditationLinks.StaffRecords)];
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateOnly ValidUntil { get; init; }
    }
}
