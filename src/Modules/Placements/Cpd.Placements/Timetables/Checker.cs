using Cpd.Platform.Web;

namespace Cpd.Placements.Timetables;

/// <summary>The rules of a timetable.</summary>
internal enum Rule { OnePlace, Open, OwnDays, Busy, Room, Duty, Projects, Supervisor, Register, Induction, Theme, Hours, MovesADay, Standing }

/// <summary>A rule that a timetable breaks.</summary>
/// <param name="When">The slot it is about; null when it is about the student as a whole.</param>
internal sealed record Violation(Rule Rule, Guid StudentId, When? When, string Sentence);

/// <summary>
/// Says which rules a timetable breaks. Written from the rules alone and knowing nothing of how timetables are found, so that each is held against the other.
/// </summary>
internal static class Checker {
    internal static IReadOnlyList<Violation> Check(Problem problem, IReadOnlyList<Slot> slots) {
        var parts = problem.Parts.ToDictionary(p => p.When);
        var projects = problem.Projects.ToDictionary(p => p.Id);
        var supervisors = problem.Supervisors.ToDictionary(s => s.Id);
        var students = problem.Students.ToDictionary(s => s.Id);
        var worked = problem.Stands.Where(s => s.Worked).Select(s => s.Slot).ToHashSet();
        var found = new List<Violation>();

        foreach (var slot in slots.Where(s => !worked.Contains(s))) {
            void Say(Rule rule, string sentence) => found.Add(new(rule, slot.StudentId, slot.When, sentence));
            var student = students[slot.StudentId];
            if (!parts.TryGetValue(slot.When, out var part)) Say(Rule.Open, $"The programme is not open on {problem.Words(slot.When)}.");
            else if (part.Over) Say(Rule.Open, $"{problem.Words(slot.When)} is over.");
            if (slot.When.Day < student.From || slot.When.Day > student.To) Say(Rule.OwnDays, $"{student.Name} is there from {Show.Date(student.From)} to {Show.Date(student.To)}.");
            if (student.Busy.Contains(slot.When)) Say(Rule.Busy, $"{student.Name} is bound elsewhere at this time.");
            if (!projects.TryGetValue(slot.ProjectId, out var project) || !supervisors.TryGetValue(slot.SupervisorId, out var supervisor)) {
                Say(Rule.Projects, "The project or the supervisor no longer takes part.");
                continue;
            }
            if (supervisor.LeftOn is { } left) {
                Say(Rule.Supervisor, $"{supervisor.Name} has not been at the host since {Show.Date(left)}.");
                continue;
            }
            if (slot.Induction && !project.GivesInduction) Say(Rule.Induction, $"{project.Name} does not give the induction.");
            if (!supervisor.Projects.Contains(slot.ProjectId)) Say(Rule.Projects, $"{supervisor.Name} does not supervise in {project.Name}.");
            if (!(slot.Induction ? supervisor.MayInduct : supervisor.MaySupervise))
                Say(Rule.Register, $"{supervisor.Name} is not, checked, on the register that {(slot.Induction ? "the induction" : "a project")} asks for.");
        }

        foreach (var at in slots.GroupBy(s => (s.ProjectId, s.When)).Where(g => projects.ContainsKey(g.Key.ProjectId))) {
            var (project, room) = (projects[at.Key.ProjectId], projects[at.Key.ProjectId].Room.GetValueOrDefault(at.Key.When));
            if (at.Count() > room) Crowded(at, Rule.Room, room == 0 ? $"{project.Name} takes nobody then." : $"{project.Name} takes {Show.Count(room, "student")} then, not {at.Count()}.");
        }
        foreach (var with in slots.GroupBy(s => (s.SupervisorId, s.When)).Where(g => supervisors.TryGetValue(g.Key.SupervisorId, out var s) && s.LeftOn is null)) {
            var (supervisor, places) = (supervisors[with.Key.SupervisorId], supervisors[with.Key.SupervisorId].Duty.GetValueOrDefault(with.Key.When));
            if (with.Count() > places) Crowded(with, Rule.Duty, places == 0 ? $"{supervisor.Name} is not on duty, or has no place left then." : $"{supervisor.Name} can look after {Show.Count(places, "student")} then, not {with.Count()}.");
        }
        // Those who were there stay; the others are too many.
        void Crowded(IEnumerable<Slot> there, Rule rule, string sentence) => found.AddRange(there.Where(s => !worked.Contains(s)).Select(s => new Violation(rule, s.StudentId, s.When, sentence)));

        foreach (var student in problem.Students) {
            var mine = slots.Where(s => s.StudentId == student.Id).OrderBy(s => s.When).ToList();
            foreach (var twice in mine.GroupBy(s => s.When).Where(g => g.Count() > 1)) found.Add(new(Rule.OnePlace, student.Id, twice.Key, $"{student.Name} is in {twice.Count()} places at once."));
            var minutes = mine.Sum(s => parts.GetValueOrDefault(s.When)?.Minutes ?? 0);
            if (minutes != student.Minutes) found.Add(new(Rule.Hours, student.Id, null, $"{student.Name} has {Show.Duration(minutes)}, not {Show.Duration(student.Minutes)}."));
            var inductions = mine.Where(s => s.Induction).ToList();
            var asked = !student.Inducted && !worked.Any(s => s.StudentId == student.Id && s.Induction);
            if (asked && mine.FirstOrDefault(s => !worked.Contains(s)) is { Induction: false } early) found.Add(new(Rule.Induction, student.Id, early.When, $"The first slot of {student.Name} must be the induction."));
            if (asked && inductions.Count == 0 && mine.Count == 0) found.Add(new(Rule.Induction, student.Id, null, $"{student.Name} has no induction."));
            foreach (var again in inductions.Skip(student.Inducted ? 0 : 1)) found.Add(new(Rule.Induction, student.Id, again.When, $"{student.Name} has been inducted already."));
            foreach (var theme in problem.ProjectThemes.Where(t => !mine.Any(s => !s.Induction && projects.GetValueOrDefault(s.ProjectId)?.Themes.Contains(t.Id) == true)))
                found.Add(new(Rule.Theme, student.Id, null, $"{student.Name} does not meet the theme “{theme.Name}”."));
            if (problem.MovesADay is { } most)
                foreach (var day in mine.GroupBy(s => s.When.Day)) {
                    var moves = day.Zip(day.Skip(1)).Count(pair => pair.First.ProjectId != pair.Second.ProjectId);
                    if (moves > most && day.Any(s => !worked.Contains(s))) found.Add(new(Rule.MovesADay, student.Id, day.Last().When, $"{student.Name} changes project {Show.Count(moves, "time")} on this day; the programme allows {most}."));
                }
        }
        foreach (var standing in problem.Stands.Where(s => !slots.Contains(s.Slot)))
            found.Add(new(Rule.Standing, standing.Slot.StudentId, standing.Slot.When, $"The slot of {students[standing.Slot.StudentId].Name} on {problem.Words(standing.Slot.When)} {(standing.Worked ? "has been worked" : "is pinned")} and stays as it is."));
        return found;
    }
}
