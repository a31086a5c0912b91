using System.Text.RegularExpressions;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Cpd.Architecture.Tests.Sql;

/// <summary>SQL Server's own grammar (level 2019), after the two rewrites that happen at run time.</summary>
static partial class Tsql {
    public static IReadOnlyList<TSqlStatement> Parse(string sql, Action<int, string> report) {
        // Dapper expands a list given for "IN @Ids" into "IN (@Ids1, @Ids2)"; the migrator puts the engine's long text type in.
        var text = List().Replace(sql, "IN (@$1)").Replace("{LONGTEXT}", "NVARCHAR(MAX)", StringComparison.Ordinal);
        var tree = new TSql150Parser(initialQuotedIdentifiers: true).Parse(new StringReader(text), out var errors);
        foreach (var error in errors) report(error.Line, $"not T-SQL: {error.Message}");
        return errors.Count > 0 || tree is not TSqlScript script ? [] : [.. script.Batches.SelectMany(b => b.Statements)];
    }

    /// <summary>The words of a fragment without spaces and comments, so that two spellings of one expression compare equal.</summary>
    public static string Words(this TSqlFragment fragment) => Punctuation().Replace(string.Join(' ', fragment.ScriptTokenStream
        .Skip(fragment.FirstTokenIndex).Take(fragment.LastTokenIndex - fragment.FirstTokenIndex + 1)
        .Where(t => t.TokenType is not (TSqlTokenType.WhiteSpace or TSqlTokenType.SingleLineComment or TSqlTokenType.MultilineComment))
        .Select(t => t.Text)), "$1$2");

    /// <summary>The type's name as the migrations write it; long text is text.</summary>
    public static string Name(this DataTypeReference type) => type is SqlDataTypeReference { SqlDataTypeOption: var option } ? option.ToString().ToUpperInvariant() : type.Words();

    [GeneratedRegex(@" ?([.(]) | ([,)])")]
    private static partial Regex Punctuation();
    [GeneratedRegex(@"\bIN\s+@(\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex List();
}
