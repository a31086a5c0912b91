using System.Xml.Linq;

namespace Cpd.Architecture.Tests;

/// <summary>
/// Who may know whom. A module asks others only through their Contracts; a pair that is not in this table is a decision to take,
/// not a reference to add. Compared with the project files, in both directions, so that the table never promises more than is used.
/// </summary>
static class ModuleMap {
    /// <summary>Whose Contracts a module may use besides its own.</summary>
    static readonly Dictionary<string, string[]> Asks = new() {
        ["People"] = [],
        ["Training"] = ["People", "Accreditation"],
        ["Forums"] = ["People"],
        ["Placements"] = ["People"],
        ["Accreditation"] = ["People", "Training"],
    };

    /// <summary>Who may see a module's internals.</summary>
    static readonly string[] Friends = ["Cpd.Tests", "Cpd.Architecture.Tests", "Cpd.Browser.Tests", "Cpd.Bench"];

    /// <summary>The exact references of each project under src.</summary>
    public static Dictionary<string, string[]> Allowed { get; } = new(
        Asks.Select(m => KeyValuePair.Create($"Cpd.{m.Key}", (string[])["Cpd.Platform", $"Cpd.{m.Key}.Contracts", .. m.Value.Select(other => $"Cpd.{other}.Contracts")]))
        .Concat(Asks.Keys.Select(m => KeyValuePair.Create($"Cpd.{m}.Contracts", (string[])["Cpd.Platform"])))) {
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
    static readonly IReadOnlyDictionary<string, string> Projects = Product.Files("src", "*.csproj");

    [Fact]
    public void ModuleMap_Product_HoldsExactlyTheAllowedReferences() {
        Assert.Equal(ModuleMap.Allowed.Count, Projects.Count);
        Expect.None(ModuleMap.Problems(Projects));
    }

    [Fact]
    public void ModuleMap_ModuleReferencesAnotherModule_IsNamed() =>
        Expect.One(With("Cpd.Forums", """<ProjectReference Include="..\..\Training\Cpd.Training\Cpd.Training.csproj" />"""), "Cpd.Forums references Cpd.Training:");

    [Fact]
    public void ModuleMap_ContractsReferenceOtherContracts_IsNamed() =>
        Expect.One(With("Cpd.Forums.Contracts", """<ProjectReference Include="../Cpd.People.Contracts.csproj" />"""), "Cpd.Forums.Contracts references Cpd.People.Contracts:");

    [Fact]
    public void ModuleMap_PlatformReferencesModule_IsNamed() =>
        Expect.One(With("Cpd.Platform", """<ProjectReference Include="../Modules/People/Cpd.People.Contracts/Cpd.People.Contracts.csproj" />"""), "Cpd.Platform references Cpd.People.Contracts:");

    [Fact]
    public void ModuleMap_InternalsShownToAnotherModule_IsNamed() =>
        Expect.One(With("Cpd.People", """<InternalsVisibleTo Include="Cpd.Training" />"""), "Cpd.People shows its internals to Cpd.Training");

    [Fact]
    public void ModuleMap_ReferenceIsMissing_IsNamed() =>
        Expect.One(ModuleMap.Problems(Projects.ToDictionary(p => p.Key, p => p.Key.EndsWith("/Cpd.Forums.Contracts.csproj", StringComparison.Ordinal) ? "<Project />" : p.Value)), "Cpd.Forums.Contracts does not reference Cpd.Platform");

    [Fact]
    public void ModuleMap_ProjectIsUnknown_IsNamed() =>
        Expect.One(ModuleMap.Problems(Projects.Append(new("src/Cpd.Extra.csproj", "<Project />")).ToDictionary()), "Cpd.Extra: not in the table");

    static IReadOnlyList<string> With(string project, string item) => ModuleMap.Problems(Projects.ToDictionary(p => p.Key, p =>
        Path.GetFileNameWithoutExtension(p.Key) == project ? p.Value.Replace("</Project>", $"<ItemGroup>{item}</ItemGroup></Project>", StringComparison.Ordinal) : p.Value));
}
