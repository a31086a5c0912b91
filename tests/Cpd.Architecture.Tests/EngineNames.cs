using System.Text.RegularExpressions;

namespace Cpd.Architecture.Tests;

/// <summary>
/// One seam for the database engine, one folder for the scheduler: whoever swaps either must find it all there. Read from source,
/// so that a name in a string counts too.
/// </summary>
static class EngineNames {
    sealed record Rule(Regex Word, string[] Places, string Reason);

    static readonly Rule[] Rules = [
        new(new(@"\w*(Sqlite|SqlClient|SqlConnection)\w*"), ["src/Platform/Data/Dialect.cs", "src/Platform/Data/Dialect.SqlServer.cs", "src/Platform/Data/EmbeddedFile.cs", "src/Platform/Jobs/", "src/Shims/"], "only the dialect, the embedded file and the scheduler's folder name an engine"),
        new(new(@"\b(using OpenTelemetry|OpenTelemetry\.\w+)"), ["src/Platform/Telemetry/Export.cs"], "only the export names OpenTelemetry; measures and spans are the framework's own"),
        new(new(@"\bQuartz\w*"), ["src/Platform/Jobs/"], "only the scheduler's folder names the scheduler"),
        new(new(@"\bI?DbConnection\b|\bSqlMapper\b|\busing Dapper\b|\bDapper\.\w+"), ["src/Platform/Data/"], "SQL goes through Db"),
    ];

    /// <param name="sources">Path from the repository's root to text.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<string, string> sources) => [..
        from source in sources
        from rule in Rules
        where !rule.Places.Any(place => place.EndsWith('/') ? source.Key.StartsWith(place, StringComparison.Ordinal) : source.Key == place)
        from line in source.Value.Split('\n').Select((text, index) => (text, number: index + 1))
        from Match word in rule.Word.Matches(line.text)
        select $"{source.Key}:{line.number} names {word.Value}: {rule.Reason}"];
}

public class EngineNameTests {
    [Fact]
    public void EngineNames_Product_StandOnlyInTheirSeams() {
        var sources = Product.Files("src", "*.cs");
        Assert.Contains("Sqlite", sources.GetValueOrDefault("src/Platform/Data/Dialect.cs") ?? "", StringComparison.Ordinal);
        Assert.Contains(sources, s => s.Key.StartsWith("src/Platform/Jobs/", StringComparison.Ordinal) && s.Value.Contains("Quartz", StringComparison.Ordinal));
        Expect.None(EngineNames.Problems(sources));
    }

    [Fact]
    public void EngineNames_NamedOutsideTheSeam_IsNamed() => Expect.Each(
        EngineNames.Problems(new Dictionary<string, string> {
            ["src/Platform/Data/Dialect.cs"] = "using Microsoft.Data.Sqlite;",
            ["src/Platform/Data/SqlTypes.cs"] = "using Dapper; // SQLite and SQL Server",
            ["src/Platform/Jobs/Clock.cs"] = "using Quartz; new SqliteConnection(x)",
            ["src/Modules/People/Cpd.People/One.cs"] = "// first line\nthrow new SqliteException();",
            ["src/Modules/People/Cpd.People/Two.cs"] = "async Task Run(DbConnection c) => await c.OpenAsync();",
            ["src/Modules/People/Cpd.People/Three.cs"] = "using Dapper;",
            ["src/Host/Program.cs"] = "using Quartz;",
            ["src/Platform/Data/EmbeddedFile.cs"] = "new SqliteConnection(x)",
            ["src/Platform/Telemetry/Export.cs"] = "using OpenTelemetry.Trace;",
            ["src/Platform/Telemetry/Other.cs"] = "// OpenTelemetry's conventions\nusing OpenTelemetry;",
        }),
        "One.cs:2 names SqliteException", "Two.cs:1 names DbConnection", "Three.cs:1 names using Dapper", "src/Host/Program.cs:1 names Quartz", "Other.cs:2 names using OpenTelemetry");
}
