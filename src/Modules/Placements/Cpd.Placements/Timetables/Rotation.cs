using Google.OrTools.Sat;

namespace Cpd.Placements.Timetables;

/// <summary>
/// A problem as the solver wants it (docs/adr/0041); the only file that names it. Where each student is in each part of a day is decided one by one; with whom, in
/// numbers: how many of those in a project each supervisor has. Who has whom is settled afterwards, since any of them will do.
/// </summary>
internal sealed class Rotation {
    readonly CpModel model = new();
    readonly Problem problem;
    readonly Func<Condition, bool> holds;
    readonly bool eased;
    readonly Dictionary<When, int> minutes;
    readonly Dictionary<(Guid Student, When When), Slot> worked;
    readonly ILookup<Guid, Slot> pins;
    readonly Dictionary<Guid, IReadOnlyList<When>> open = [];
    readonly Dictionary<(Guid Student, When When, Guid Project, bool Induction), BoolVar> places = [];
    readonly Dictionary<(Guid Student, When When), List<(bool Induction, BoolVar Place)>> ofStudent = [];
    readonly Dictionary<(When When, Guid Project, bool Induction), List<BoolVar>> ofProject = [];
    readonly Dictionary<(When When, Guid Project, Guid Supervisor, bool Induction), IntVar> with = [];
    readonly List<(Slot Pin, IntVar? Free)> kept = [];
    readonly Dictionary<object, IntVar> eases = [];
    readonly List<(IntVar Amount, int Weight, Func<int, Change>? Change)> changes = [];
    CpSolverResponse answer = new();

    /// <param name="holds">Which conditions hold; the others are left out.</param>
    /// <param name="eased">Each condition may give way at a price: for finding the least change.</param>
    internal Rotation(Problem problem, Func<Condition, bool> holds, bool eased = false) {
        (this.problem, this.holds, this.eased) = (problem, holds, eased);
        minutes = problem.Parts.ToDictionary(p => p.When, p => p.Minutes);
        worked = problem.Stands.Where(s => s.Worked).ToDictionary(s => (s.Slot.StudentId, s.Slot.When), s => s.Slot);
        pins = problem.Stands.Where(s => !s.Worked).Select(s => s.Slot).ToLookup(s => s.StudentId);
        foreach (var student in problem.Students) {
            Place(student);
            KeepHours(student);
            MeetThemes(student);
            Induct(student);
            LimitMoves(student);
        }
        foreach (var part in problem.Parts.Where(p => !p.Over)) {
            MakeRoom(part.When);
            Supervise(part.When);
        }
        foreach (var pin in pins.SelectMany(p => p).Where(p => holds(new(ConditionKind.Pin, p.StudentId, When: p.When)))) Keep(pin);
        KeepSupervisors();
    }

    /// <summary>Nothing weighs less than what was found.</summary>
    internal bool IsBest => answer.Status == CpSolverStatus.Optimal;

    /// <summary>True when there is a solution, false when there is none; null when the search was given up before that was known.</summary>
    internal bool? Solve(double patience) {
        // One worker, and a limit that is no clock: the same problem has the same answer.
        using var solver = new CpSolver();
        solver.StringParameters = FormattableString.Invariant($"num_workers:1,random_seed:1,max_deterministic_time:{patience}");
        solver.Solve(model);
        answer = solver.Response!;
        return answer.Status switch {
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => true,
            CpSolverStatus.Infeasible => false,
            CpSolverStatus.ModelInvalid => throw new InvalidOperationException($"The solver does not take its model: {model.Validate()}"),
            _ => null,
        };
    }

    /// <summary>The same, out of what patience is left for several.</summary>
    internal bool? Solve(ref double patience) {
        if (patience <= 0) return null;
        var found = Solve(patience);
        patience -= answer.DeterministicTime;
        return found;
    }

    long Value(IntVar variable) => answer.Solution[variable.GetIndex()];

