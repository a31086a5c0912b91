using Cpd.Placements.Programmes;

namespace Cpd.Placements.Timetables;

/// <summary>One week of a timetable as a table: a row for each student or each project, a column for each part of a day in which there is somebody.</summary>
internal sealed record TimetableWeek(SeeTimetable.View Timetable, DateOnly Monday, bool ByProject) {
    IReadOnlyList<SeeTimetable.Entry> Slots { get; } = [.. Timetable.Slots.Where(s => s.Monday == Monday)];

    internal IReadOnlyList<When> Columns => [.. Slots.Select(s => s.When).Distinct().Order()];
    internal string Part(When when) => Timetable.Parts.FirstOrDefault((SeeSetUp.Part p) => p.Number == when.Part)?.Name ?? "";
    internal IEnumerable<(string Name, ILookup<When, string> Cells)> Rows => Slots
        .GroupBy(s => ByProject ? (Id: s.ProjectId, Name: s.Project) : (Id: s.StudentId, Name: s.StudentName)).OrderBy(g => g.Key.Name, StringComparer.OrdinalIgnoreCase)
        .Select(g => (g.Key.Name, g.ToLookup(s => s.When, s => $"{(ByProject ? s.Kind == SlotKind.Induction ? $"{s.StudentName} (induction)" : s.StudentName : s.Place)}, with {s.SupervisorName}{(s.Pinned ? ", pinned" : "")}")));
}
