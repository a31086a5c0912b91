namespace Cpd.Placements.Timetables;

/// <summary>
/// The best way of one student through their days while the others stay where they are: few moves before all, then what is known already, then projects and
/// supervisors that have had less to do so far. It looks at every way; of those that have come to the same by some time, only the best goes on.
/// </summary>
internal sealed class Route(Problem problem) {
    // A move weighs more than some slots that people know already, and those more than all that is fair.
    const int Move = 10_000, Known = 1_000, Fair = 50;

    readonly ILookup<Guid, Standing> stands = problem.Stands.ToLookup(s => s.Slot.StudentId);
    readonly HashSet<Slot> before = [.. problem.Before ?? []];
    readonly Dictionary<Guid, int> numbers = problem.Projects.Select((p, number) => (p.Id, number)).ToDictionary(p => p.Id, p => p.number);
    readonly List<(Guid Id, int Bit)> themes = [.. problem.ProjectThemes.Select((t, i) => (t.Id, 1 << i))];

    /// <summary>How much has been looked at so far: the states of each part of a day, times what could be chosen there. Some hundred million take about a second; the same problem takes the same.</summary>
    internal long Effort { get; private set; }

    /// <summary>What a student's slots weigh, apart from what is fair; less is better.</summary>
    internal int Weight(IEnumerable<Slot> own) {
        List<Slot> slots = [.. own.OrderBy(s => s.When)];
        return Move * Moves(slots) - Known * slots.Count(before.Contains);
    }

    /// <summary>How often a student changes project.</summary>
    /// <param name="own">Their slots, in order.</param>
    internal static int Moves(IReadOnlyList<Slot> own) => own.Zip(own.Skip(1)).Count(s => s.First.ProjectId != s.Second.ProjectId);

    /// <param name="others">Where all others are.</param>
    /// <param name="use">How much each project and each supervisor has had to do so far, as a part of what they can.</param>
    /// <returns>All slots of the student, in order; null when there is no way.</returns>
    internal IReadOnlyList<Slot>? Of(Student student, IEnumerable<Slot> others, Func<Guid, double> use) {
        var mine = stands[student.Id].ToDictionary(s => s.Slot.When);
        var parts = problem.Parts.Where(p => mine.ContainsKey(p.When) || (!p.Over && MayBe(student, p.When))).OrderBy(p => p.When).ToList();
        if (student.Minutes < 0) return null;
        var step = parts.Select(p => p.Minutes).Append(student.Minutes).Aggregate(CommonPart);
        var states = new States(step == 0 ? 1 : student.Minutes / step + 1, 1 << themes.Count, problem.Projects.Count + 1, problem.MovesADay is { } most ? most + 2 : 1);
        var meets = problem.Projects.Select(p => themes.Where(t => p.Themes.Contains(t.Id)).Sum(t => t.Bit)).Append(0).ToList();
        var nowhere = problem.Projects.Count;

        var weights = NoneYet(states.Count);
        weights[states.Number(new(0, 0, student.Inducted || mine.Values.Any(s => s.Worked && s.Slot.Induction), nowhere, 0))] = 0;
        var choices = new List<(Slot Slot, int Where, int Weight)>[parts.Count];
        var back = new (int From, int Choice)[parts.Count][];
        var there = others.ToLookup(s => s.When);
        for (var i = 0; i < parts.Count; i++) {
            var (part, standing) = (parts[i], mine.GetValueOrDefault(parts[i].When));
            var slots = standing is null ? Choices(student, part.When, [.. there[part.When]], use) : standing.Worked || Fits(student, standing.Slot, [.. there[part.When]]) ? [standing.Slot] : [];
            choices[i] = [.. slots.Select(s => (s, numbers.GetValueOrDefault(s.ProjectId, nowhere), (int)(Fair * (use(s.ProjectId) + use(s.SupervisorId))) - (before.Contains(s) ? Known : 0)))];
            Effort += (long)states.Count * (choices[i].Count + 1);
            var next = NoneYet(states.Count);
            var from = back[i] = new (int, int)[states.Count];
            for (var number = 0; number < weights.Length; number++) {
                if (weights[number] == int.MaxValue) continue;
                var state = states.State(number);
                if (i == 0 || parts[i - 1].When.Day != part.When.Day) state = state with { Today = 0 };
                if (standing is null) Reach(state, weights[number], -1);
                for (var c = 0; c < choices[i].Count; c++) {
                    var (slot, where, weight) = choices[i][c];
                    // The induction comes first and once; what has been worked is not judged.
                    if (standing is not { Worked: true } && slot.Induction == state.Inducted) continue;
                    var moves = state.Where != nowhere && state.Where != where;
                    // The first slot of a day is 1; each move within the day adds one.
                    var today = problem.MovesADay is null ? 0 : state.Today == 0 ? 1 : state.Today + (moves ? 1 : 0);
                    var units = state.Units + part.Minutes / step;
                    if (units * step > student.Minutes || (today > problem.MovesADay + 1 && standing is not { Worked: true })) continue;
                    Reach(new(units, slot.Induction ? state.Met : state.Met | meets[where], state.Inducted || slot.Induction, where, Math.Min(today, (problem.MovesADay ?? 0) + 1)), weights[number] + weight + (moves ? Move : 0), c);
                }

                void Reach(Reached to, int weight, int choice) {
                    var at = states.Number(to);
                    // Of two that weigh the same, the one that is off now: its slots came earlier.
                    if (weight > next[at] || (weight == next[at] && (choice >= 0 || weight == int.MaxValue))) return;
                    next[at] = weight;
                    from[at] = (number, choice);
                }
            }
            weights = next;
        }
        var best = Enumerable.Range(0, weights.Length).Where(n => weights[n] < int.MaxValue && states.State(n) is { Inducted: true } s && s.Units * step == student.Minutes && s.Met == (1 << themes.Count) - 1)
            .DefaultIfEmpty(-1).MinBy(n => n < 0 ? int.MaxValue : weights[n]);
        if (best < 0) return null;
        var found = new List<Slot>();
        for (var (i, at) = (parts.Count - 1, best); i >= 0; at = back[i--][at].From)
            if (back[i][at].Choice is var choice and >= 0) found.Add(choices[i][choice].Slot);
        found.Reverse();
        return found;
    }

