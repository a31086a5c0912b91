using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cpd.Architecture.Tests.Sql;

/// <summary>One SQL text as it was compiled. Owner is the module (or Platform, Host) whose tables it may name.</summary>
sealed record Literal(string Owner, string Place, string Text);

/// <summary>
/// The SQL that the compiled assemblies hold. Compiled, because there a constant built from constants is one whole text, and
/// nothing that runs can be missed for standing in an unusual file.
/// </summary>
static partial class Literals {
    /// <summary>All SQL of a module, each text once; a constant that is part of a longer statement is judged there.</summary>
    public static IReadOnlyList<Literal> In(ModuleDefinition module, string owner) => In(module.GetTypes(), owner);

    public static IReadOnlyList<Literal> In(IEnumerable<TypeDefinition> types, string owner) {
        var (loaded, constants) = Texts(types);
        var statements = loaded.Where(t => IsSql(t.Text)).ToList();
        return [.. constants.Where(c => IsSql(c.Text)).Where(c => !statements.Any(s => s.Text.Length > c.Text.Length && s.Text.Contains(c.Text, StringComparison.Ordinal)))
            .Concat(statements).DistinctBy(t => t.Text).Select(t => new Literal(owner, t.Place, t.Text))];
    }

    /// <summary>Pieces of statements that are put together at run time, where no check can see the whole.</summary>
    public static IReadOnlyList<string> FragmentProblems(IEnumerable<TypeDefinition> types) => [.. Texts(types).Loaded
        .Where(t => !IsSql(t.Text) && (Fragment().IsMatch(t.Text) || NamesTable().IsMatch(t.Text)))
        .Select(t => $"{t.Place}: \"{FirstLine(t.Text)}\" is a piece of SQL put together at run time; make each whole statement one constant")
        .Distinct()];

    /// <summary>
    /// Statements are written with capital verbs; lower case counts only beside a table's name, so that prose such as
    /// "Select a course from the list" is not taken for SQL.
    /// </summary>
    public static bool IsSql(string text) {
        var body = LeadingComments().Replace(text, "").TrimStart();
        return Verb().IsMatch(body) || (AnyVerb().IsMatch(body) && TableName().IsMatch(body));
    }

    public static string FirstLine(string text) {
        var line = text.Trim().Split('\n')[0].Trim();
        return line.Length <= 80 ? line : line[..80] + "…";
    }

    static (List<(string Place, string Text)> Loaded, List<(string Place, string Text)> Constants) Texts(IEnumerable<TypeDefinition> types) {
        var ours = types.Where(t => !IsSeam(Product.Outermost(t))).ToList();
        var loaded = from type in ours
                     from method in type.Methods
                     where method.HasBody
                     from instruction in method.Body.Instructions
                     where instruction.OpCode == OpCodes.Ldstr
                     select (PlaceOf(method), (string)instruction.Operand);
        var constants = from type in ours
                        from field in type.Fields
                        where field.HasConstant && field.Constant is string
                        select ($"{PlaceOf(field.DeclaringType)}.{field.Name}", (string)field.Constant);
        return ([.. loaded], [.. constants]);
    }

    // The dialect, the embedded file and the migrator are where the engines differ.
    static bool IsSeam(TypeDefinition type) => type.Namespace == "Cpd.Platform.Data"
        && (type.Name.Contains("Dialect", StringComparison.Ordinal) || type.Name.Contains("Migrator", StringComparison.Ordinal) || type.Name == "EmbeddedFile");

    // Async methods and lambdas are compiled into types and methods of their own, named <Handle>d__3 after the one that was written.
    public static string PlaceOf(MethodDefinition method) => $"{PlaceOf(method.DeclaringType)}.{(method.Name == "MoveNext" ? "" : Written(method.Name))}".TrimEnd('.');

    static string PlaceOf(TypeDefinition type) {
        var name = type.DeclaringType is null ? type.FullName : Written(type.Name);
        return type.DeclaringType is null ? name : $"{PlaceOf(type.DeclaringType)}.{name}".TrimEnd('.');
    }

    static string Written(string name) => name.StartsWith('<') ? name[1..Math.Max(1, name.IndexOf('>', StringComparison.Ordinal))] : name;

    const string Tables = @"\b(platform|people|training|forums|placements|accreditation)_\w+";

    [GeneratedRegex(@"\A(\s*--[^\n]*\n)+")]
    private static partial Regex LeadingComments();
    [GeneratedRegex(@"\A(SELECT\s[\s\S]*\bFROM\b|INSERT\s[\s\S]*\b(INTO|VALUES|SELECT)\b|UPDATE\s[\s\S]*\bSET\b|DELETE\s[\s\S]*\b(FROM|WHERE)\b|WITH\s[\s\S]*\bAS\s*\()")]
    private static partial Regex Verb();
    [GeneratedRegex(@"\A(SELECT|INSERT|UPDATE|DELETE|WITH)\s", RegexOptions.IgnoreCase)]
    private static partial Regex AnyVerb();
    [GeneratedRegex(Tables)]
    private static partial Regex TableName();
    [GeneratedRegex(@"\A\s*\(?(WHERE|AND|OR|ORDER\s+BY|GROUP\s+BY|HAVING|((LEFT|RIGHT|FULL|INNER|CROSS)\s+)?(OUTER\s+)?JOIN|UNION|EXCEPT|INTERSECT|SET|FROM|VALUES|EXISTS|NOT\s+EXISTS)[\s(]")]
    private static partial Regex Fragment();
    [GeneratedRegex(@"\b(FROM|JOIN|INTO|UPDATE)\s+" + Tables)]
    private static partial Regex NamesTable();
}
