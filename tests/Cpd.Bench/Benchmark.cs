using System.Globalization;
using System.Runtime.InteropServices;

namespace Cpd.Bench;

/// <summary>
/// One measurement, or a few that belong together. Every figure is told beside a reference that was measured in the same run on
/// the same machine, since a figure alone says more of the machine than of us.
/// </summary>
abstract class Benchmark : INamed {
    public abstract string Name { get; }
    public abstract Task Run(Measuring measuring, CancellationToken ct);
}

/// <param name="Figure">What was measured.</param>
/// <param name="Reference">What it is held against, measured in the same run; null where there is none.</param>
/// <param name="Floor">The ratio below which it misses its floor; null where none is set. <paramref name="LessIsBetter"/> turns it into a ceiling.</param>
sealed record Line(string Workload, double Figure, string Unit, string? ReferenceName = null, double? Reference = null, double? Floor = null, double? Aim = null, bool LessIsBetter = false) {
    internal double? Ratio => Reference is null ? null : Figure / Reference;
    internal string Verdict => Floor is null ? ""
        : (Ratio ?? Figure) is var value && (LessIsBetter ? value > Floor : value < Floor) ? "misses the floor"
        : Aim is null || (LessIsBetter ? value <= Aim : value >= Aim) ? (Aim is null ? "meets the floor" : "meets the aim") : "meets the floor";
}

/// <summary>What a benchmark is given: how large to be, a folder that is removed afterwards, and where its lines go.</summary>
sealed class Measuring(bool quick, string folder) {
    readonly List<Line> lines = [];

    /// <summary>Only show that the workload runs: the smallest data, the fewest rounds. Its figures mean nothing.</summary>
    public bool Quick => quick;
    public string Folder => folder;
    public IReadOnlyList<Line> Lines => lines;

    public int Rounds(int whenQuick, int whenMeasured) => quick ? whenQuick : whenMeasured;

    public void Add(Line line) {
        lines.Add(line);
        // A verdict on figures that mean nothing would only mislead.
        Console.WriteLine(Text(quick ? line with { Floor = null } : line));
    }

    static string Text(Line line) => FormattableString.Invariant($"{line.Workload}: {Number(line.Figure)} {line.Unit}")
        + (line.Ratio is { } ratio ? FormattableString.Invariant($"; {line.ReferenceName}: {Number(line.Reference!.Value)} {line.Unit}; ratio {Number(ratio)}") : "")
        + (line.Verdict.Length > 0 ? $"; {line.Verdict}" : "");

    internal static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : Math.Abs(value) >= 10 ? "0.0" : Math.Abs(value) >= 0.1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);
}

static class Benchmarks {
    internal static async Task<int> Run(IReadOnlyList<string> names, bool quick, bool write, CancellationToken ct) {
        if (Catalogue.Find<Benchmark>(names) is not { } benchmarks) return 2;
        if (quick && write) {
            Console.Error.WriteLine("Figures of --quick mean nothing, so they are not written.");
            return 2;
        }
        Console.WriteLine(Machine());
        var failed = 0;
        foreach (var benchmark in benchmarks) {
            Console.WriteLine($"== {benchmark.Name}");
            var folder = Directory.CreateTempSubdirectory("cpd-bench-").FullName;
            var measuring = new Measuring(quick, folder);
            // What else the machine was doing: a figure taken beside other work is lower than it need be.
            var machine = $"{Machine()}, load {Load()} before it began";
            try {
                await benchmark.Run(measuring, ct);
                if (write) Report.Write(benchmark.Name, machine, measuring.Lines);
            } catch (Exception e) when (!ct.IsCancellationRequested) {
                failed++;
                Console.WriteLine($"{benchmark.Name} did not run to its end: {e}");
            } finally {
                Directory.Delete(folder, recursive: true);
            }
        }
        return failed == 0 ? 0 : 1;
    }

    static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    static string Machine() => string.Create(CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0} GiB, {RuntimeInformation.FrameworkDescription}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
}