    /// <summary>A student may be in one place at a time, on days of their own, when they are not bound elsewhere.</summary>
    void Place(Student student) {
        bool MayBe(OpenPart part) => part.When.Day >= student.From && part.When.Day <= (eased ? student.To.AddDays(7) : student.To) && !student.Busy.Contains(part.When);
        open[student.Id] = [.. problem.Parts.Where(p => !p.Over && MayBe(p) && !worked.ContainsKey((student.Id, p.When))).Select(p => p.When).Order()];
        foreach (var when in open[student.Id]) {
            foreach (var project in problem.Projects) {
                Offer(student.Id, when, project.Id, induction: false);
                if (!AsksForInduction(student) || (!project.GivesInduction && !eased)) continue;
                IntVar inducted = Offer(student.Id, when, project.Id, induction: true);
                if (!project.GivesInduction) model.Add(inducted <= Ease((ChangeKind.Induction, project.Id), 1, 1200, _ => new(ChangeKind.Induction, ProjectId: project.Id)));
            }
            model.AddAtMostOne(At(student.Id, when));
        }
        if (!eased) return;
        var later = Ease((ChangeKind.Later, student.Id), 1, 500, _ => new(ChangeKind.Later, student.Id));
        var longer = Ease((ChangeKind.Longer, student.Id), 1, 600, _ => new(ChangeKind.Longer, student.Id));
        model.Add(later + longer <= 1);
        foreach (var when in open[student.Id]) {
            if (when.Day < student.From.AddDays(7)) model.Add(LinearExpr.Sum(At(student.Id, when)) + later <= 1);
            if (when.Day > student.To) model.Add(LinearExpr.Sum(At(student.Id, when)) <= later + longer);
        }
    }

    BoolVar Offer(Guid student, When when, Guid project, bool induction) {
        var place = places[(student, when, project, induction)] = model.NewBoolVar("");
        (ofStudent.TryGetValue((student, when), out var mine) ? mine : ofStudent[(student, when)] = []).Add((induction, place));
        (ofProject.TryGetValue((when, project, induction), out var there) ? there : ofProject[(when, project, induction)] = []).Add(place);
        return place;
    }

    IEnumerable<BoolVar> At(Guid student, When when, bool? induction = null) => ofStudent.GetValueOrDefault((student, when), []).Where(p => induction is null || p.Induction == induction).Select(p => p.Place);

    List<BoolVar> In(When when, Guid project, bool induction) => ofProject.GetValueOrDefault((when, project, induction), []);

    bool AsksForInduction(Student student) => !student.Inducted && !worked.Values.Any(s => s.StudentId == student.Id && s.Induction);

    /// <summary>The parts of days in which a student is or may be somewhere, in order.</summary>
    List<When> Sequence(Student student) => [.. open[student.Id].Concat(worked.Keys.Where(w => w.Student == student.Id).Select(w => w.When)).Order()];

    void KeepHours(Student student) {
        if (!holds(new(ConditionKind.Hours, student.Id))) return;
        var done = worked.Keys.Where(w => w.Student == student.Id).Sum(w => minutes.GetValueOrDefault(w.When));
        var mine = open[student.Id].SelectMany(w => At(student.Id, w).Select(v => (Place: v, Minutes: minutes.GetValueOrDefault(w)))).ToList();
        var planned = LinearExpr.WeightedSum(mine.Select(m => m.Place), mine.Select(m => m.Minutes));
        if (!eased) {
            model.Add(planned == student.Minutes - done);
            return;
        }
        var total = model.NewIntVar(0, mine.Sum(m => m.Minutes), "");
        model.Add(planned == total);
        var apart = model.NewIntVar(0, 1_000_000, "");
        model.Add(total - (student.Minutes - done) <= apart);
        model.Add((student.Minutes - done) - total <= apart);
        var other = Ease((ChangeKind.Hours, student.Id), 1, 4000, _ => new(ChangeKind.Hours, student.Id, Amount: (int)Value(total) + done));
        model.Add(apart <= 1_000_000 * other);
        changes.Add((apart, 1, null));
    }

    void MeetThemes(Student student) {
        foreach (var theme in problem.ProjectThemes.Where(t => holds(new(ConditionKind.Theme, student.Id, t.Id)))) {
            bool Covers(Guid project) => problem.Projects.Any(p => p.Id == project && p.Themes.Contains(theme.Id));
            if (worked.Values.Any(s => s.StudentId == student.Id && !s.Induction && Covers(s.ProjectId))) continue;
            var meets = new List<ILiteral>();
            foreach (var project in problem.Projects) {
                var here = open[student.Id].Select(w => places[(student.Id, w, project.Id, false)]).ToList();
                if (Covers(project.Id)) meets.AddRange(here);
                else if (eased) {
                    var there = model.NewBoolVar("");
                    model.Add(there <= LinearExpr.Sum(here));
                    model.Add(there <= Ease((ChangeKind.Theme, project.Id, theme.Id), 1, 1200, _ => new(ChangeKind.Theme, ProjectId: project.Id, ThemeId: theme.Id)));
                    meets.Add(there);
                }
            }
            model.AddBoolOr(meets);
        }
    }

