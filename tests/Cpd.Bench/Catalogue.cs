using System.Reflection;

namespace Cpd.Bench;

/// <summary>Finds the benchmarks and drills of this assembly: a new one is a new class in a file of its own, and nothing else.</summary>
static class Catalogue {
    /// <summary>One of each kind of <typeparamref name="T"/>, by name; those that were named, or all. Null, after saying so, when a name is not known.</summary>
    internal static IReadOnlyList<T>? Find<T>(IReadOnlyList<string> names) where T : INamed {
        var all = Assembly.GetExecutingAssembly().GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(T)))
            .Select(t => (T)Activator.CreateInstance(t)!).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        var unknown = names.Except(all.Select(a => a.Name)).ToList();
        if (unknown.Count == 0) return [.. all.Where(a => names.Count == 0 || names.Contains(a.Name))];
        Console.Error.WriteLine($"There is no {string.Join(" or ", unknown)}. There are: {string.Join(", ", all.Select(a => a.Name))}.");
        return null;
    }
}

interface INamed {
    /// <summary>As it is named on the command line: small letters and hyphens.</summary>
    string Name { get; }
}
