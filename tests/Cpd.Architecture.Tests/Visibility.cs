using Mono.Cecil;

namespace Cpd.Architecture.Tests;

/// <summary>
/// What a module shows. The wall between modules is C#'s own <c>internal</c>: it holds only while nothing inside is public, and what
/// is public (Contracts) stays a promise others can keep: values, no behaviour.
/// </summary>
static class Visibility {
    static readonly string[] Values = [
        "System.Boolean", "System.Byte", "System.Int16", "System.Int32", "System.Int64", "System.Double", "System.Char",
        "System.String", "System.Guid", "System.DateTime", "System.DateOnly",
    ];
    static readonly string[] Wrappers = ["System.Nullable`1", "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.IReadOnlyCollection`1"];

    /// <param name="shown">The one public type: the module's composition.</param>
    public static IReadOnlyList<string> InsideProblems(IEnumerable<TypeDefinition> types, string shown) {
        var problems = new List<string>();
        foreach (var type in types) {
            if (type.IsSeenOutside() && type.Name != shown) problems.Add($"{type.FullName} is public: only {shown} and the Contracts are seen outside a module");
            if (!type.IsSealed && !type.IsAbstract && !type.IsInterface) problems.Add($"{type.FullName} is not sealed: inheritance is decided, not left open");
        }
        return problems;
    }

    public static IReadOnlyList<string> ContractProblems(IEnumerable<TypeDefinition> types) {
        var problems = new List<string>();
        foreach (var type in types) {
            if (!type.IsSeenOutside()) problems.Add($"{type.FullName} is not public: Contracts hold only what others may use");
            // The one exception: the words that people read for the shared vocabulary, so that every module shows the same.
            if (type.IsEnum || type.FullName == "Cpd.People.Contracts.Wording") continue;
            if (!type.IsRecord() || !type.IsSealed) problems.Add($"{type.FullName} is neither a sealed record nor an enum: Contracts hold values, not behaviour");
            problems.AddRange(type.Properties.Where(p => p.GetMethod is { IsPublic: true } && !IsValue(p.PropertyType))
                .Select(p => $"{type.FullName}.{p.Name} is {p.PropertyType.FullName}: Contracts hold primitives, ids, UTC times, enums, records of Contracts and read-only lists of them"));
        }
        return problems;
    }

    static bool IsValue(TypeReference type) => type switch {
        GenericInstanceType generic => Wrappers.Contains(generic.ElementType.FullName) && IsValue(generic.GenericArguments[0]),
        ArrayType => false,
        _ => Values.Contains(type.FullName) || (type.FullName.StartsWith("Cpd.", StringComparison.Ordinal) && type.Resolve() is { } own
            && (own.IsEnum || (own.IsRecord() && (own.Module.Assembly.Name.Name.EndsWith(".Contracts", StringComparison.Ordinal) || own.Module == type.Module)))),
    };
}

public class VisibilityTests {
    [Fact]
    public void Visibility_Modules_AreInternalAndSealed() {
        var types = Product.Modules.ToDictionary(m => m, m => Product.Written([$"Cpd.{m}"]));
        Assert.NotEmpty(types.Values.SelectMany(t => t));
        Expect.None([.. types.SelectMany(m => Visibility.InsideProblems(m.Value, $"{m.Key}Module"))]);
    }

    [Fact]
    public void Visibility_Contracts_HoldValues() {
        var types = Product.Written(Product.Modules.Select(m => $"Cpd.{m}.Contracts"));
        Assert.NotEmpty(types);
        Expect.None(Visibility.ContractProblems(types));
    }

    [Fact]
    public void Visibility_TypeIsPublicOrOpen_IsNamed() =>
        Expect.Each(Visibility.InsideProblems(Product.Fixtures<ModuleFixture>(), "GoodModule"), "ModuleFixture/Leak is public", "ModuleFixture/Open is not sealed");

    [Fact]
    public void Visibility_ContractHoldsMoreThanValues_IsNamed() =>
        Expect.Each(Visibility.ContractProblems(Product.Fixtures<ContractFixture>()),
            "ContractFixture/Hidden is not public", "ContractFixture/Worker is neither", "ContractFixture/Bare is neither", "Loose.Names is System.Collections.Generic.List", "Loose.At is System.DateTimeOffset", "Loose.Keys is System.Guid[]");

#pragma warning disable CA1052, CA1002, CA1819, CA1822, CA1852 // These fixtures are bad on purpose.
    public sealed class ModuleFixture {
        public sealed class GoodModule;
        public sealed class Leak;
        internal class Open;
        internal abstract class Base;
        internal static class Fine {
            public sealed record Command(Guid Id);
        }
        internal interface IFine;
        internal enum Kind { One }
    }

    public sealed class ContractFixture {
        public enum Kind { One }
        public sealed record Good(Guid Id, string? Name, DateTime At, DateOnly? Day, Kind Kind, Kind? Other, int Minutes, Inner Inner, IReadOnlyList<Inner> Inners, IReadOnlyCollection<Guid> Ids);
        public sealed record Inner(bool Yes, long? Count);
        public sealed record Loose(List<string> Names, DateTimeOffset At, Guid[] Keys);
        internal sealed record Hidden(int Value);
        public sealed class Worker;
        public record Bare(int Value);
    }
#pragma warning restore CA1052, CA1002, CA1819, CA1822, CA1852
}
