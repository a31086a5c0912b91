using Cpd.Platform.Web;

namespace Cpd.Placements.Timetables;

/// <summary>A clash, and what would end it, in the words that an officer reads.</summary>
internal static class ClashWords {
    // Up to so many are told one by one; more are summed up.
    const int Few = 4;

    /// <summary>What can't hold together, a sentence for each kind of thing.</summary>
    internal static IReadOnlyList<string> Sentences(Clash clash) {
        var problem = clash.Problem;
        var of = clash.Conditions.ToLookup(c => c.Kind);
        return [
            .. Hours(problem, [.. Students(of[ConditionKind.Hours])]),
            .. Inductions(problem, [.. Students(of[ConditionKind.Induction])]),
            .. of[ConditionKind.Theme].GroupBy(c => c.ThingId).Select(g => ThemeSentence(problem, g.Key, [.. Students(g)])),
            .. of[ConditionKind.MovesADay].GroupBy(c => c.StudentId).Select(g => $"{Name(problem, g.Key)} changes project at most {Show.Count(problem.MovesADay ?? 0, "time")} a day."),
            .. of[ConditionKind.Pin].Select(c => problem.Stands.First(s => s.Slot.StudentId == c.StudentId && s.Slot.When == c.When).Slot)
                .Select(s => $"{Name(problem, s.StudentId)} is pinned to {ProjectName(problem, s.ProjectId)} with {problem.Supervisors.FirstOrDefault(r => r.Id == s.SupervisorId)?.Name ?? "someone who no longer supervises"} on {problem.Words(s.When)}."),
            .. of[ConditionKind.Room].GroupBy(c => c.ThingId).Select(g => RoomSentence(problem, problem.Projects.First(p => p.Id == g.Key), [.. g.Select(c => c.When).Order()])),
            .. Duties(problem, [.. of[ConditionKind.Duty].Select(c => c.When).Order()]),
        ];

        IEnumerable<Student> Students(IEnumerable<Condition> conditions) => conditions.Select(c => c.StudentId).Distinct().Select(id => problem.Students.First(s => s.Id == id));
    }

    /// <summary>What would end it: one sentence a change, students who need the same together.</summary>
    internal static IReadOnlyList<string> Proposals(Clash clash) {
        var problem = clash.Problem;
        var of = clash.Changes.ToLookup(c => c.Kind);
        return [
            .. of[ChangeKind.Room].GroupBy(c => (c.ProjectId, c.Amount)).Select(g => $"{More(g.Key.Amount, "more place", "more places")} in {ProjectName(problem, g.Key.ProjectId)} on {Times(problem, [.. g.Select(c => c.When).Order()])}"),
            .. of[ChangeKind.Duty].GroupBy(c => c.Amount).Select(g => $"{More(g.Key, "more supervisor", "more supervisors")} on duty on {Times(problem, [.. g.Select(c => c.When).Order()])}, each for {Show.Count(Rotation.OneMore(problem), "student")}"),
            .. of[ChangeKind.Unpin].Select(c => $"the slot of {Name(problem, c.StudentId)} on {problem.Words(c.When)} no longer pinned"),
            .. of[ChangeKind.MovesADay].Select(c => $"{More(c.Amount, "more change", "more changes")} of project allowed a day"),
            .. Together(ChangeKind.Later, "a week later"),
            .. Together(ChangeKind.Longer, "a week longer"),
            .. of[ChangeKind.Theme].Select(c => $"{ProjectName(problem, c.ProjectId)} to cover the theme “{problem.Themes.First(t => t.Id == c.ThemeId).Name}”"),
            .. of[ChangeKind.Induction].Select(c => $"{ProjectName(problem, c.ProjectId)} to give the induction"),
            .. of[ChangeKind.Hours].Select(c => $"{Show.Duration(c.Amount)} instead of {Show.Duration(problem.Students.First(s => s.Id == c.StudentId).Minutes)} for {Name(problem, c.StudentId)}"),
        ];

        IEnumerable<string> Together(ChangeKind kind, string what) {
            var names = of[kind].Select(c => Name(problem, c.StudentId)).ToList();
            if (names.Count > 0) yield return $"{what} for {Show.Count(names.Count, "student")}: {List(names)}";
        }
    }