    static bool MayBe(Student student, When when) => when.Day >= student.From && when.Day <= student.To && !student.Busy.Contains(when);

    /// <summary>Where a student could be, and with whom: whom they know already, else who has had least to do.</summary>
    IEnumerable<Slot> Choices(Student student, When when, List<Slot> there, Func<Guid, double> use) {
        foreach (var project in problem.Projects.Where(p => there.Count(s => s.ProjectId == p.Id) < p.Room.GetValueOrDefault(when)))
            foreach (var induction in (bool[])[false, true]) {
                var best = problem.Supervisors.Where(s => MaySupervise(s, project, induction) && there.Count(o => o.SupervisorId == s.Id) < s.Duty.GetValueOrDefault(when))
                    .Select(s => new Slot(student.Id, when, project.Id, s.Id, induction)).OrderBy(s => before.Contains(s) ? 0 : 1).ThenBy(s => use(s.SupervisorId)).FirstOrDefault();
                if (best is not null) yield return best;
            }
    }

    static bool MaySupervise(Supervisor supervisor, Project project, bool induction) => supervisor.Projects.Contains(project.Id) && (induction ? supervisor.MayInduct && project.GivesInduction : supervisor.MaySupervise);

    bool Fits(Student student, Slot pin, List<Slot> there) =>
        MayBe(student, pin.When) && problem.Parts.Any(p => p.When == pin.When && !p.Over)
        && problem.Projects.FirstOrDefault(p => p.Id == pin.ProjectId) is { } project && problem.Supervisors.FirstOrDefault(s => s.Id == pin.SupervisorId) is { } supervisor
        && MaySupervise(supervisor, project, pin.Induction)
        && there.Count(s => s.ProjectId == project.Id) < project.Room.GetValueOrDefault(pin.When) && there.Count(s => s.SupervisorId == supervisor.Id) < supervisor.Duty.GetValueOrDefault(pin.When);

    static int CommonPart(int one, int other) => other == 0 ? one : CommonPart(other, one % other);

    static int[] NoneYet(int count) {
        var none = new int[count];
        Array.Fill(none, int.MaxValue);
        return none;
    }

    /// <summary>How far a student has come: minutes in units, themes met, inducted, in which project last, and how many slots and moves this day has seen.</summary>
    readonly record struct Reached(int Units, int Met, bool Inducted, int Where, int Today);

    /// <summary>Every state that can be reached, numbered.</summary>
    readonly record struct States(int Units, int Mets, int Wheres, int Todays) {
        internal int Count => Units * Mets * 2 * Wheres * Todays;
        internal int Number(Reached at) => (((at.Units * Mets + at.Met) * 2 + (at.Inducted ? 1 : 0)) * Wheres + at.Where) * Todays + at.Today;

        internal Reached State(int number) {
            (number, var today) = Math.DivRem(number, Todays);
            (number, var where) = Math.DivRem(number, Wheres);
            (number, var inducted) = Math.DivRem(number, 2);
            (var units, var met) = Math.DivRem(number, Mets);
            return new(units, met, inducted == 1, where, today);
        }
    }
}
