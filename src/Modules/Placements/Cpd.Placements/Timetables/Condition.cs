namespace Cpd.Placements.Timetables;

internal enum ConditionKind { Hours, Induction, Theme, MovesADay, Pin, Room, Duty }

/// <summary>
/// One thing that a timetable has to keep to and that could be otherwise; what can't be otherwise (one place at a time, open days, the days of a student) has no name.
/// </summary>
/// <param name="ThingId">The theme or the project.</param>
internal sealed record Condition(ConditionKind Kind, Guid StudentId = default, Guid ThingId = default, When When = default) {
    /// <summary>All conditions of a problem; those of one student stand together.</summary>
    internal static IReadOnlyList<Condition> Of(Problem problem) => [
        .. problem.Students.SelectMany(s => (IEnumerable<Condition>)[
            .. problem.MovesADay is null ? [] : problem.Parts.Select(p => p.When.Day).Where(d => d >= s.From && d <= s.To).Distinct().Select(d => new Condition(ConditionKind.MovesADay, s.Id, When: new(d, 0))),
            .. problem.ProjectThemes.Select(t => new Condition(ConditionKind.Theme, s.Id, t.Id)),
            new(ConditionKind.Induction, s.Id),
            new(ConditionKind.Hours, s.Id),
        ]),
        .. problem.Stands.Where(s => !s.Worked).Select(s => new Condition(ConditionKind.Pin, s.Slot.StudentId, When: s.Slot.When)),
        .. problem.Parts.Where(p => !p.Over).Select(p => new Condition(ConditionKind.Duty, When: p.When)),
        .. problem.Parts.Where(p => !p.Over).SelectMany(p => problem.Projects.Select(project => new Condition(ConditionKind.Room, ThingId: project.Id, When: p.When))),
    ];
}

internal enum ChangeKind { Room, Duty, Unpin, MovesADay, Later, Longer, Theme, Induction, Hours }

/// <summary>A change of a problem that helps to make a timetable possible.</summary>
/// <param name="ProjectId">Where there is to be room, or which is to meet the theme or give the induction.</param>
/// <param name="Amount">Places, supervisors or moves more; the minutes of the student instead of those they have.</param>
internal sealed record Change(ChangeKind Kind, Guid StudentId = default, Guid ProjectId = default, Guid ThemeId = default, When When = default, int Amount = 0);

/// <summary>Why no timetable exists for some students who share their days.</summary>
/// <param name="Conditions">They can't all hold; without any one of them they could, if <paramref name="Smallest"/>.</param>
/// <param name="Smallest">False when the search for a smaller set was given up.</param>
/// <param name="Changes">With them a timetable exists; empty when none were found.</param>
/// <param name="Least">No changes that weigh less would do.</param>
internal sealed record Clash(Problem Problem, IReadOnlyList<Condition> Conditions, bool Smallest, IReadOnlyList<Change> Changes, bool Least);
