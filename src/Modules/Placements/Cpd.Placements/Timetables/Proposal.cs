namespace Cpd.Placements.Timetables;

/// <summary>
/// A timetable that keeps to every rule, or why there is none. Students who never share a day do not bear upon each other, so each such group is planned by itself,
/// in the order of their days; only what is fair looks back at those before.
/// </summary>
/// <param name="Slots">All slots, those that stand among them; empty unless every student has a timetable.</param>
/// <param name="Clashes">Why there is none, for each group of students that has none.</param>
/// <param name="GivenUp">Students for whom the search was given up before it was known whether there is one.</param>
internal sealed record Proposal(IReadOnlyList<Slot> Slots, IReadOnlyList<Clash> Clashes, IReadOnlyList<Guid> GivenUp) {
    // In the solver's own measure, some seconds each, for all groups together: to find out whether there is a timetable, why there is none, and what would help.
    const double Finding = 10, Explaining = 3, Easing = 3;
    // In the measure of a route: for how long what is found is made better. A few hundred students in the same months would be at it for half a minute.
    const long Improving = 1_000_000_000;
    // Students times parts of days times projects; a cohort of 64 in one week has some 6,400.
    const long LargestForSolver = 40_000;

    internal static Proposal Of(Problem problem) {
        var use = new Use(problem);
        List<Slot> slots = [];
        List<Clash> clashes = [];
        List<Guid> givenUp = [];
        var patience = Improving;
        var (finding, explaining, easing) = (Finding, Explaining, Easing);
        foreach (var group in Groups(problem)) {
            var route = new Route(group);
            if (OneByOne(group, route, use, ref patience) is { } found) slots.AddRange(found);
            else {
                // Nobody could have all they want. Mostly the places are simply too few, which counting proves at once; for a few hundred students in the same months the solver would be at it for minutes.
                var counted = TooFewPlaces(group);
                if ((long)group.Students.Count * group.Parts.Count * group.Projects.Count > LargestForSolver) {
                    if (counted is not null) clashes.Add(counted);
                    else givenUp.AddRange(group.Students.Select(s => s.Id));
                    continue;
                }
                // The solver knows whether there is another way for all of them.
                var rotation = new Rotation(group, _ => true);
                switch (counted is null ? rotation.Solve(ref finding) : false) {
                    case true: slots.AddRange(Improved(group, route, rotation.Slots(), use, ref patience)); break;
                    case false: clashes.Add(Why(group, counted?.Conditions ?? Condition.Of(group), ref explaining, ref easing)); break;
                    default: givenUp.AddRange(group.Students.Select(s => s.Id)); break;
                }
            }
        }
        return new(clashes.Count + givenUp.Count == 0 ? [.. slots.OrderBy(s => s.When)] : [], clashes, givenUp);
    }

    /// <summary>Each student has the best that is left by those before them; then each again, as the others are now. Null when somebody finds no way.</summary>
    static List<Slot>? OneByOne(Problem problem, Route route, Use use, ref long patience) {
        // What stands is taken from the start, also that of students who come later.
        List<Slot> slots = [.. problem.Stands.Select(s => s.Slot)];
        var own = new Use(problem, use);
        foreach (var student in problem.Students) {
            if (route.Of(student, slots.Where(s => s.StudentId != student.Id), own.Of) is not { } mine) return null;
            slots = [.. slots.Where(s => s.StudentId != student.Id), .. mine];
            own.Add(mine, 1);
        }
        return Improved(problem, route, slots, use, ref patience);
    }

    /// <summary>Each student is planned anew around the others, until nobody gains or it has taken long enough.</summary>
    static List<Slot> Improved(Problem problem, Route route, IReadOnlyList<Slot> start, Use use, ref long patience) {
        List<Slot> slots = [.. start];
        use.Add(slots, 1);
        for (var (gained, round) = (true, 0); gained && round < 10; round++) {
            gained = false;
            foreach (var student in problem.Students) {
                if (patience <= 0) return slots;
                var before = route.Effort;
                var now = slots.Where(s => s.StudentId == student.Id).ToList();
                use.Add(now, -1);
                if (route.Of(student, slots.Where(s => s.StudentId != student.Id), use.Of) is { } better && route.Weight(better) <= route.Weight(now)) {
                    gained |= route.Weight(better) < route.Weight(now);
                    slots = [.. slots.Where(s => s.StudentId != student.Id), .. better];
                    now = [.. better];
                }
                use.Add(now, 1);
                patience -= route.Effort - before;
            }
        }
        return slots;
    }

    /// <summary>How many slots each project and each supervisor has, beside what they offer.</summary>
    sealed class Use {
        readonly Dictionary<Guid, int> offered, slots;