    static IEnumerable<string> Hours(Problem problem, IReadOnlyList<Student> students) {
        if (students.Count > Few) {
            yield return $"{students.Count} students need {Show.Duration(students.Sum(s => s.Minutes))} in all from {Show.Date(students.Min(s => s.From))} to {Show.Date(students.Max(s => s.To))}: {List([.. students.Select(s => s.Name)])}.";
            yield break;
        }
        foreach (var student in students) {
            var stands = problem.Stands.Where(s => s.Worked && s.Slot.StudentId == student.Id).Select(s => s.Slot.When).ToHashSet();
            var open = problem.Parts.Where(p => stands.Contains(p.When) || (!p.Over && p.When.Day >= student.From && p.When.Day <= student.To && !student.Busy.Contains(p.When))).ToList();
            var total = open.Sum(p => p.Minutes);
            yield return $"{student.Name} needs {Show.Duration(student.Minutes)} from {Show.Date(student.From)} to {Show.Date(student.To)}; {(total < student.Minutes ? $"only {Show.Duration(total)} can be worked then" : Adds(open.Select(p => p.Minutes), student.Minutes) ? $"{Show.Duration(total)} can be worked then" : $"the parts of the day ({List([.. open.Select(p => p.Minutes).Distinct().Order().Select(Show.Duration)])}) do not add up to that")}.";
        }
    }

    static bool Adds(IEnumerable<int> parts, int to) {
        HashSet<int> sums = [0];
        foreach (var part in parts) sums.UnionWith(sums.Where(s => s + part <= to).Select(s => s + part).ToList());
        return sums.Contains(to);
    }

    static IEnumerable<string> Inductions(Problem problem, IReadOnlyList<Student> students) {
        if (students.Count == 0) yield break;
        List<string> where = [.. problem.Projects.Where(p => p.GivesInduction).Select(p => p.Name)], by = [.. problem.Supervisors.Where(s => s.MayInduct).Select(s => s.Name)];
        yield return $"{List([.. students.Select(s => s.Name)])} must be inducted first, {(where.Count == 0 ? "but no project gives the induction" : by.Count == 0 ? "but nobody with a checked registration may give the induction" : $"in {List(where)}, by {List(by)}")}.";
    }

    static string ThemeSentence(Problem problem, Guid theme, IReadOnlyList<Student> students) {
        List<string> where = [.. problem.Projects.Where(p => p.Themes.Contains(theme)).Select(p => p.Name)];
        return $"{List([.. students.Select(s => s.Name)])} must meet the theme “{problem.Themes.First(t => t.Id == theme).Name}”, which {(where.Count == 0 ? "no project covers" : $"{List(where)} {(where.Count == 1 ? "covers" : "cover")}")}.";
    }

    static string RoomSentence(Problem problem, Project project, IReadOnlyList<When> whens) => whens.Count <= Few
        ? $"{project.Name} takes {string.Join("; ", whens.GroupBy(project.Room.GetValueOrDefault).Select(g => $"{(g.Key == 0 ? "nobody" : Show.Count(g.Key, "student"))} on {Times(problem, [.. g])}"))}."
        : $"{project.Name} has {Show.Count(whens.Sum(project.Room.GetValueOrDefault), "place")} in {whens.Count} parts of days from {Problem.Words(whens[0].Day)} to {Problem.Words(whens[^1].Day)}.";

    static IEnumerable<string> Duties(Problem problem, IReadOnlyList<When> whens) {
        if (whens.Count > Few) yield return $"The supervisors on duty from {Problem.Words(whens[0].Day)} to {Problem.Words(whens[^1].Day)} can look after {Show.Count(whens.Sum(w => problem.Supervisors.Sum(s => s.Duty.GetValueOrDefault(w))), "student")} in all in {whens.Count} parts of days.";
        else foreach (var when in whens) {
            List<string> there = [.. problem.Supervisors.Where(s => s.Duty.GetValueOrDefault(when) > 0).Select(s => $"{s.Name} ({Show.Count(s.Duty[when], "student")})")];
            yield return $"On {problem.Words(when)} {(there.Count == 0 ? "no supervisor is on duty with a place left" : $"{List(there)} {(there.Count == 1 ? "is" : "are")} on duty")}.";
        }
    }

    static string Times(Problem problem, IReadOnlyList<When> whens) => List([.. whens.Select(problem.Words)], "; ");
    static string More(int number, string one, string many) => $"{(number == 1 ? "one" : number.ToString(System.Globalization.CultureInfo.InvariantCulture))} {(number == 1 ? one : many)}";
    static string Name(Problem problem, Guid student) => problem.Students.First(s => s.Id == student).Name;
    static string ProjectName(Problem problem, Guid project) => problem.Projects.FirstOrDefault(p => p.Id == project)?.Name ?? "a project that no longer takes part";

    static string List(List<string> names, string between = ", ") => names.Count switch {
        0 => "", 1 => names[0], > 12 => $"{string.Join(between, names.Take(10))} and {names.Count - 10} more", _ => $"{string.Join(between, names.Take(names.Count - 1))} and {names[^1]}",
    };
}
