using Cpd.Placements.Timetables;

namespace Cpd.Tests.Placements;

/// <summary>Problems to plan, and two ways to judge a timetable that share nothing with the product: by trying all of them, and by looking at each rule.</summary>
internal static class TimetableProblems {
    static readonly DateOnly Monday = new(2026, 11, 2);

    internal static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    /// <summary>Bradford midwifery: 64 students of 24 hours, one week each over the year and the last two in mid-August; 10 projects, 3 registrants, three themes.</summary>
    internal static Problem Bradford(int students = 64) {
        Theme[] themes = [new(Id(1), "Induction", true), new(Id(2), "Linking to practice and changing needs", false), new(Id(3), "Health inequalities", false)];
        // Two a week from September, but none in three weeks at Christmas and none at Easter; the last two in the week of 16 August.
        List<DateOnly> weeks = [.. Enumerable.Range(0, 51).Select(w => new DateOnly(2026, 9, 7).AddDays(7 * w)).Where(w => w < new DateOnly(2026, 12, 21) || w > new DateOnly(2027, 1, 8)).Where(w => w.Month != 4).Take(students / 2 - 1), new(2027, 8, 16)];
        List<OpenPart> parts = [.. weeks.SelectMany(w => new[] { w, w.AddDays(7) }).Distinct().SelectMany(w => Enumerable.Range(0, 5).SelectMany(d => new[] { 1, 2 }.Select(p => new OpenPart(new(w.AddDays(d), p), p == 1 ? "Morning" : "Afternoon", p == 1 ? 210 : 150)))).OrderBy(p => p.When)];
        string[] names = ["Better Place", "Baby Steps", "Little Minds Matter", "HENRY", "Doula service", "Family hub stay and play", "Infant feeding", "Perinatal support", "Talking Together", "ESOL for pregnancy"];
        var projects = names.Select((name, i) => new Project(Id(10 + i), name, i < 3, new HashSet<Guid>(i % 3 == 0 ? [Id(2), Id(3)] : i % 3 == 1 ? [Id(2)] : [Id(3)]), parts.ToDictionary(p => p.When, p => i % 4 == 0 && p.When.Part == 2 ? 0 : 1 + i % 2))).ToList();
        var supervisors = Enumerable.Range(0, 3).Select(i => new Supervisor(Id(30 + i), $"Registrant {i + 1}", 2, i < 2, true, projects.Select(p => p.Id).ToHashSet(), parts.Where(p => i != 2 || p.When.Day.DayOfWeek != DayOfWeek.Friday).ToDictionary(p => p.When, _ => 2))).ToList();
        return new([.. Enumerable.Range(0, students).Select(i => new Student(Id(100 + i), $"Student {i + 1}", weeks[i / 2], weeks[i / 2].AddDays(4), 1440, false, new HashSet<When>()))], parts, projects, supervisors, themes);
    }

    /// <summary>So many students of 24 hours, all there in the same weeks, ten projects of two places and three registrants for four students each.</summary>
    internal static Problem Crowd(int students, int weeks) {
        Theme[] themes = [new(Id(1), "Induction", true), new(Id(2), "Linking to practice and changing needs", false), new(Id(3), "Health inequalities", false)];
        List<OpenPart> parts = [.. Enumerable.Range(0, weeks + 1).SelectMany(w => Enumerable.Range(0, 5).SelectMany(d => new[] { 1, 2 }.Select(p => new OpenPart(new(Monday.AddDays(7 * w + d), p), p == 1 ? "Morning" : "Afternoon", 180))))];
        var projects = Enumerable.Range(0, 10).Select(i => new Project(Id(10 + i), $"Project {i + 1}", true, new HashSet<Guid>([Id(2 + i % 2)]), parts.ToDictionary(p => p.When, _ => 2))).ToList();
        var supervisors = Enumerable.Range(0, 3).Select(i => new Supervisor(Id(30 + i), $"Registrant {i + 1}", 4, true, true, projects.Select(p => p.Id).ToHashSet(), parts.ToDictionary(p => p.When, _ => 4))).ToList();
        return new([.. Enumerable.Range(0, students).Select(i => new Student(Id(100 + i), $"Student {i + 1}", Monday, Monday.AddDays(7 * weeks - 3), 1440, false, new HashSet<When>()))], parts, projects, supervisors, themes);
    }