        internal Use(Problem problem, Use? before = null) {
            offered = before?.offered ?? problem.Projects.Select(p => (p.Id, All: p.Room.Values.Sum())).Concat(problem.Supervisors.Select(s => (s.Id, All: s.Duty.Values.Sum()))).ToDictionary(s => s.Id, s => s.All);
            slots = before is null ? [] : new(before.slots);
        }

        internal void Add(IEnumerable<Slot> those, int number) {
            foreach (var id in those.SelectMany(s => (IEnumerable<Guid>)[s.ProjectId, s.SupervisorId])) slots[id] = slots.GetValueOrDefault(id) + number;
        }

        /// <summary>From 0 to 1: its part of what it offers, beside the fullest of all.</summary>
        internal double Of(Guid id) => Part(id) is var part and > 0 && Math.Max(part, slots.Keys.Max(Part)) is var most ? part / most : 0;

        double Part(Guid id) => slots.GetValueOrDefault(id) / (double)Math.Max(1, offered.GetValueOrDefault(id));
    }

    /// <summary>The problem of each group of students whose days overlap, in order; each knows only the parts of days that matter to it.</summary>
    static List<Problem> Groups(Problem problem) {
        List<Problem> groups = [];
        List<Student> group = [];
        var to = DateOnly.MinValue;
        foreach (var (student, first, last) in problem.Students.Select(s => (s, Days(s).Min(), Days(s).Max())).OrderBy(s => s.Item2)) {
            if (group.Count > 0 && first > to) Close();
            group.Add(student);
            if (last > to) to = last;
        }
        if (group.Count > 0) Close();
        return groups;

        IEnumerable<DateOnly> Days(Student student) => problem.Stands.Where(s => s.Slot.StudentId == student.Id).Select(s => s.Slot.When.Day).Append(student.From).Append(student.To);

        void Close() {
            var ids = group.Select(s => s.Id).ToHashSet();
            var from = group.SelectMany(Days).Min();
            // In the week after them too, which the least change may use.
            groups.Add(problem with {
                Students = [.. problem.Students.Where(s => ids.Contains(s.Id))],
                Parts = [.. problem.Parts.Where(p => p.When.Day >= from && p.When.Day <= to.AddDays(7))],
                Standing = [.. problem.Stands.Where(s => ids.Contains(s.Slot.StudentId))],
                Before = [.. (problem.Before ?? []).Where(s => ids.Contains(s.StudentId))],
            });
            group = [];
            to = DateOnly.MinValue;
        }
    }

    /// <summary>That students need more hours than there are places for, counted: in each part of their days no more than the projects take, nor than the supervisors on duty look after. Null when that is not why.</summary>
    static Clash? TooFewPlaces(Problem problem) {
        var (from, to) = (problem.Students.Min(s => s.From), problem.Students.Max(s => s.To));
        var needed = problem.Students.Sum(s => (long)s.Minutes);
        List<Condition> conditions = [.. problem.Students.Select(s => new Condition(ConditionKind.Hours, s.Id))];
        foreach (var part in problem.Parts.Where(p => p.When.Day >= from && p.When.Day <= to)) {
            if (part.Over) {
                needed -= (long)part.Minutes * problem.Stands.Count(s => s.Worked && s.Slot.When == part.When);
                continue;
            }
            var (room, hands) = (problem.Projects.Sum(p => p.Room.GetValueOrDefault(part.When)), problem.Supervisors.Sum(s => s.Duty.GetValueOrDefault(part.When)));
            needed -= (long)part.Minutes * Math.Min(room, hands);
            conditions.AddRange(hands <= room ? [new(ConditionKind.Duty, When: part.When)] : problem.Projects.Select(p => new Condition(ConditionKind.Room, ThingId: p.Id, When: part.When)));
        }
        return needed > 0 ? new(problem, conditions, Smallest: false, [], Least: false) : null;
    }

    /// <summary>Takes away whatever can be taken away while it stays impossible, in ever smaller bites; what is left clashes.</summary>
    /// <param name="conditions">They can't all hold.</param>
    static Clash Why(Problem problem, IReadOnlyList<Condition> conditions, ref double explaining, ref double easing) {
        List<Condition> left = [.. conditions];
        for (var bite = Math.Max(1, left.Count / 2); ; bite /= 2) {
            for (var at = 0; at < left.Count && explaining > 0;) {
                List<Condition> fewer = [.. left.Take(at), .. left.Skip(at + bite)];
                var those = fewer.ToHashSet();
                if (new Rotation(problem, those.Contains).Solve(ref explaining) == false) left = fewer;
                else at += bite;
            }
            if (bite == 1) break;
        }
        var eased = new Rotation(problem, _ => true, eased: true);
        eased.PreferLittle();
        var found = eased.Solve(ref easing) == true;
        return new(problem, left, explaining > 0, found ? eased.Changes : [], found && eased.IsBest);
    }
}
