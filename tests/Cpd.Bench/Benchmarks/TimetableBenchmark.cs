using System.Diagnostics;
using Cpd.Placements.Timetables;
using Cpd.Tests.Placements;

namespace Cpd.Bench;

/// <summary>How long an officer waits for a timetable: 64 students of 24 hours in one week each over the year, 10 projects, 3 registrants. The limit is ten seconds.</summary>
sealed class TimetableBenchmark : Benchmark {
    public override string Name => "timetable";

    public override Task Run(Measuring measuring, CancellationToken ct) {
        var problem = TimetableProblems.Bradford(measuring.Quick ? 8 : 64);
        // The first is the one that an officer waits for: the code has not run before.
        for (var round = 1; round <= measuring.Rounds(1, 3); round++) {
            var watch = Stopwatch.StartNew();
            var proposal = Proposal.Of(problem);
            var proposed = watch.Elapsed.TotalSeconds;
            var violations = Checker.Check(problem, proposal.Slots).Count;
            if (violations > 0 || proposal.Slots.Count == 0) throw new InvalidOperationException($"{proposal.Slots.Count} slots with {violations} violations.");
            var hours = proposal.Slots.Sum(s => problem.Parts.First(p => p.When == s.When).Minutes) / 60;
            measuring.Add(new($"{problem.Students.Count} students, {hours} hours, 0 violations: proposed, time {round}", proposed, "s", Floor: 10, LessIsBetter: true));
        }
        return Task.CompletedTask;
    }
}