    /// <summary>A small problem, of which many have no timetable.</summary>
    internal static Problem Random(Random random) {
        // Every second one on the whole is spared most of what stands in the way, so that there are enough of both kinds.
        var generous = random.Next(2) == 0;
        bool Rarely(int oneIn) => random.Next(generous ? 4 * oneIn : oneIn) == 0;
        var parts = Enumerable.Range(0, random.Next(3, 5)).Select(i => new OpenPart(new(Monday.AddDays(i / 2), 1 + i % 2), i % 2 == 0 ? "Morning" : "Afternoon", random.Next(3) == 0 ? 120 : 180)).ToList();
        // A week later everything is as it was, for the changes that use it.
        List<OpenPart> all = [.. parts, .. parts.Select(p => p with { When = new(p.When.Day.AddDays(7), p.When.Part) })];
        List<Theme> themes = [new(Id(1), "Induction", true), .. Enumerable.Range(0, random.Next(3)).Select(i => new Theme(Id(2 + i), $"Theme {i + 1}", false))];
        var projects = Enumerable.Range(0, random.Next(1, 4)).Select(i => new Project(Id(10 + i), $"Project {i + 1}", !Rarely(8),
            themes.Skip(1).Where(_ => !Rarely(4)).Select(t => t.Id).ToHashSet(), all.ToDictionary(p => p.When, _ => Rarely(9) ? 0 : random.Next(1, 4)))).ToList();
        var supervisors = Enumerable.Range(0, random.Next(1, 3)).Select(i => new Supervisor(Id(30 + i), $"Supervisor {i + 1}", 2, !Rarely(8), !Rarely(8),
            projects.Where(_ => !Rarely(8)).Select(p => p.Id).ToHashSet(), all.Where(_ => !Rarely(9)).ToDictionary(p => p.When, _ => random.Next(1, 4)))).ToList();
        var students = Enumerable.Range(0, random.Next(1, 4)).Select(i => new Student(Id(100 + i), $"Student {i + 1}", Monday, Monday.AddDays(4), Rarely(8) ? 60 * random.Next(4, 11) : parts.Take(random.Next(2, parts.Count + 1)).Sum(p => p.Minutes), random.Next(5) == 0,
            parts.Where(_ => Rarely(14)).Select(p => p.When).ToHashSet())).ToList();
        List<Standing> standing = [];
        foreach (var student in students.Where(_ => Rarely(6)))
            if (random.Next(2) == 0) standing.Add(new(new(student.Id, parts[random.Next(parts.Count)].When, projects[random.Next(projects.Count)].Id, supervisors[random.Next(supervisors.Count)].Id, !student.Inducted && random.Next(3) == 0), false));
            else {
                // The first part of the time is over, and they were inducted in it.
                parts[0] = all[0] = all[0] with { Over = true };
                standing.Add(new(new(student.Id, parts[0].When, projects[0].Id, supervisors[0].Id, !student.Inducted), true));
            }
        return new(students, all, projects, supervisors, themes, random.Next(4) == 0 ? random.Next(3) : null, standing);
    }

    /// <summary>Whether there is any timetable: all of each student's own, then every choice of one each that leaves nobody too many.</summary>
    internal static bool Exists(Problem problem) {
        var all = problem.Students.Select(s => Alone(problem, s).ToList()).ToList();
        return all.All(a => a.Count > 0) && Together(0, []);

        bool Together(int student, List<Slot> chosen) {
            if (student == all.Count) return true;
            foreach (var own in all[student]) {
                List<Slot> with = [.. chosen, .. own];
                if (Fits(problem, with) && Together(student + 1, with)) return true;
            }
            return false;
        }
    }

    static IEnumerable<List<Slot>> Alone(Problem problem, Student student) {
        var whens = problem.Parts.Where(p => p.When.Day >= student.From && p.When.Day <= student.To || problem.Stands.Any(s => s.Slot.StudentId == student.Id && s.Slot.When == p.When)).ToList();
        return Continue(0, []);

        IEnumerable<List<Slot>> Continue(int at, List<Slot> slots) {
            if (at == whens.Count) {
                if (Good(problem, student, slots)) yield return slots;
                yield break;
            }
            var part = whens[at];
            if (slots.Sum(s => problem.Parts.First(p => p.When == s.When).Minutes) > student.Minutes) yield break;
            var stands = problem.Stands.FirstOrDefault(s => s.Slot.StudentId == student.Id && s.Slot.When == part.When);
            if (stands is not null) {
                foreach (var more in Continue(at + 1, [.. slots, stands.Slot])) yield return more;
                yield break;
            }
            foreach (var more in Continue(at + 1, slots)) yield return more;
            if (part.Over || student.Busy.Contains(part.When)) yield break;
            foreach (var project in problem.Projects)
                foreach (var supervisor in problem.Supervisors.Where(s => s.Projects.Contains(project.Id)))
                    foreach (var induction in new[] { false, true }) {
                        if (induction ? !project.GivesInduction || !supervisor.MayInduct : !supervisor.MaySupervise) continue;
                        if (project.Room[part.When] == 0 || supervisor.Duty.GetValueOrDefault(part.When) == 0) continue;
                        foreach (var more in Continue(at + 1, [.. slots, new(student.Id, part.When, project.Id, supervisor.Id, induction)])) yield return more;
                    }
        }
    }

