using System.Diagnostics;

namespace Cpd.Bench;

/// <summary>
/// One promise put to the test by force: kills, races, faults. It has a control: the same check with the guard taken away, which
/// must fail, since a check that cannot fail proves nothing.
/// </summary>
abstract class Drill : INamed {
    public abstract string Name { get; }
    public abstract Task Run(Drilling drilling, CancellationToken ct);
}

/// <summary>What a drill is given: short or long, a folder that is removed afterwards, and where its findings go.</summary>
sealed class Drilling(bool isLong, string folder) {
    public int Broken { get; private set; }
    public string Folder => folder;

    public int Rounds(int whenShort, int whenLong) => isLong ? whenLong : whenShort;

    /// <summary>A figure, for the reader.</summary>
    public static void Say(string text) => Console.WriteLine("  " + text);

    /// <summary>What must hold. One that does not fails the run, after the rest has been tried.</summary>
    public void Must(bool holds, string promise) {
        Console.WriteLine($"  {(holds ? "holds" : "BROKEN")}: {promise}");
        if (!holds) Broken++;
    }

    /// <summary>The control: with the guard away the check has to find something, or it finds nothing ever.</summary>
    public void Control(bool found, string what) => Must(found, "control: " + what);

    /// <summary>The drill could not be held here (a tool or a right is missing). Said plainly; it counts as neither kept nor broken.</summary>
    public static void NotRun(string why) => Console.WriteLine("  not run: " + why);
}

static class Drills {
    internal static async Task<int> Run(IReadOnlyList<string> names, bool isLong, CancellationToken ct) {
        if (Catalogue.Find<Drill>(names) is not { } drills) return 2;
        var broken = 0;
        foreach (var drill in drills) {
            Console.WriteLine($"== {drill.Name}");
            var watch = Stopwatch.StartNew();
            var folder = Directory.CreateTempSubdirectory("cpd-drill-").FullName;
            var drilling = new Drilling(isLong, folder);
            try {
                await drill.Run(drilling, ct);
            } catch (Exception e) when (!ct.IsCancellationRequested) {
                drilling.Must(false, $"it runs to its end: {e}");
            } finally {
                Directory.Delete(folder, recursive: true);
            }
            broken += drilling.Broken;
            Console.WriteLine($"  {watch.Elapsed.TotalSeconds:0} s");
        }
        Console.WriteLine(broken == 0 ? "All drills held." : $"{broken} promises were broken.");
        return broken == 0 ? 0 : 1;
    }
}
