namespace Cpd.Architecture.Tests.Sql;

/// <summary>
/// One SQL text for two engines: every statement in the assemblies parses as T-SQL, resolves against the migrations, stays with its
/// module's tables and keeps off what the engines do differently.
/// </summary>
static class Statements {
    public static IReadOnlyList<string> Problems(IEnumerable<Literal> literals, Schema schema) {
        var problems = new List<string>();
        foreach (var literal in literals) {
            var lines = literal.Text.Split('\n');
            void Report(int line, string problem) =>
                problems.Add($"{literal.Place}, line {line} of \"{Literals.FirstLine(literal.Text)}\": {problem}{(lines.Length > 1 && line <= lines.Length ? $" [{lines[line - 1].Trim()}]" : "")}");
            var binder = new Binder(schema, PrefixOf(literal.Owner), Report);
            foreach (var statement in Tsql.Parse(literal.Text, Report)) binder.Statement(statement);
        }
        return [.. problems.Distinct()];
    }

    // The host has no tables of its own: it stands on the platform's.
    static string PrefixOf(string owner) => owner is "Host" ? "platform_" : owner.ToLowerInvariant() + "_";
}
