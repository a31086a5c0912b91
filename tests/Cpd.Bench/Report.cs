using System.Globalization;
using System.Text;

namespace Cpd.Bench;

/// <summary>
/// docs/benchmarks.md: one section a benchmark, written anew from its lines by <c>--write</c>. What stands before the first section and
/// from "## Notes" on is written by hand and kept.
/// </summary>
static class Report {
    const string Notes = "## Notes";

    const string Head = """
        # Benchmarks

        Written by `./dev bench [name …] --write`; everything but this beginning and the notes is made anew each time. A figure alone says more of
        the machine than of the program, so each stands beside a reference that was measured in the same run, and their ratio is held against a floor
        (what it must reach) and an aim. For times, weights and memory less is better.
        """;

    public static void Write(string name, string machine, IReadOnlyList<Line> lines) {
        var file = Path.Combine(Published.Root(), "docs", "benchmarks.md");
        var text = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : Head + "\n\n" + Notes + "\n";
        var notes = text.IndexOf(Notes, StringComparison.Ordinal) is var at and >= 0 ? text[at..] : Notes + "\n";
        var parts = text[..^notes.Length].Split("\n## ");
        var sections = parts.Skip(1).Select(p => "## " + p.Trim()).Where(s => s.Split('\n')[0] != $"## {name}").Append(Section(name, machine, lines)).Order(StringComparer.Ordinal);
        File.WriteAllText(file, string.Join("\n\n", sections.Prepend(parts[0].Trim()).Append(notes.Trim())) + "\n");
    }

    static string Section(string name, string machine, IReadOnlyList<Line> lines) {
        var text = new StringBuilder($"## {name}\n\n`./dev bench {name}` on {machine}.\n\n| Workload | Figure | Reference | Ratio | Floor | Aim | |\n|---|--:|---|--:|--:|--:|---|\n");
        foreach (var line in lines) {
            // What is held against a floor without a reference is the figure itself.
            var unit = line.Reference is null ? " " + line.Unit : "";
            text.Append(CultureInfo.InvariantCulture, $"| {line.Workload} | {Number(line.Figure)} {line.Unit} | {(line.Reference is { } r ? $"{line.ReferenceName}: {Number(r)} {line.Unit}" : "")} | {Number(line.Ratio)} | {Number(line.Floor)}{(line.Floor is null ? "" : unit)} | {Number(line.Aim)} | {Verdict(line)} |\n");
        }
        return text.ToString().TrimEnd();
    }

    static string Verdict(Line line) => line.Verdict.StartsWith("misses", StringComparison.Ordinal) ? $"**{line.Verdict}**" : line.Verdict;

    static string Number(double? value) => value is { } number ? Measuring.Number(number) : "";
}