    void Induct(Student student) {
        if (!AsksForInduction(student) || !holds(new(ConditionKind.Induction, student.Id))) return;
        var mine = open[student.Id];
        model.AddExactlyOne(mine.SelectMany(w => At(student.Id, w, induction: true)));
        for (var i = 0; i < mine.Count; i++)
            model.Add(LinearExpr.Sum(At(student.Id, mine[i], induction: false)) <= LinearExpr.Sum(mine.Take(i).SelectMany(w => At(student.Id, w, induction: true))));
    }

    void LimitMoves(Student student) {
        if (problem.MovesADay is not { } most) return;
        foreach (var day in Sequence(student).GroupBy(w => w.Day).Where(d => holds(new(ConditionKind.MovesADay, student.Id, When: new(d.Key, 0))) && d.Any(w => !worked.ContainsKey((student.Id, w))))) {
            var moves = LinearExpr.Sum(Moves(student, [.. day]));
            if (eased) model.Add(moves <= most + Ease(ChangeKind.MovesADay, 10, 400, more => new(ChangeKind.MovesADay, Amount: more)));
            else model.Add(moves <= most);
        }
    }

    void MakeRoom(When when) {
        foreach (var project in problem.Projects.Where(p => holds(new(ConditionKind.Room, ThingId: p.Id, When: when)))) {
            List<BoolVar> here = [.. In(when, project.Id, false), .. In(when, project.Id, true)];
            if (here.Count == 0) continue;
            var room = Math.Max(0, project.Room.GetValueOrDefault(when) - worked.Values.Count(s => s.When == when && s.ProjectId == project.Id));
            if (eased) model.Add(LinearExpr.Sum(here) <= room + Ease((ChangeKind.Room, project.Id, when), here.Count, 200, more => new(ChangeKind.Room, ProjectId: project.Id, When: when, Amount: more)));
            else if (here.Count > room) model.Add(LinearExpr.Sum(here) <= room);
        }
    }

    void Supervise(When when) {
        if (!holds(new(ConditionKind.Duty, When: when))) return;
        var mine = problem.Supervisors.ToDictionary(s => s.Id, _ => new List<IntVar>());
        var more = new List<IntVar>();
        foreach (var project in problem.Projects)
            foreach (var induction in (bool[])[false, true]) {
                var here = In(when, project.Id, induction);
                if (here.Count == 0) continue;
                var who = new List<IntVar>();
                foreach (var supervisor in problem.Supervisors.Where(s => s.Projects.Contains(project.Id) && (induction ? s.MayInduct : s.MaySupervise))) {
                    var number = with[(when, project.Id, supervisor.Id, induction)] = model.NewIntVar(0, here.Count, "");
                    mine[supervisor.Id].Add(number);
                    who.Add(number);
                }
                if (eased) {
                    more.Add(model.NewIntVar(0, here.Count, ""));
                    who.Add(more[^1]);
                }
                model.Add(LinearExpr.Sum(here) == LinearExpr.Sum(who));
            }
        foreach (var supervisor in problem.Supervisors) model.Add(LinearExpr.Sum(mine[supervisor.Id]) <= FreeAt(supervisor, when));
        if (more.Count > 0) model.Add(LinearExpr.Sum(more) <= OneMore(problem) * Ease((ChangeKind.Duty, when), problem.Students.Count, 300, n => new(ChangeKind.Duty, When: when, Amount: n)));
    }

    int FreeAt(Supervisor supervisor, When when) => Math.Max(0, supervisor.Duty.GetValueOrDefault(when) - worked.Values.Count(s => s.When == when && s.SupervisorId == supervisor.Id));

    /// <summary>How many students one more supervisor is reckoned to look after.</summary>
    internal static int OneMore(Problem problem) => problem.Supervisors.Select(s => s.Places).DefaultIfEmpty(1).Min();