    /// <summary>Each rule about one student by itself.</summary>
    static bool Good(Problem problem, Student student, List<Slot> slots) {
        var worked = problem.Stands.Where(s => s.Worked).Select(s => s.Slot).ToHashSet();
        if (slots.Sum(s => problem.Parts.First(p => p.When == s.When).Minutes) != student.Minutes) return false;
        var inductions = slots.Count(s => s.Induction);
        if (student.Inducted ? inductions > 0 : inductions != 1) return false;
        if (!student.Inducted && !slots[0].Induction) return false;
        foreach (var theme in problem.Themes.Where(t => !t.ByInduction))
            if (!slots.Any(s => !s.Induction && problem.Projects.First(p => p.Id == s.ProjectId).Themes.Contains(theme.Id))) return false;
        foreach (var slot in slots.Where(s => !worked.Contains(s))) {
            var (project, supervisor) = (problem.Projects.First(p => p.Id == slot.ProjectId), problem.Supervisors.First(s => s.Id == slot.SupervisorId));
            if (slot.When.Day < student.From || slot.When.Day > student.To || student.Busy.Contains(slot.When) || problem.Parts.First(p => p.When == slot.When).Over) return false;
            if (!supervisor.Projects.Contains(project.Id) || (slot.Induction ? !project.GivesInduction || !supervisor.MayInduct : !supervisor.MaySupervise)) return false;
        }
        for (var i = 1; i < slots.Count; i++) {
            var moves = Enumerable.Range(1, i).Count(n => slots[n].When.Day == slots[i].When.Day && slots[n - 1].When.Day == slots[n].When.Day && slots[n].ProjectId != slots[n - 1].ProjectId);
            if (moves > problem.MovesADay) return false;
        }
        return true;
    }

    static bool Fits(Problem problem, List<Slot> slots) {
        var worked = problem.Stands.Where(s => s.Worked).Select(s => s.Slot).ToHashSet();
        return slots.Where(s => !worked.Contains(s)).All(s =>
            slots.Count(o => o.When == s.When && o.ProjectId == s.ProjectId) <= problem.Projects.First(p => p.Id == s.ProjectId).Room[s.When]
            && slots.Count(o => o.When == s.When && o.SupervisorId == s.SupervisorId) <= problem.Supervisors.First(r => r.Id == s.SupervisorId).Duty.GetValueOrDefault(s.When));
    }

    /// <summary>A timetable judged by looking at each rule.</summary>
    internal static bool IsGood(Problem problem, IReadOnlyList<Slot> slots) =>
        slots.Distinct().Count() == slots.Count && problem.Stands.All(s => slots.Contains(s.Slot)) && Fits(problem, [.. slots])
        && problem.Students.All(student => {
            var own = slots.Where(s => s.StudentId == student.Id).OrderBy(s => s.When).ToList();
            return own.Select(s => s.When).Distinct().Count() == own.Count && Good(problem, student, own);
        });

    /// <summary>The problem as it is with a change.</summary>
    internal static Problem With(Problem problem, Change change) {
        var one = Rotation.OneMore(problem);
        return change.Kind switch {
            ChangeKind.Room => Projects(p => p with { Room = new Dictionary<When, int>(p.Room) { [change.When] = p.Room.GetValueOrDefault(change.When) + change.Amount } }),
            ChangeKind.Theme => Projects(p => p with { Themes = p.Themes.Append(change.ThemeId).ToHashSet() }),
            ChangeKind.Induction => Projects(p => p with { GivesInduction = true }),
            ChangeKind.Later => Students(s => s with { From = s.From.AddDays(7), To = s.To.AddDays(7) }),
            ChangeKind.Longer => Students(s => s with { To = s.To.AddDays(7) }),
            ChangeKind.Hours => Students(s => s with { Minutes = change.Amount }),
            ChangeKind.Unpin => problem with { Standing = [.. problem.Stands.Where(s => s.Worked || s.Slot.StudentId != change.StudentId || s.Slot.When != change.When)] },
            ChangeKind.MovesADay => problem with { MovesADay = problem.MovesADay + change.Amount },
            _ => problem with {
                Supervisors = [.. problem.Supervisors, .. Enumerable.Range(problem.Supervisors.Count, change.Amount).Select(i => new Supervisor(Id(1000 + i), "One more", one, true, true,
                    problem.Projects.Select(p => p.Id).ToHashSet(), new Dictionary<When, int> { [change.When] = one }))],
            },
        };

        Problem Projects(Func<Project, Project> changed) => problem with { Projects = [.. problem.Projects.Select(p => p.Id == change.ProjectId ? changed(p) : p)] };
        Problem Students(Func<Student, Student> changed) => problem with { Students = [.. problem.Students.Select(s => s.Id == change.StudentId ? changed(s) : s)] };
    }
}
