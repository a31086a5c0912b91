using Mono.Cecil;

// The readers share one cache of assemblies, which is not made for two threads; the whole run takes seconds anyway.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Cpd.Architecture.Tests;

/// <summary>What the rules look at: the compiled assemblies beside this one, and the source tree above it.</summary>
static class Product {
    public static readonly IReadOnlyList<string> Modules = ["People", "Training", "Forums", "Placements", "Accreditation"];
    public static readonly string Root = FindRoot();

    static readonly ReaderParameters Reading = new() { AssemblyResolver = Resolver() };

    /// <summary>Every assembly of ours that runs in production, by name.</summary>
    public static IEnumerable<string> Assemblies => ["Cpd.Platform", .. Modules.SelectMany(m => new[] { $"Cpd.{m}", $"Cpd.{m}.Contracts" }), "Cpd.Host"];

    public static ModuleDefinition Read(string assembly) => Reading.AssemblyResolver.Resolve(new AssemblyNameReference(assembly, null)).MainModule;

    /// <summary>The types somebody wrote: what compilers and Razor add is left out.</summary>
    public static IReadOnlyList<TypeDefinition> Written(IEnumerable<string> assemblies) => [.. assemblies.SelectMany(a => Written(Read(a)))];

    public static IEnumerable<TypeDefinition> Written(ModuleDefinition module) => module.GetTypes().Where(t =>
        (Outermost(t).Namespace.StartsWith("Cpd.", StringComparison.Ordinal) || Outermost(t).Name == "Program")
        && !t.FullName.Contains('<', StringComparison.Ordinal)
        && !t.CustomAttributes.Any(a => a.AttributeType.Name == "CompilerGeneratedAttribute"));

    /// <summary>The fixtures of one rule: the types nested in <typeparamref name="T"/>, compiled into this very assembly.</summary>
    public static IReadOnlyList<TypeDefinition> Fixtures<T>() => [.. Written(Read("Cpd.Architecture.Tests")).Where(t => t.FullName.StartsWith(typeof(T).FullName!.Replace('+', '/') + "/", StringComparison.Ordinal))];

    public static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    /// <summary>Files under a folder of the repository by their path from its root, with forward slashes; build output left out.</summary>
    public static IReadOnlyDictionary<string, string> Files(string folder, string pattern) {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
                .Where(f => !f.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
                .Order(StringComparer.Ordinal)
                .ToDictionary(f => f, f => File.ReadAllText(Path.Combine(Root, f)))
            : new Dictionary<string, string>();
    }

    static string FindRoot() {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Cpd.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Cpd.sln above {AppContext.BaseDirectory}.");
    }

    static DefaultAssemblyResolver Resolver() {
        var resolver = new DefaultAssemblyResolver();
        foreach (var searched in resolver.GetSearchDirectories()) resolver.RemoveSearchDirectory(searched);
        foreach (var folder in (string[])[AppContext.BaseDirectory, .. FrameworkFolders]) resolver.AddSearchDirectory(folder);
        return resolver;
    }

    static IEnumerable<string> FrameworkFolders =>
        new[] { typeof(object), typeof(Microsoft.AspNetCore.Http.HttpContext) }.Select(t => Path.GetDirectoryName(t.Assembly.Location)!);
}

/// <summary>How a rule speaks: all its problems at once, one a line.</summary>
static class Expect {
    public static void None(IReadOnlyCollection<string> problems) =>
        Assert.True(problems.Count == 0, $"{problems.Count} problem(s):\n{string.Join('\n', problems)}");

    /// <summary>Exactly one problem, and it holds each of the words.</summary>
    public static void One(IReadOnlyCollection<string> problems, params string[] words) {
        Assert.True(problems.Count == 1, $"one problem was expected, but there were {problems.Count}:\n{string.Join('\n', problems)}");
        foreach (var word in words) Assert.Contains(word, problems.First(), StringComparison.Ordinal);
    }

    /// <summary>Exactly these offenders: each word in a problem of its own, and no further problem.</summary>
    public static void Each(IReadOnlyCollection<string> problems, params string[] words) {
        foreach (var word in words) Assert.True(problems.Any(p => p.Contains(word, StringComparison.Ordinal)), $"'{word}' is not named in:\n{string.Join('\n', problems)}");
        Assert.True(problems.Count == words.Length, $"{words.Length} problems were expected, but there were {problems.Count}:\n{string.Join('\n', problems)}");
    }
}