    /// <summary>A pinned slot stands, with its supervisor; if it breaks a rule of its own it can't.</summary>
    void Keep(Slot pin) {
        var supervisor = problem.Supervisors.FirstOrDefault(s => s.Id == pin.SupervisorId);
        // Where the student may not be at all, there is no place; where a project does not give the induction, there is one only if it may give way.
        var may = supervisor is not null && supervisor.Projects.Contains(pin.ProjectId) && (pin.Induction ? supervisor.MayInduct : supervisor.MaySupervise);
        var place = places.GetValueOrDefault((pin.StudentId, pin.When, pin.ProjectId, pin.Induction));
        var free = eased ? Ease((ChangeKind.Unpin, pin), 1, 300, _ => new(ChangeKind.Unpin, pin.StudentId, pin.ProjectId, When: pin.When)) : null;
        if (!may || place is null) {
            if (free is null) model.AddBoolOr([]);
            else model.Add(free == 1);
            return;
        }
        if (free is null) model.Add(place == 1);
        else model.Add(place + free >= 1);
        kept.Add((pin, free));
    }

    /// <summary>Pinned slots keep their supervisors too.</summary>
    void KeepSupervisors() {
        foreach (var same in kept.GroupBy(k => (k.Pin.When, k.Pin.ProjectId, k.Pin.SupervisorId, k.Pin.Induction)))
            if (with.TryGetValue(same.Key, out var number)) model.Add(number + LinearExpr.Sum(same.Select(k => k.Free).OfType<IntVar>()) >= same.Count());
    }

    IntVar Ease(object what, int most, int weight, Func<int, Change> change) {
        if (eases.TryGetValue(what, out var known)) return known;
        var amount = eases[what] = model.NewIntVar(0, most, "");
        changes.Add((amount, weight, change));
        return amount;
    }

    /// <summary>Makes the changes weigh as little as can be.</summary>
    internal void PreferLittle() => model.Minimize(LinearExpr.WeightedSum(changes.Select(c => c.Amount), changes.Select(c => c.Weight)));

    internal IReadOnlyList<Change> Changes => [.. changes.Where(c => c.Change is not null && Value(c.Amount) > 0).Select(c => c.Change!((int)Value(c.Amount)))];

    /// <summary>
    /// One for each time at which a student comes to another project than the one they were in last. They belong to one project at any time, also while they are off,
    /// when that may change unseen; so a change is counted between two slots however far apart, and once.
    /// </summary>
    List<BoolVar> Moves(Student student, IReadOnlyList<When> sequence) {
        var moves = new List<BoolVar>();
        Dictionary<Guid, BoolVar> last = [];
        foreach (var when in sequence) {
            var belongs = problem.Projects.ToDictionary(p => p.Id, _ => model.NewBoolVar(""));
            model.AddExactlyOne(belongs.Values);
            foreach (var (project, here) in belongs) {
                if (worked.TryGetValue((student.Id, when), out var slot)) {
                    if (slot.ProjectId == project) model.Add((IntVar)here == 1);
                } else model.Add(LinearExpr.Sum(((IEnumerable<bool>)[false, true]).Select(i => places.GetValueOrDefault((student.Id, when, project, i))).OfType<BoolVar>()) <= here);
                if (last.Count == 0) continue;
                var move = model.NewBoolVar("");
                model.Add((IntVar)here - last[project] <= move);
                moves.Add(move);
            }
            last = belongs;
        }
        return moves;
    }

    /// <summary>The timetable found, as good as any that is possible; those that stand are part of it.</summary>
    internal IReadOnlyList<Slot> Slots() {
        var left = with.ToDictionary(w => w.Key, w => (int)Value(w.Value));
        var pinned = pins.SelectMany(p => p).ToDictionary(s => (s.StudentId, s.When, s.ProjectId, s.Induction), s => s.SupervisorId);
        var found = new List<Slot>(worked.Values);
        foreach (var there in places.Where(p => Value(p.Value) == 1).Select(p => p.Key).GroupBy(p => (p.When, p.Project, p.Induction)).OrderBy(g => g.Key.When)) {
            var waiting = there.ToList();
            Give(k => pinned.TryGetValue(k, out var who) ? who : null);
            Give(k => problem.Supervisors.First(s => left.GetValueOrDefault((k.When, k.Project, s.Id, k.Induction)) > 0).Id);

            void Give(Func<(Guid Student, When When, Guid Project, bool Induction), Guid?> wish) {
                foreach (var key in waiting.ToList()) {
                    if (wish(key) is not { } supervisor || left.GetValueOrDefault((key.When, key.Project, supervisor, key.Induction)) == 0) continue;
                    left[(key.When, key.Project, supervisor, key.Induction)]--;
                    found.Add(new(key.Student, key.When, key.Project, supervisor, key.Induction));
                    waiting.Remove(key);
                }
            }
        }
        return found;
    }
}
