using Cpd.Placements.Timetables;

namespace Cpd.Tests.Placements;

/// <summary>Timetables are right, found when they exist, and when there is none it is said why.</summary>
public sealed class RotationTests(ITestOutputHelper output) {
    [Fact]
    public void Of_BradfordMidwifery_PlansAllHoursWithoutAViolation() {
        var problem = TimetableProblems.Bradford();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var proposal = Proposal.Of(problem);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Empty(proposal.Clashes);
        Assert.Empty(proposal.GivenUp);
        Assert.Empty(Checker.Check(problem, proposal.Slots));
        Assert.True(TimetableProblems.IsGood(problem, proposal.Slots));
        var minutes = problem.Parts.ToDictionary(p => p.When, p => p.Minutes);
        Assert.Equal(1536 * 60, proposal.Slots.Sum(s => minutes[s.When]));
        Assert.Equal(64, proposal.Slots.Select(s => s.StudentId).Distinct().Count());
        // Three themes in two projects at least: nobody has more than the one move that needs, and no project or registrant is left out or overrun.
        foreach (var own in proposal.Slots.GroupBy(s => s.StudentId)) Assert.InRange(own.OrderBy(s => s.When).Zip(own.OrderBy(s => s.When).Skip(1)).Count(p => p.First.ProjectId != p.Second.ProjectId), 0, 1);
        foreach (var used in problem.Projects.Select(p => proposal.Slots.Count(s => s.ProjectId == p.Id) / (double)p.Room.Values.Sum())) Assert.InRange(used, 0.001, 0.15);
        foreach (var used in problem.Supervisors.Select(r => proposal.Slots.Count(s => s.SupervisorId == r.Id))) Assert.InRange(used, proposal.Slots.Count / 5, proposal.Slots.Count / 2);
        // A generous limit: how long it takes is measured by ./dev bench timetable.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), $"{watch.Elapsed}");
    }

    [Fact]
    public void Of_TooFewPlacesForTheSolver_IsToldInNumbersInsteadOfGivenUp() {
        var proposal = Proposal.Of(TimetableProblems.Crowd(64, weeks: 4));
        Assert.Empty(proposal.GivenUp);
        Assert.Equal("The supervisors on duty from Monday 2 November 2026 to Friday 27 November 2026 can look after 480 students in all in 40 parts of days.", ClashWords.Sentences(Assert.Single(proposal.Clashes))[1]);
    }

