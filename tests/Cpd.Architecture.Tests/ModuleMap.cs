using System.Xml.Linq;

namespace Cpd.Architecture.Tests;

/// <summary>
/// Who may know whom. A module asks others only through their Contracts; a pair that is not in this table is a decision to take,
/// not a reference to add. Compared with the project files, in both directions, so that the table never promises more than is used.
/// </summary>
static class ModuleMap {
    /// <summary>Whose Contracts a module may use besides its own.</summary>
    static readonly Dictionary<string, string[]> Asks = new() {
        ["People"] = ["Placements"],
        ["Training"] = ["People", "Accreditation"],
        ["Forums"] = ["People", "Training"],
        ["Placements"] = ["People", "Training"],
        ["Accreditation"] = ["People", "Training", "Forums", "Placements"],
    };

    /// <summary>Who may see a module's internals.</summary>
    static readonly string[] Friends = ["Cpd.Tests", "Cpd.Architecture.Tests", "Cpd.Browser.Tests", "Cpd.Bench"];

    /// <summary>The exact references of each project under src.</summary>
    public static Dictionary<string, string[]> Allowed { get; } = new(
        Asks.Select(m => KeyValuePair.Create($"Cpd.{m.Key}", (string[])["Cpd.Platform", $"Cpd.{m.Key}.Contracts", .. m.Value.Select(other => $"Cpd.{other}.Contracts")]))
        .Concat(Asks.Keys.Select(m => KeyValuePair.Create($"Cpd.{m}.Contracts", (string[])["Cpd.Platform"])))) {
        // The vocabulary of the field (ages, job roles) is People's, and an event that speaks of it uses the same words.
        ["Cpd.Training.Contracts"] = ["Cpd.Platform", "Cpd.People.Contracts"],
        ["Cpd.Forums.Contracts"] = ["Cpd.Platform", "Cpd.People.Contracts"],
        ["Cpd.Platform"] = ["Microsoft.SqlServer.Server"],
        ["Microsoft.SqlServer.Server"] = [],
        ["Cpd.Host"] = ["Cpd.Platform", .. Asks.Keys.Select(m => $"Cpd.{m}")],
    };

    /// <param name="projects">Project files: path to text.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<string, string> projects) {
        var problems = new List<string>();
        foreach (var (path, text) in projects) {
            var name = Path.GetFileNameWithoutExtension(path);
            var items = XDocument.Parse(text).Descendants().ToLookup(e => e.Name.LocalName, e => (string?)e.Attribute("Include") ?? "");
            var actual = items["ProjectReference"].Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/'))).ToHashSet();
            if (!Allowed.TryGetValue(name, out var allowed)) {
                problems.Add($"{name}: not in the table of ModuleMap");
                continue;
            }
            problems.AddRange(actual.Except(allowed).Select(r => $"{name} references {r}: not allowed by ModuleMap"));
            problems.AddRange(allowed.Except(actual).Select(r => $"{name} does not reference {r}: ModuleMap says that it does"));
            problems.AddRange(items["InternalsVisibleTo"].Except(Friends).Select(f => $"{name} shows its internals to {f}: only tests may see them"));
        }
        problems.AddRange(Allowed.Keys.Except(projects.Keys.Select(p => Path.GetFileNameWithoutExtension(p)!)).Select(name => $"{name}: in ModuleMap, but there is no such project"));
        return problems;
    }
}

public class ModuleMapTests {
    static readonly Dictionary<string, string> Good = ModuleMap.Allowed.ToDictionary(p => $"src/{p.Key}.csproj",
        p => $"<Project><ItemGroup>{string.Concat(p.Value.Select(r => $"<ProjectReference Include=\"../{r}/{r}.csproj\" />"))}</ItemGroup></Project>");

    [Fact]
    public void ModuleMap_Product_HoldsExactlyTheAllowedReferences() {
        var projects = Product.Files("src", "*.csproj");
        Assert.NotEmpty(projects);
        Expect.None(ModuleMap.Problems(projects));
    }

    [Fact]
    public void ModuleMap_ReferencesAreTheAllowedOnes_Passes() => Expect.None(ModuleMap.Problems(Good));

    [Theory]
    [InlineData("Cpd.Forums", """<ProjectReference Include="..\..\Training\Cpd.Training\Cpd.Training.csproj" />""", "Cpd.Forums references Cpd.Training:")]
    [InlineData("Cpd.Forums", """<ProjectReference Include="../Cpd.Placements.Contracts.csproj" />""", "Cpd.Forums references Cpd.Placements.Contracts:")]
    [InlineData("Cpd.Forums.Contracts", """<ProjectReference Include="../Cpd.Forums/Cpd.Forums.csproj" />""", "Cpd.Forums.Contracts references Cpd.Forums:")]
    [InlineData("Cpd.Platform", """<ProjectReference Include="../Cpd.People.Contracts.csproj" />""", "Cpd.Platform references Cpd.People.Contracts:")]
    [InlineData("Cpd.Host", """<ProjectReference Include="../Cpd.People.Contracts.csproj" />""", "Cpd.Host references Cpd.People.Contracts:")]
    [InlineData("Cpd.People", """<InternalsVisibleTo Include="Cpd.Training" />""", "Cpd.People shows its internals to Cpd.Training")]
    public void ModuleMap_ProjectHoldsMore_IsNamed(string project, string item, string problem) => Expect.One(
        ModuleMap.Problems(new Dictionary<string, string>(Good) { [$"src/{project}.csproj"] = Good[$"src/{project}.csproj"].Replace("</ItemGroup>", item + "</ItemGroup>", StringComparison.Ordinal) }), problem);

    [Fact]
    public void ModuleMap_ReferenceIsMissing_IsNamed() =>
        Expect.One(ModuleMap.Problems(new Dictionary<string, string>(Good) { ["src/Cpd.Accreditation.Contracts.csproj"] = "<Project />" }), "Cpd.Accreditation.Contracts does not reference Cpd.Platform");

    [Fact]
    public void ModuleMap_ProjectIsUnknownOrGone_IsNamed() {
        Expect.One(ModuleMap.Problems(new Dictionary<string, string>(Good) { ["src/Cpd.Extra.csproj"] = "<Project />" }), "Cpd.Extra: not in the table");
        Expect.One(ModuleMap.Problems(Good.Where(p => p.Key != "src/Cpd.Host.csproj").ToDictionary()), "Cpd.Host: in ModuleMap, but there is no such project");
    }
}
