using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Cpd.Architecture.Tests.Sql;

/// <summary>
/// Reads db/migrations in order: builds the schema that the statements are resolved against, and says what would not run, or not
/// mean the same, on both engines, or would tie two modules together in the database.
/// </summary>
sealed partial class Migrations {
    static readonly string[] Prefixes = ["platform_", .. Product.Modules.Select(m => m.ToLowerInvariant() + "_")];
    // Nouns that end in s and are one thing.
    static readonly string[] Singular = ["Series", "News"];

    readonly List<string> problems = [];
    readonly Dictionary<string, (string File, string Table)> names = new(StringComparer.OrdinalIgnoreCase);
    // The tables that the file at hand has copied rows from.
    readonly HashSet<string> read = new(StringComparer.Ordinal);
    string file = "", prefix = "";

    public Schema Schema { get; } = new();
    public IReadOnlyList<string> Problems => problems;

    /// <param name="files">File name to text.</param>
    public static Migrations Read(IReadOnlyDictionary<string, string> files) {
        var result = new Migrations();
        var number = 0;
        foreach (var (path, text) in files.OrderBy(f => Path.GetFileName(f.Key), StringComparer.Ordinal)) {
            result.file = Path.GetFileName(path);
            result.read.Clear();
            number++;
            var name = FileName().Match(result.file);
            result.prefix = name.Groups["module"].Value + "_";
            if (!name.Success || !Prefixes.Contains(result.prefix)) result.problems.Add($"{result.file}: the name is not NNNN_module_what.sql");
            else if (int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture) != number) result.problems.Add($"{result.file}: number {number:0000} comes here; numbers are unique and without gaps");
            result.File(text);
        }
        return result;
    }

    void File(string text) {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (LongText().IsMatch(text)) Report(1 + lines.Index().First(l => LongText().IsMatch(l.Item)).Index, "NVARCHAR(MAX) is SQL Server's: write {LONGTEXT}");
        // As the migrator cuts it: comment lines out, a statement ends with a semicolon at the end of a line. Lines keep their numbers.
        var body = string.Join('\n', lines.Select(l => l.TrimStart().StartsWith("--", StringComparison.Ordinal) ? "" : l.TrimEnd()));
        var first = 0;
        foreach (var piece in body.Split(";\n")) {
            var offset = first;
            first += piece.Count(c => c == '\n') + 1;
            if (piece.Trim().TrimEnd(';').Length == 0) continue;
            void At(int line, string problem) => Report(offset + line, problem);
            var statements = Tsql.Parse(piece, At);
            if (statements.Count > 1) At(statements[1].StartLine, "two statements before one semicolon at a line's end: the migrator would send them as one");
            foreach (var statement in statements) Statement(statement, At);
        }
    }

    void Statement(TSqlStatement statement, Action<int, string> report) {
        if (statement is not (InsertStatement or UpdateStatement)) new Binder(Schema, prefix, report).Words(statement);
        foreach (var table in Sources.Of(statement)) read.Add(table);
        switch (statement) {
            case CreateTableStatement create: Create(create, report); break;
            case AlterTableAddTableElementStatement add: Alter(add, report); break;
            case CreateIndexStatement index: Index(index, report); break;
            case DropTableStatement drop: Drop(drop, report); break;
            case InsertStatement or UpdateStatement: new Binder(Schema, prefix, report).Statement(statement); break;
            default: report(statement.StartLine, $"{statement.GetType().Name}: a migration creates tables and indexes, adds columns, moves data with INSERT and UPDATE, and drops a table whose rows it has moved"); break;
        }
    }

    void Create(CreateTableStatement create, Action<int, string> report) {
        var name = create.SchemaObjectName.BaseIdentifier.Value;
        var table = new Table(name);
        CheckOwner(create.SchemaObjectName, report);
        if (!TableName().IsMatch(name)) report(create.StartLine, $"{name}: a table is module_Noun");
        if (Plural().IsMatch(name) && !Singular.Any(s => name.EndsWith(s, StringComparison.Ordinal))) report(create.StartLine, $"{name} looks plural: a table is named for one of its rows");
        if (!Schema.Add(table)) report(create.StartLine, $"{name} is created twice");
        if (create.Options.Count > 0 || create.OnFileGroupOrPartitionScheme is not null) report(create.StartLine, $"{name}: table options are SQL Server's alone");
        Elements(create.Definition, table, isNew: true, report);
    }

    /// <summary>The only way to change a constraint on SQLite: copy the rows away, drop the table, make it anew under its name. What was in it must have been read in this file.</summary>
    void Drop(DropTableStatement drop, Action<int, string> report) {
        if (drop.IsIfExists || drop.Objects.Count != 1) report(drop.StartLine, "DROP TABLE names one table, which is there");
        foreach (var dropped in drop.Objects) {
            var name = dropped.BaseIdentifier.Value;
            CheckOwner(dropped, report);
            if (!Schema.Remove(name)) report(drop.StartLine, $"unknown table {name}");
            else if (!read.Contains(name)) report(drop.StartLine, $"{name} is dropped and its rows are not copied first");
            foreach (var gone in names.Where(n => n.Value.Table == name).Select(n => n.Key).ToList()) names.Remove(gone);
        }
    }

    void Alter(AlterTableAddTableElementStatement add, Action<int, string> report) {
        CheckOwner(add.SchemaObjectName, report);
        if (Schema.Find(add.SchemaObjectName.BaseIdentifier.Value) is not { } table) {
            report(add.StartLine, $"unknown table {add.SchemaObjectName.BaseIdentifier.Value}");
            return;
        }
        if (add.Definition.ColumnDefinitions.Count != 1 || add.Definition.TableConstraints.Count > 0) report(add.StartLine, "ALTER TABLE adds exactly one column: SQLite knows nothing else");
        Elements(add.Definition, table, isNew: false, report);
    }

    void Elements(TableDefinition definition, Table table, bool isNew, Action<int, string> report) {
        if (definition.Indexes.Count > 0) report(definition.StartLine, $"{table.Name}: an index inside a table is SQL Server's alone");
        foreach (var c in definition.ColumnDefinitions) {
            var name = c.ColumnIdentifier.Value;
            if (c.DataType is null || c.ComputedColumnExpression is not null) report(c.StartLine, $"{table.Name}.{name} has no type");
            else if (TypeProblem(c.DataType) is { } problem) report(c.StartLine, $"{table.Name}.{name}: {problem}");
            if (c.IdentityOptions is not null) report(c.StartLine, $"{table.Name}.{name}: IDENTITY is SQL Server's alone; keys are made in C#");
            if (c.Collation is not null) report(c.StartLine, $"{table.Name}.{name}: text is compared on a normalised column, not by collation");
            var isKey = c.Constraints.OfType<UniqueConstraintDefinition>().Any(u => u.IsPrimaryKey);
            var nullable = c.Constraints.OfType<NullableConstraintDefinition>().FirstOrDefault()?.Nullable ?? true;
            if (!isNew && !nullable && c.DefaultConstraint is null) report(c.StartLine, $"{table.Name}.{name}: a NOT NULL column added to rows that exist needs a default");
            if (isKey && nullable) report(c.StartLine, $"{table.Name}.{name} is a key and not NOT NULL: SQLite would take NULL");
            if (table.Columns.Any(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) report(c.StartLine, $"{table.Name}.{name} exists already");
            if (!c.Constraints.OfType<NullableConstraintDefinition>().Any()) report(c.StartLine, $"{table.Name}.{name} says neither NULL nor NOT NULL: SQL Server takes what the connection is set to");
            table.Widths[name] = Width(c.DataType);
            table.Columns.Add(new(name, c.DataType?.Name(), nullable, c.DefaultConstraint is not null));
        }
        var constraints = definition.ColumnDefinitions.SelectMany(c => c.Constraints.Append(c.DefaultConstraint).Where(x => x is not null).Select(x => (Constraint: x, Column: c.ColumnIdentifier.Value)))
            .Concat(definition.TableConstraints.Select(x => (Constraint: x, Column: "")));
        foreach (var (constraint, column) in constraints.Distinct()) Constraint(constraint, column, table, report);
    }

    void Constraint(ConstraintDefinition constraint, string column, Table table, Action<int, string> report) {
        if (constraint is NullableConstraintDefinition) return;
        var binder = new Binder(Schema, prefix, report);
        string[] kind = [];
        switch (constraint) {
            case UniqueConstraintDefinition unique:
                kind = [unique.IsPrimaryKey ? "PK_" : "UQ_"];
                if (unique.Clustered is not null) report(unique.StartLine, $"{table.Name}: CLUSTERED is SQL Server's alone");
                var parts = unique.Columns.Select(c => c.Column.MultiPartIdentifier.Identifiers[^1].Value).ToList();
                if (column.Length > 0 && parts.Count == 0) parts.Add(column);
                CheckKey(unique, unique.ConstraintIdentifier?.Value ?? table.Name, parts, unique.IsPrimaryKey ? WidestClustered : WidestOther, table, report);
                if (!unique.IsPrimaryKey)
                    foreach (var c in parts.Where(p => table.Columns.FirstOrDefault(x => x.Name == p) is { Nullable: true })) report(unique.StartLine, $"{table.Name}.{c} may be NULL: SQL Server takes one NULL only; make a unique index WHERE {c} IS NOT NULL");
                foreach (var c in unique.Columns.Select(c => c.Column.MultiPartIdentifier.Identifiers[^1].Value)) {
                    CheckColumn(unique, c, table, report);
                    if (unique.IsPrimaryKey && table.Columns.FirstOrDefault(x => x.Name == c) is { Nullable: true }) report(unique.StartLine, $"{table.Name}.{c} is a key and not NOT NULL: SQLite would take NULL");
                }
                break;
            case ForeignKeyConstraintDefinition key:
                kind = ["FK_"];
                if (key.DeleteAction is not (DeleteUpdateAction.NotSpecified or DeleteUpdateAction.NoAction) || key.UpdateAction is not (DeleteUpdateAction.NotSpecified or DeleteUpdateAction.NoAction))
                    report(key.StartLine, $"{table.Name}: a foreign key that cascades: SQL Server refuses two ways to one table, and nobody sees what goes");
                foreach (var c in key.Columns) CheckColumn(key, c.Value, table, report);
                var target = key.ReferenceTableName.BaseIdentifier.Value;
                if (Schema.PrefixOf(target) != Schema.PrefixOf(table.Name)) report(key.StartLine, $"{table.Name} has a foreign key to {target}: none crosses a module's wall");
                else if (Schema.Find(target) is not { } found) report(key.StartLine, $"{table.Name} has a foreign key to {target}: unknown table");
                else foreach (var c in key.ReferencedTableColumns) CheckColumn(key, c.Value, found, report);
                break;
            case CheckConstraintDefinition check:
                kind = ["CK_"];
                binder.Condition(check.CheckCondition, table);
                break;
            case DefaultConstraintDefinition value:
                kind = ["DF_"];
                binder.Condition(value.Expression, new Table(table.Name));
                break;
            default: report(constraint.StartLine, $"{table.Name}: {constraint.GetType().Name} is not known to both engines"); break;
        }
        Name(constraint, constraint.ConstraintIdentifier?.Value, table.Name, kind, $"a constraint of {table.Name}{(column.Length > 0 ? "." + column : "")}", report);
    }

    void Index(CreateIndexStatement index, Action<int, string> report) {
        Name(index, index.Name.Value, index.OnName.BaseIdentifier.Value, index.Unique ? ["UQ_", "IX_"] : ["IX_"], "an index", report);
        CheckOwner(index.OnName, report);
        if (index.Clustered is not null || index.IncludeColumns.Count > 0 || index.IndexOptions.Count > 0) report(index.StartLine, $"{index.Name.Value}: CLUSTERED, INCLUDE and WITH are SQL Server's alone");
        if (Schema.Find(index.OnName.BaseIdentifier.Value) is not { } table) {
            report(index.StartLine, $"unknown table {index.OnName.BaseIdentifier.Value}");
            return;
        }
        foreach (var column in index.Columns) CheckColumn(index, column.Column.MultiPartIdentifier.Identifiers[^1].Value, table, report);
        var parts = index.Columns.Select(c => c.Column.MultiPartIdentifier.Identifiers[^1].Value).ToList();
        CheckKey(index, index.Name.Value, parts, WidestOther, table, report);
        var filled = new HashSet<string>();
        if (index.FilterPredicate is not null) CollectFilled(index.FilterPredicate, filled);
        if (index.Unique)
            foreach (var c in parts.Where(p => !filled.Contains(p) && table.Columns.FirstOrDefault(x => x.Name == p) is { Nullable: true })) report(index.StartLine, $"{index.Name.Value}: {table.Name}.{c} may be NULL, and SQL Server takes one NULL only: add WHERE {c} IS NOT NULL");
        if (index.FilterPredicate is not null) new Binder(Schema, prefix, report).Condition(index.FilterPredicate, table);
    }

    // SQL Server makes the primary key the clustered one.
    const int WidestClustered = 900;
    const int WidestOther = 1700;

    static void CheckKey(TSqlFragment at, string name, List<string> columns, int widest, Table table, Action<int, string> report) {
        foreach (var c in columns.Where(c => table.Widths.TryGetValue(c, out var w) && w is null)) report(at.StartLine, $"{name}: {table.Name}.{c} is long text, which no index holds");
        if (columns.Sum(c => table.Widths.GetValueOrDefault(c) ?? 0) is var width && width > widest) report(at.StartLine, $"{name} may be {width} bytes wide: SQL Server refuses a row whose key is over {widest}");
        foreach (var twice in columns.GroupBy(c => c).Where(g => g.Count() > 1)) report(at.StartLine, $"{name} names {twice.Key} twice");
    }

    static int? Width(DataTypeReference? type) => type is not SqlDataTypeReference sql ? 0 : (sql.SqlDataTypeOption, sql.Parameters) switch {
        (SqlDataTypeOption.NVarChar, [IntegerLiteral n]) => 2 * int.Parse(n.Value, CultureInfo.InvariantCulture),
        (SqlDataTypeOption.NVarChar, _) => null,
        (SqlDataTypeOption.Binary, [IntegerLiteral n]) => int.Parse(n.Value, CultureInfo.InvariantCulture),
        (SqlDataTypeOption.BigInt, _) => 8,
        (SqlDataTypeOption.DateTime2, _) => 7,
        (SqlDataTypeOption.Int, _) => 4,
        (SqlDataTypeOption.Date, _) => 3,
        _ => 1,
    };

    /// <summary>Adds the columns that an index's filter keeps from being NULL. The parser knows no filter but comparisons with literals, IN, IS NULL and AND.</summary>
    static void CollectFilled(BooleanExpression filter, HashSet<string> filled) {
        switch (filter) {
            case BooleanBinaryExpression both:
                CollectFilled(both.FirstExpression, filled);
                CollectFilled(both.SecondExpression, filled);
                break;
            case BooleanParenthesisExpression inner: CollectFilled(inner.Expression, filled); break;
            case BooleanIsNullExpression { IsNot: true, Expression: ColumnReferenceExpression column }: Add(column); break;
            case BooleanComparisonExpression { FirstExpression: ColumnReferenceExpression column }: Add(column); break;
            case InPredicate { Expression: ColumnReferenceExpression column }: Add(column); break;
            default: break;
        }
        void Add(ColumnReferenceExpression column) => filled.Add(column.MultiPartIdentifier.Identifiers[^1].Value);
    }

    void Name(TSqlFragment at, string? name, string table, string[] kinds, string what, Action<int, string> report) {
        if (name is null) report(at.StartLine, $"{what} has no name: SQL Server would invent one that no later migration knows");
        else if (!kinds.Any(k => name.StartsWith(k, StringComparison.Ordinal))) report(at.StartLine, $"{name}: {what} is named {string.Join(" or ", kinds)}…");
        if (name is not null && !names.TryAdd(name, (file, table))) report(at.StartLine, $"{name} exists already in {names[name].File}");
    }

    void CheckOwner(SchemaObjectName name, Action<int, string> report) {
        if (name.Count > 1) report(name.StartLine, $"{name.Words()}: schema names do not exist on SQLite");
        if (Schema.PrefixOf(name.BaseIdentifier.Value) != prefix) report(name.StartLine, $"{name.BaseIdentifier.Value} is not a table of {prefix}, for which the file is named");
    }

    static void CheckColumn(TSqlFragment at, string column, Table table, Action<int, string> report) {
        if (table.Columns.All(c => c.Name != column)) report(at.StartLine, $"unknown column {table.Name}.{column}");
    }

    static string? TypeProblem(DataTypeReference type) => type is not SqlDataTypeReference sql ? $"{type.Words()} is not a type of both engines"
        : (sql.SqlDataTypeOption, sql.Parameters) switch {
            (SqlDataTypeOption.Int or SqlDataTypeOption.BigInt or SqlDataTypeOption.Bit or SqlDataTypeOption.Date, []) => null,
            (SqlDataTypeOption.Binary, [IntegerLiteral]) => null,
            (SqlDataTypeOption.NVarChar, [MaxLiteral]) => null,
            (SqlDataTypeOption.NVarChar, [IntegerLiteral n]) when int.Parse(n.Value, CultureInfo.InvariantCulture) is >= 1 and <= 4000 => null,
            (SqlDataTypeOption.DateTime2, [IntegerLiteral { Value: "3" }]) => null,
            _ => $"{type.Words()} is none of BINARY(n), NVARCHAR(n up to 4000), INT, BIGINT, BIT, DATE, DATETIME2(3), {{LONGTEXT}}",
        };

    /// <summary>The tables that an INSERT … SELECT reads.</summary>
    sealed class Sources : TSqlFragmentVisitor {
        readonly List<string> found = [];
        public override void Visit(NamedTableReference node) => found.Add(node.SchemaObject.BaseIdentifier.Value);
        public static List<string> Of(TSqlStatement statement) {
            var sources = new Sources();
            if (statement is InsertStatement { InsertSpecification.InsertSource: SelectInsertSource select }) select.Accept(sources);
            return sources.found;
        }
    }

    void Report(int line, string problem) => problems.Add($"{file}:{line}: {problem}");

    [GeneratedRegex(@"\A(?<number>\d{4})_(?<module>[a-z]+)_[a-z0-9_]+\.sql\z")]
    private static partial Regex FileName();
    [GeneratedRegex(@"\A[a-z]+_[A-Z][A-Za-z0-9]*\z")]
    private static partial Regex TableName();
    [GeneratedRegex(@"[^sui]s\z")]
    private static partial Regex Plural();
    [GeneratedRegex(@"NVARCHAR\s*\(\s*MAX", RegexOptions.IgnoreCase)]
    private static partial Regex LongText();
}
