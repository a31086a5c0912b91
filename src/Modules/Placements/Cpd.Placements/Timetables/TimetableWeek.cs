using Cpd.Placements.Programmes;
using Cpd.Platform.Web;

namespace Cpd.Placements.Timetables;

/// <summary>One week of a timetable as a table: a row for each student or each project, a column for each part of a day in which there is somebody.</summary>
internal sealed record TimetableWeek(SeeTimetable.View Timetable, DateOnly Monday, bool ByProject) {
    IReadOnlyList<SeeTimetable.Entry> Slots { get; } = [.. Timetable.Slots.Where(s => s.Monday == Monday)];

    internal IReadOnlyList<When> Columns => [.. Slots.Select(s => s.When).Distinct().Order()];
    internal string Part(When when) => Timetable.Parts.FirstOrDefault((SeeSetUp.Part p) => p.Number == when.Part)?.Name ?? "Other times";
    internal IEnumerable<(string Name, ILookup<When, string> Cells)> Rows => Slots
        .GroupBy(s => ByProject ? (Id: s.ProjectId ?? Guid.Empty, Name: s.Project ?? "Elsewhere") : (Id: s.StudentId, Name: s.StudentName)).OrderBy(g => g.Key.Name, StringComparer.OrdinalIgnoreCase)
        .Select(g => (g.Key.Name, g.ToLookup(s => s.When, s => $"{(s.DayPart is null ? $"{Show.Time(s.StartsAt)} to {Show.Time(s.EndsAt)}: " : "")}{(ByProject ? $"{s.StudentName}{(s.Kind == SlotKind.Induction ? " (induction)" : s.Title is { } title ? $" ({title})" : "")}" : s.Place)}, with {s.SupervisorName}{(s.IsPinned ? ", pinned" : "")}")));
}