    [Fact]
    public void Of_TwoHundredStudentsInTheSameMonths_IsPlannedInSecondsOrToldInNumbers() {
        var (fits, watch) = (TimetableProblems.Crowd(200, weeks: 20), System.Diagnostics.Stopwatch.StartNew());
        var proposal = Proposal.Of(fits);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s for 200 students");
        Assert.Empty(proposal.Clashes);
        Assert.Empty(Checker.Check(fits, proposal.Slots));
        Assert.Equal(1600, proposal.Slots.Count);
        watch.Restart();
        var clash = Assert.Single(Proposal.Of(TimetableProblems.Crowd(200, weeks: 4)).Clashes);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s to say that there is no room");
        Assert.False(clash.Smallest);
        var sentences = ClashWords.Sentences(clash);
        Assert.StartsWith("200 students need 4,800 hours in all from 2 November 2026 to 27 November 2026", sentences[0], StringComparison.Ordinal);
        Assert.Equal("The supervisors on duty from Monday 2 November 2026 to Friday 27 November 2026 can look after 480 students in all in 40 parts of days.", sentences[1]);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), $"{watch.Elapsed}");
    }

    [Fact]
    public void Of_TheSameProblemTwice_GivesTheSameTimetable() {
        var problem = TimetableProblems.Bradford(8);
        Assert.Equal(Proposal.Of(problem).Slots, Proposal.Of(problem).Slots);
    }

    [Fact]
    public void Of_FiveHundredSmallProblems_AgreesWithTryingAll() {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CPD_SEED"), out var given) ? given : 3;
        // One after the other from one source: sources of neighbouring seeds begin alike.
        var random = new Random(seed);
        var (with, without, changed) = (0, 0, 0);
        for (var i = 0; i < 500; i++) {
            var problem = TimetableProblems.Random(random);
            var proposal = Proposal.Of(problem);
            Assert.Empty(proposal.GivenUp);
            var exists = TimetableProblems.Exists(problem);
            Assert.True(exists == (proposal.Clashes.Count == 0), $"Seed {seed}, problem {i}: a timetable {(exists ? "exists" : "does not exist")}.");
            if (exists) {
                with++;
                Assert.True(TimetableProblems.IsGood(problem, proposal.Slots), $"Seed {seed}, problem {i}: the timetable is not right.");
                var violations = Checker.Check(problem, proposal.Slots);
                Assert.True(violations.Count == 0, $"Seed {seed}, problem {i}: {string.Join(' ', violations.Select(v => v.Sentence))}");
                // The solver's own, which is only asked where planning one after the other ends nowhere.
                var rotation = new Rotation(problem, _ => true);
                Assert.True(rotation.Solve(10));
                Assert.True(TimetableProblems.IsGood(problem, rotation.Slots()), $"Seed {seed}, problem {i}: the solver's timetable is not right.");
                Spoil(problem, proposal.Slots, new Random(i), $"Seed {seed}, problem {i}");
                continue;
            }
            without++;
            var clash = Assert.Single(proposal.Clashes);
            Assert.True(clash.Smallest && clash.Conditions.Count > 0);
            // They can't all hold, and without any one of them they can.
            Assert.False(new Rotation(clash.Problem, clash.Conditions.Contains).Solve(10));
            foreach (var condition in clash.Conditions)
                Assert.True(new Rotation(clash.Problem, c => c != condition && clash.Conditions.Contains(c)).Solve(10), $"Seed {seed}, problem {i}: {condition} does not clash.");
            Assert.NotEmpty(ClashWords.Sentences(clash));
            Assert.All([.. ClashWords.Sentences(clash), .. ClashWords.Proposals(clash)], s => Assert.False(string.IsNullOrWhiteSpace(s)));
            if (clash.Changes.Count == 0) continue;
            changed++;
            var after = clash.Changes.Aggregate(problem, TimetableProblems.With);
            Assert.True(Proposal.Of(after) is { Clashes.Count: 0 } then && TimetableProblems.IsGood(after, then.Slots), $"Seed {seed}, problem {i}: not possible with {string.Join("; ", ClashWords.Proposals(clash))}.");
            // None of the changes is one too many.
            foreach (var spared in clash.Changes) Assert.False(new Rotation(clash.Changes.Where(c => c != spared).Aggregate(problem, TimetableProblems.With), _ => true).Solve(10), $"Seed {seed}, problem {i}: {spared} is not needed beside {string.Join("; ", ClashWords.Proposals(clash))} ({clash.Least}).");
        }
        output.WriteLine($"{with} with a timetable, {without} without, {changed} of them with changes that help");
        Assert.True(with > 100 && without > 100, $"Too one-sided to prove anything: {with} and {without}.");
        Assert.True(changed > 0.9 * without, $"Help for {changed} of {without} only.");
    }

    /// <summary>Puts one thing of a right timetable wrong: checker and rules must say the same of it.</summary>
    static void Spoil(Problem problem, IReadOnlyList<Slot> slots, Random random, string where) {
        for (var i = 0; i < 10; i++) {
            List<Slot> spoiled = [.. slots];
            var at = random.Next(spoiled.Count);
            switch (random.Next(5)) {
                case 0: spoiled.RemoveAt(at); break;
                case 1: spoiled[at] = spoiled[at] with { ProjectId = problem.Projects[random.Next(problem.Projects.Count)].Id }; break;
                case 2: spoiled[at] = spoiled[at] with { SupervisorId = problem.Supervisors[random.Next(problem.Supervisors.Count)].Id }; break;
                case 3: spoiled[at] = spoiled[at] with { Induction = !spoiled[at].Induction }; break;
                default: spoiled[at] = spoiled[at] with { When = problem.Parts[random.Next(problem.Parts.Count)].When }; break;
            }
            var good = TimetableProblems.IsGood(problem, spoiled);
            var said = Checker.Check(problem, spoiled);
            Assert.True(good == (said.Count == 0), $"{where}: the checker says {(said.Count == 0 ? "nothing" : string.Join(' ', said.Select(v => v.Sentence)))} of a timetable that is {(good ? "right" : "wrong")}.");
        }
    }
}
