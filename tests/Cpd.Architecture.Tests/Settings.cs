using System.Text.RegularExpressions;

namespace Cpd.Architecture.Tests;

/// <summary>Every setting that the code reads stands in the guide's table, and no other does: what is not written there is found by nobody.</summary>
static partial class Settings {
    // Read by a library from its own section, and the option of one command.
    static readonly string[] ReadElsewhere = ["Serilog:MinimumLevel"], Options = ["keep"];
    static readonly Dictionary<string, string[]> Bound = new() { ["Database"] = ["Database:Engine", "Database:ConnectionString"] };

    public static IReadOnlyList<string> Problems(IEnumerable<string> sources, string guide) {
        var read = sources.SelectMany(s => Reads().Matches(s)).Select(m => m.Groups["key"].Value).SelectMany(k => Bound.GetValueOrDefault(k, [k])).Except(Options).ToHashSet();
        var written = Rows().Matches(guide).Select(m => m.Groups["key"].Value).ToHashSet();
        return [.. read.Except(written).Order().Select(k => $"{k} is read and not in the table of docs/operate.md"),
            .. written.Except(read).Except(ReadElsewhere).Order().Select(k => $"{k} is in the table of docs/operate.md and read by nothing")];
    }

    [GeneratedRegex("""(?i:configuration)(\[|\.GetValue(<\w+>)?\(|\.GetSection\()"(?<key>[\w:]+)"|Needed\(configuration, "(?<key>[\w:]+)"\)""")]
    private static partial Regex Reads();

    [GeneratedRegex(@"^\| `(?<key>[\w:]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}

public class SettingsTests {
    [Fact]
    public void Settings_Guide_NamesEachAndNoOther() {
        var guide = Product.Files("docs", "operate.md").Single().Value;
        var table = guide[guide.IndexOf("## Settings", StringComparison.Ordinal)..guide.IndexOf("## First administrator", StringComparison.Ordinal)];
        Expect.None(Settings.Problems(Product.Files("src", "*.cs").Values, table));
    }

    [Fact]
    public void Settings_MissingOrLeftOver_IsNamed() => Expect.Each(
        Settings.Problems(["""x = configuration["Mail:Host"]; y = builder.Configuration.GetValue("Jobs:Enabled", true); z = site.Configuration.GetSection("Database")"""],
            "| `Mail:Host` | none |\n| `Old:One` | 1 |\n| `Database:Engine` | x |\n| `Database:ConnectionString` | x |\n"),
        "Jobs:Enabled is read and not", "Old:One is in the table");
}
