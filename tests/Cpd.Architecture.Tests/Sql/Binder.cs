using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Cpd.Architecture.Tests.Sql;

/// <summary>
/// Resolves every table and column of a statement against the schema, as SQL Server would before running it, and names
/// what one of the two engines refuses or, worse, takes in another meaning. The daily tests run on SQLite; this is what keeps
/// the same text right on SQL Server on a machine that has none.
/// </summary>
/// <param name="schema">What the migrations build.</param>
/// <param name="prefix">The prefix of the tables that the statement may name.</param>
/// <param name="report">Receives line and problem.</param>
sealed class Binder(Schema schema, string prefix, Action<int, string> report) {
    readonly Dictionary<string, IReadOnlyList<Column>?> ctes = new(StringComparer.Ordinal);

    /// <summary>What one FROM entry gives under its alias; columns are null when the table is unknown, which is reported once and then tolerated.</summary>
    sealed record Source(string Alias, IReadOnlyList<Column>? Columns);

    sealed class Scope(Scope? outer) {
        public Scope? Outer { get; } = outer;
        public List<Source> Sources { get; } = [];
    }

    public void Statement(TSqlStatement statement) {
        ctes.Clear();
        if (statement is not StatementWithCtesAndXmlNamespaces dml || statement is MergeStatement) {
            Report(statement, $"{statement.GetType().Name} is not SELECT, INSERT, UPDATE or DELETE");
            return;
        }
        if (dml.OptimizerHints.Count > 0) Report(dml, "OPTION is SQL Server's alone");
        Words(dml);
        foreach (var cte in dml.WithCtesAndXmlNamespaces?.CommonTableExpressions ?? []) Cte(cte);
        switch (statement) {
            case SelectStatement select:
                if (select.Into is not null) Report(select, "SELECT INTO makes a table: that is a migration's work");
                Query(select.QueryExpression, null);
                break;
            case InsertStatement insert: Insert(insert.InsertSpecification); break;
            case UpdateStatement update: Update(update.UpdateSpecification); break;
            case DeleteStatement delete: Delete(delete.DeleteSpecification); break;
            default: Report(statement, $"{statement.GetType().Name} is not SELECT, INSERT, UPDATE or DELETE"); break;
        }
    }

    /// <summary>A condition over one table, as in CHECK or a filtered index.</summary>
    public void Condition(TSqlFragment condition, Table table) {
        var scope = new Scope(null);
        scope.Sources.Add(new(table.Name, table.Columns));
        Walk(condition, scope);
    }

    /// <summary>What is wrong with names and literals wherever they stand.</summary>
    public void Words(TSqlFragment fragment) {
        var words = new WordVisitor();
        fragment.Accept(words);
        foreach (var name in words.Quoted) Report(name, $"{name.Words()} is quoted: a name that needs it is a reserved word, so take another");
        foreach (var literal in words.Literals.Where(l => l.Value.Any(c => c > 127))) Report(literal, $"{literal.Words()}: SQL Server reads a literal in the server's code page; give what is not plain ASCII as a parameter");
        foreach (var names in words.Parameters.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).Select(g => g.DistinctBy(p => p.Name).ToList()).Where(g => g.Count > 1))
            Report(names[1], $"{names[0].Name} and {names[1].Name} are one parameter on some servers and two on others");
    }

    sealed class WordVisitor : TSqlFragmentVisitor {
        public List<Identifier> Quoted { get; } = [];
        public List<StringLiteral> Literals { get; } = [];
        public List<VariableReference> Parameters { get; } = [];
        public override void Visit(Identifier node) { if (node.QuoteType != QuoteType.NotQuoted) Quoted.Add(node); }
        public override void Visit(StringLiteral node) => Literals.Add(node);
        public override void Visit(VariableReference node) => Parameters.Add(node);
    }

    void Cte(CommonTableExpression cte) {
        var name = cte.ExpressionName.Value;
        var named = cte.Columns.Select(c => c.Value).ToList();
        // Only a union can be recursive: its first part says what the name means in the second.
        if (cte.QueryExpression is BinaryQueryExpression)
            ctes[name] = [.. (named.Count > 0 ? named : OutputNames(cte.QueryExpression)).Select(n => new Column(n, null))];
        var columns = Query(cte.QueryExpression, null);
        ctes[name] = Named(cte, name, named, columns);
    }

    List<Column>? Named(TSqlFragment at, string alias, List<string> names, List<Column>? columns) {
        if (columns is null) return null;
        if (names.Count > 0 && names.Count != columns.Count) Report(at, $"{alias} names {names.Count} columns for {columns.Count}");
        List<Column> result = names.Count > 0 ? [.. names.Select((n, i) => new Column(n, i < columns.Count ? columns[i].Type : null))] : [.. columns];
        if (result.Any(c => c.Name.Length == 0)) Report(at, $"a column of {alias} has no name");
        foreach (var twice in result.Where(c => c.Name.Length > 0).GroupBy(c => c.Name).Where(g => g.Count() > 1)) Report(at, $"{alias} has two columns {twice.Key}");
        return result;
    }

    static IEnumerable<string> OutputNames(QueryExpression query) => query switch {
        BinaryQueryExpression union => OutputNames(union.FirstQueryExpression),
        QueryParenthesisExpression inner => OutputNames(inner.QueryExpression),
        QuerySpecification select => select.SelectElements.OfType<SelectScalarExpression>().Select(NameOf),
        _ => [],
    };

    static string NameOf(SelectScalarExpression element) =>
        element.ColumnName?.Value ?? ((element.Expression as ColumnReferenceExpression)?.MultiPartIdentifier?.Identifiers[^1].Value ?? "");

    /// <summary>The query's result columns; null when they cannot be known.</summary>
    List<Column>? Query(QueryExpression query, Scope? outer) {
        if (query.OffsetClause is not null) Report(query.OffsetClause, "OFFSET: pages are cut by db.Page");
        if (query.ForClause is not null) Report(query.ForClause, "FOR is SQL Server's alone");
        switch (query) {
            case QuerySpecification select: return Select(select, outer);
            case QueryParenthesisExpression inner:
                Report(inner, "parentheses around a part of a union: SQLite refuses them");
                return Query(inner.QueryExpression, outer);
            case BinaryQueryExpression union:
                var (first, second) = (Query(union.FirstQueryExpression, outer), Query(union.SecondQueryExpression, outer));
                if (first is not null && second is not null && first.Count != second.Count) Report(union, $"{union.BinaryQueryExpressionType} of {first.Count} and {second.Count} columns");
                foreach (var (a, b) in (first ?? []).Zip(second ?? [])) Mixed(union, $"{union.BinaryQueryExpressionType} column {a.Name}", [a.Type, b.Type]);
                if (FirstOf(union) is { } opening)
                    foreach (var element in opening.SelectElements.OfType<SelectScalarExpression>().Where(e => e.Expression is NullLiteral))
                        Report(element, "NULL in the first part of a union has no type: CAST it");
                if (union.All && union.BinaryQueryExpressionType != BinaryQueryExpressionType.Union) Report(union, "ALL goes only with UNION");
                foreach (var item in union.OrderByClause?.OrderByElements ?? [])
                    if (item.Expression is not IntegerLiteral && !(item.Expression is ColumnReferenceExpression c && first?.Any(f => f.Name == LastName(c)) != false))
                        Report(item, $"ORDER BY {item.Expression.Words()}: a union is ordered by its result's columns");
                return first;
            default:
                Report(query, $"{query.GetType().Name} is not understood");
                return null;
        }
    }

    static QuerySpecification? FirstOf(QueryExpression query) => query switch {
        BinaryQueryExpression union => FirstOf(union.FirstQueryExpression),
        QueryParenthesisExpression inner => FirstOf(inner.QueryExpression),
        _ => query as QuerySpecification,
    };

    /// <summary>Values of different kinds in one place: SQLite keeps or compares them as they are, SQL Server converts one to the other and may fail on a row.</summary>
    void Mixed(TSqlFragment at, string what, IEnumerable<string?> types) {
        var kinds = types.Select(KindOf).OfType<string>().Distinct().ToList();
        if (kinds.Count > 1) Report(at, $"{what} mixes {string.Join(" and ", kinds)}: SQL Server converts one into the other, SQLite does not");
    }

    static string? KindOf(string? type) => type switch {
        "NVARCHAR" => "text", "INT" or "BIGINT" or "BIT" => "numbers", "BINARY" => "bytes", "DATE" => "days", "DATETIME2" => "times", _ => null,
    };

    List<Column>? Select(QuerySpecification select, Scope? outer) {
        if (select.TopRowFilter is not null) Report(select.TopRowFilter, "TOP: pages are cut by db.Page");
        var scope = new Scope(outer);
        foreach (var table in select.FromClause?.TableReferences ?? []) From(table, scope);
        Walk(select.WhereClause, scope);
        Walk(select.GroupByClause, scope);
        Walk(select.HavingClause, scope);
        foreach (var clause in new TSqlFragment?[] { select.WhereClause, select.GroupByClause, select.HavingClause }.OfType<TSqlFragment>())
            foreach (var window in Calls(clause).Where(c => c.OverClause is not null)) Report(window, $"{window.FunctionName.Value} OVER stands in SELECT or ORDER BY only");
        foreach (var key in select.GroupByClause?.GroupingSpecifications.OfType<ExpressionGroupingSpecification>() ?? [])
            if (Columns(key).Count == 0 || HasQuery(key)) Report(key, $"GROUP BY {key.Words()}: SQL Server groups by what holds a column and no sub-query");
        if (select.GroupByClause is { } by && (by.GroupByOption != GroupByOption.None || by.All || by.GroupingSpecifications.Any(g => g is not ExpressionGroupingSpecification)))
            Report(by, "ROLLUP, CUBE and grouping sets are SQL Server's alone");
        List<Column>? result = [];
        foreach (var element in select.SelectElements) {
            if (element is SelectScalarExpression scalar) {
                if (scalar.ColumnName is not null && scalar.ColumnName.StartOffset < scalar.Expression.StartOffset)
                    Report(scalar, $"{scalar.Words()}: a name on SQL Server, a comparison on SQLite; write {scalar.Expression.Words()} AS {scalar.ColumnName.Value}");
                Walk(scalar, scope);
                result?.Add(new(NameOf(scalar), TypeOf(scalar.Expression, scope)));
            } else {
                Report(element, element is SelectStarExpression ? "SELECT *: name the columns" : $"{element.Words()} is SQL Server's alone");
                var known = scope.Sources.All(s => s.Columns is not null);
                if (known) result?.AddRange(scope.Sources.SelectMany(s => s.Columns!)); else result = null;
            }
        }
        foreach (var item in select.OrderByClause?.OrderByElements ?? []) OrderBy(item, select, scope, result);
        foreach (var twice in (select.OrderByClause?.OrderByElements ?? []).Where(o => o.Expression is ColumnReferenceExpression).GroupBy(o => OrderedBy(o, select, scope)).Where(g => g.Count() > 1))
            Report(twice.Last(), $"ORDER BY names {twice.Last().Expression.Words()} twice: SQL Server refuses it");
        Grouping(select, scope);
        return result;
    }

    void OrderBy(ExpressionWithSortOrder item, QuerySpecification select, Scope scope, List<Column>? result) {
        var isResult = item.Expression is ColumnReferenceExpression { MultiPartIdentifier.Count: 1 } name && result?.Any(c => c.Name == LastName(name)) == true;
        if (isResult || item.Expression is IntegerLiteral) return;
        if (Columns(item).Count == 0) Report(item, $"ORDER BY {item.Expression.Words()} holds no column: SQL Server refuses it");
        Walk(item, scope);
        if (select.UniqueRowFilter == UniqueRowFilter.Distinct && !select.SelectElements.OfType<SelectScalarExpression>().Any(s => s.Expression.Words() == item.Expression.Words()))
            Report(item, $"ORDER BY {item.Expression.Words()} is not among the DISTINCT columns: SQL Server refuses it");
    }

    /// <summary>What an item of ORDER BY stands for, so that one column under two names is known as one.</summary>
    static object OrderedBy(ExpressionWithSortOrder item, QuerySpecification select, Scope scope) {
        var reference = (ColumnReferenceExpression)item.Expression;
        if (reference.MultiPartIdentifier.Count == 1 && select.SelectElements.OfType<SelectScalarExpression>().FirstOrDefault(e => e.ColumnName?.Value == LastName(reference)) is { } named)
            return named.Expression is ColumnReferenceExpression { ColumnType: ColumnType.Regular } column ? Find(column, scope) is { Column: not null } found ? (found.Source!.Alias, found.Column.Name) : named : named;
        return Find(reference, scope) is { Column: not null } own ? (own.Source!.Alias, own.Column.Name) : item;
    }

    static List<FunctionCall> Calls(TSqlFragment fragment) {
        var visitor = new CallVisitor();
        fragment.Accept(visitor);
        return visitor.Calls;
    }

    static List<ColumnReferenceExpression> Columns(TSqlFragment fragment) {
        var visitor = new CallVisitor();
        fragment.Accept(visitor);
        return visitor.Columns;
    }

    static bool HasQuery(TSqlFragment fragment) {
        var visitor = new CallVisitor();
        fragment.Accept(visitor);
        return visitor.HasQuery;
    }

    /// <summary>Calls and columns of an expression itself, not of the sub-queries in it.</summary>
    sealed class CallVisitor : TSqlFragmentVisitor {
        public List<FunctionCall> Calls { get; } = [];
        public List<ColumnReferenceExpression> Columns { get; } = [];
        public bool HasQuery { get; private set; }
        public override void ExplicitVisit(FunctionCall node) { Calls.Add(node); base.ExplicitVisit(node); }
        public override void ExplicitVisit(ColumnReferenceExpression node) => Columns.Add(node);
        public override void ExplicitVisit(QuerySpecification node) { HasQuery = true; Columns.AddRange(Inner(node)); }
        // A sub-query that looks at the outer row depends on a column too.
        static List<ColumnReferenceExpression> Inner(QuerySpecification node) {
            var inner = new InnerColumns();
            node.AcceptChildren(inner);
            return inner.Found;
        }
        sealed class InnerColumns : TSqlFragmentVisitor {
            public List<ColumnReferenceExpression> Found { get; } = [];
            public override void ExplicitVisit(ColumnReferenceExpression node) => Found.Add(node);
        }
    }

    /// <summary>What SQL Server says of an aggregate only when the statement is run.</summary>
    void Aggregate(FunctionCall call, Scope scope) {
        if (!Portable.IsAggregate(call) && call.OverClause is null) return;
        var argument = call.Parameters.FirstOrDefault();
        if (argument is null) return;
        var name = call.FunctionName.Value.ToUpperInvariant();
        if (Portable.IsAggregate(call) && (HasQuery(argument) || Calls(argument).Any(Portable.IsAggregate))) Report(call, $"{call.Words()}: SQL Server aggregates over no sub-query and no aggregate; join or group it first");
        var type = TypeOf(argument, scope);
        if (name is "SUM" or "MIN" or "MAX" && type == "BIT") Report(call, $"{call.Words()}: SQL Server has no {name} of BIT; write CASE WHEN … THEN 1 ELSE 0 END");
        if (name == "SUM" && type is "INT" && !IsCounting(argument)) Report(call, $"{call.Words()}: on SQL Server a SUM of INT overflows at 2,147,483,647; write SUM(CAST({argument.Words()} AS BIGINT))");
    }

    static bool IsCounting(ScalarExpression argument) => argument is SearchedCaseExpression choice
        && choice.WhenClauses.Select(w => w.ThenExpression).Append(choice.ElseExpression).All(e => e is IntegerLiteral { Value.Length: <= 2 } or null);

    void From(TableReference reference, Scope scope) {
        switch (reference) {
            case NamedTableReference named:
                if (named.TableHints.Count > 0 || named.TableSampleClause is not null || named.TemporalClause is not null) Report(named, "table hints and the like are SQL Server's alone");
                Add(scope, named, named.Alias?.Value ?? named.SchemaObject.BaseIdentifier.Value, ColumnsOf(named.SchemaObject));
                break;
            case QueryDerivedTable derived:
                Add(scope, derived, derived.Alias.Value, Named(derived, derived.Alias.Value, [.. derived.Columns.Select(c => c.Value)], Query(derived.QueryExpression, scope.Outer)));
                break;
            case InlineDerivedTable values:
                foreach (var row in values.RowValues) Walk(row, new Scope(scope.Outer));
                Report(values, "VALUES as a table with named columns: SQLite refuses the names");
                Add(scope, values, values.Alias.Value, [.. values.Columns.Select(c => new Column(c.Value, null))]);
                break;
            case QualifiedJoin join:
                if (join.JoinHint != JoinHint.None) Report(join, "join hints are SQL Server's alone");
                From(join.FirstTableReference, scope);
                From(join.SecondTableReference, scope);
                Walk(join.SearchCondition, scope);
                break;
            case UnqualifiedJoin { UnqualifiedJoinType: UnqualifiedJoinType.CrossJoin } join:
                From(join.FirstTableReference, scope);
                From(join.SecondTableReference, scope);
                break;
            case JoinParenthesisTableReference inner: From(inner.Join, scope); break;
            default:
                Report(reference, $"{reference.Words()}: not a table, a sub-query or a join that both engines know");
                foreach (var inside in reference is UnqualifiedJoin apply ? new[] { apply.FirstTableReference, apply.SecondTableReference } : []) From(inside, scope);
                break;
        }
    }

    void Add(Scope scope, TSqlFragment at, string alias, IReadOnlyList<Column>? columns) {
        if (scope.Sources.Any(s => s.Alias == alias)) Report(at, $"two sources are called {alias}");
        scope.Sources.Add(new(alias, columns));
    }

    IReadOnlyList<Column>? ColumnsOf(SchemaObjectName name) {
        if (name.Count > 1) Report(name, $"{name.Words()}: schema names do not exist on SQLite");
        var table = name.BaseIdentifier.Value;
        if (ctes.TryGetValue(table, out var columns)) return columns;
        if (Schema.PrefixOf(table) != prefix) Report(name, $"{table} is not a table of {prefix}: ask its owner through the Contracts");
        if (schema.Find(table) is { } found) return found.Columns;
        Report(name, $"unknown table {table}");
        return null;
    }

    (Scope Scope, Table? Table) Target(TableReference reference) {
        var scope = new Scope(null);
        if (reference is not NamedTableReference named) {
            Report(reference, $"{reference.Words()} is not a table");
            return (scope, null);
        }
        var name = named.SchemaObject.BaseIdentifier.Value;
        if (named.Alias is not null || ctes.ContainsKey(name)) Report(named, $"{named.Words()}: name the table itself");
        Add(scope, named, name, ColumnsOf(named.SchemaObject));
        return (scope, schema.Find(name));
    }

    void Common(DataModificationSpecification s, string verb, TSqlTokenType particle) {
        if (s.TopRowFilter is not null) Report(s.TopRowFilter, "TOP is SQL Server's alone");
        if (s.OutputClause is not null || s.OutputIntoClause is not null) Report((TSqlFragment?)s.OutputClause ?? s.OutputIntoClause, "OUTPUT is SQL Server's alone: make keys in C#");
        // SQL Server lets the particle be left out, SQLite does not.
        if (particle != TSqlTokenType.None && !s.ScriptTokenStream.Skip(s.FirstTokenIndex).Take(s.Target.FirstTokenIndex - s.FirstTokenIndex).Any(t => t.TokenType == particle))
            Report(s, $"{verb} without {particle.ToString().ToUpperInvariant()}: SQLite refuses it");
    }

    void Insert(InsertSpecification insert) {
        Common(insert, "INSERT", TSqlTokenType.Into);
        var (_, table) = Target(insert.Target);
        if (insert.Columns.Count == 0) Report(insert, "INSERT without a list of columns");
        var names = insert.Columns.Select(LastName).ToList();
        if (table is not null) {
            foreach (var column in insert.Columns.Where(c => table.Columns.All(t => t.Name != LastName(c)))) Report(column, $"{table.Name} has no column {LastName(column)}");
            if (names.Count > 0)
                foreach (var missing in table.Columns.Where(c => !c.Nullable && !c.HasDefault && !names.Contains(c.Name))) Report(insert, $"INSERT does not name {table.Name}.{missing.Name}, which is NOT NULL and has no default");
        }
        foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1)) Report(insert, $"INSERT names {twice.Key} twice");
        switch (insert.InsertSource) {
            case ValuesInsertSource { IsDefaultValues: false } values:
                foreach (var row in values.RowValues) {
                    Walk(row, new Scope(null));
                    Count(row, row.ColumnValues.Count);
                    Kinds(row, row.ColumnValues.Select(v => TypeOf(v, new Scope(null))));
                }
                break;
            case SelectInsertSource select:
                var columns = Query(select.Select, null);
                if (columns is not null) Count(select, columns.Count);
                if (columns is not null) Kinds(select, columns.Select(c => c.Type));
                break;
            default: Report(insert, "INSERT takes VALUES or SELECT"); break;
        }
        void Kinds(TSqlFragment at, IEnumerable<string?> types) {
            foreach (var (column, type) in names.Zip(types)) Mixed(at, $"what goes into {column}", [table?.Columns.FirstOrDefault(c => c.Name == column)?.Type, type]);
        }
        void Count(TSqlFragment at, int values) {
            if (names.Count > 0 && values != names.Count) Report(at, $"INSERT names {names.Count} columns but gives {values} values");
        }
    }

    void Update(UpdateSpecification update) {
        Common(update, "UPDATE", TSqlTokenType.None);
        if (update.FromClause is not null) Report(update.FromClause, "UPDATE … FROM means different things on the two engines");
        var (scope, table) = Target(update.Target);
        foreach (var clause in update.SetClauses) {
            if (clause is not AssignmentSetClause { Variable: null, AssignmentKind: AssignmentKind.Equals } set) {
                Report(clause, $"{clause.Words()}: write Column = value");
                continue;
            }
            if (set.Column.MultiPartIdentifier.Count > 1) Report(set, $"SET {set.Column.Words()}: SQLite refuses a qualified target");
            if (table is not null && table.Columns.All(c => c.Name != LastName(set.Column))) Report(set, $"{table.Name} has no column {LastName(set.Column)}");
            Mixed(set, $"SET {LastName(set.Column)}", [table?.Columns.FirstOrDefault(c => c.Name == LastName(set.Column))?.Type, TypeOf(set.NewValue, scope)]);
            Walk(set.NewValue, scope);
        }
        Walk(update.WhereClause, scope);
    }

    void Delete(DeleteSpecification delete) {
        Common(delete, "DELETE", TSqlTokenType.From);
        if (delete.FromClause is not null) Report(delete.FromClause, "DELETE with a second FROM is SQL Server's alone");
        var (scope, _) = Target(delete.Target);
        Walk(delete.WhereClause, scope);
    }

    void Walk(TSqlFragment? fragment, Scope scope) => fragment?.Accept(new Expressions(this, scope));

    /// <summary>Whose column it is; else, in words, why there is no answer (null: it is not to be known).</summary>
    static (Source? Source, Column? Column, string? Problem) Find(ColumnReferenceExpression reference, Scope scope) {
        var parts = reference.MultiPartIdentifier.Identifiers;
        var name = parts[^1].Value;
        if (parts.Count > 2) return (null, null, $"{reference.Words()}: schema names do not exist on SQLite");
        for (var s = scope; s is not null; s = s.Outer) {
            if (parts.Count == 2) {
                if (s.Sources.FirstOrDefault(x => x.Alias == parts[0].Value) is not { } source) continue;
                if (source.Columns is null) return (source, null, null);
                return source.Columns.FirstOrDefault(c => c.Name == name) is { } own ? (source, own, null) : (source, null, $"unknown column {parts[0].Value}.{name}");
            }
            var owners = s.Sources.Where(x => x.Columns?.Any(c => c.Name == name) == true).ToList();
            if (owners.Count > 1) return (null, null, $"ambiguous column {name}: {string.Join(" and ", owners.Select(o => o.Alias))} both have it");
            if (owners.Count == 1) return (owners[0], owners[0].Columns!.First(c => c.Name == name), null);
            if (s.Sources.Any(x => x.Columns is null)) return (null, null, null);
        }
        return (null, null, parts.Count == 2 ? $"unknown alias {parts[0].Value} in {parts[0].Value}.{name}" : $"unknown column {name}");
    }

    static string? TypeOf(ScalarExpression? expression, Scope scope) => expression switch {
        StringLiteral => "NVARCHAR",
        IntegerLiteral => "INT",
        ColumnReferenceExpression { ColumnType: ColumnType.Regular } c => Find(c, scope).Column?.Type,
        ParenthesisExpression p => TypeOf(p.Expression, scope),
        CoalesceExpression c => FirstType(c.Expressions, scope),
        NullIfExpression n => TypeOf(n.FirstExpression, scope),
        SearchedCaseExpression c => FirstType([.. c.WhenClauses.Select(w => w.ThenExpression), c.ElseExpression], scope),
        SimpleCaseExpression c => FirstType([.. c.WhenClauses.Select(w => w.ThenExpression), c.ElseExpression], scope),
        IIfCall i => FirstType([i.ThenExpression, i.ElseExpression], scope),
        CastCall c => c.DataType.Name(),
        FunctionCall f when Portable.TextFunctions.Contains(f.FunctionName.Value) => "NVARCHAR",
        FunctionCall f when Portable.SameType.Contains(f.FunctionName.Value) && f.Parameters.Count > 0 => TypeOf(f.Parameters[0], scope),
        FunctionCall f when Portable.Numbers.Contains(f.FunctionName.Value) => "INT",
        BinaryExpression => "INT",
        _ => null,
    };

    static string? FirstType(IEnumerable<ScalarExpression?> expressions, Scope scope) => expressions.Select(e => TypeOf(e, scope)).FirstOrDefault(t => t is not null);

    static string LastName(ColumnReferenceExpression c) => c.MultiPartIdentifier?.Identifiers[^1].Value ?? "";

    void Report(TSqlFragment at, string problem) => report(at.StartLine, problem);

    /// <summary>SQLite picks any row's value for a column that is neither grouped by nor aggregated; SQL Server refuses the query.</summary>
    void Grouping(QuerySpecification select, Scope scope) {
        var keys = select.GroupByClause?.GroupingSpecifications.OfType<ExpressionGroupingSpecification>().Select(g => g.Expression).ToList() ?? [];
        var check = new Ungrouped(this, scope, keys);
        var parts = select.SelectElements.Cast<TSqlFragment>().Append(select.HavingClause).Where(p => p is not null).ToList();
        if (keys.Count == 0) {
            var aggregates = new Aggregates();
            foreach (var part in parts) part.Accept(aggregates);
            if (!aggregates.Found) return;
        }
        var names = OutputNames(select).ToHashSet();
        parts.AddRange(select.OrderByClause?.OrderByElements.Where(o => !(o.Expression is ColumnReferenceExpression { MultiPartIdentifier.Count: 1 } c && names.Contains(LastName(c)))) ?? []);
        foreach (var part in parts) part.Accept(check);
    }

    sealed class Aggregates : TSqlFragmentVisitor {
        public bool Found { get; private set; }
        public override void ExplicitVisit(FunctionCall node) {
            if (Portable.IsAggregate(node)) Found = true;
            base.ExplicitVisit(node);
        }
        public override void ExplicitVisit(QuerySpecification node) { }
    }

    sealed class Ungrouped(Binder binder, Scope scope, List<ScalarExpression> keys) : TSqlFragmentVisitor {
        readonly HashSet<string> texts = [.. keys.Select(k => k.Words())];
        readonly HashSet<(Source?, Column?)> columns = [.. keys.OfType<ColumnReferenceExpression>().Select(k => Find(k, scope)).Where(f => f.Column is not null).Select(f => (f.Source, f.Column))];

        public override void ExplicitVisit(FunctionCall node) {
            if (Portable.IsAggregate(node) || texts.Contains(node.Words())) return;
            base.ExplicitVisit(node);
        }
        public override void ExplicitVisit(SearchedCaseExpression node) { if (!texts.Contains(node.Words())) base.ExplicitVisit(node); }
        public override void ExplicitVisit(SimpleCaseExpression node) { if (!texts.Contains(node.Words())) base.ExplicitVisit(node); }
        public override void ExplicitVisit(CoalesceExpression node) { if (!texts.Contains(node.Words())) base.ExplicitVisit(node); }
        public override void ExplicitVisit(BinaryExpression node) { if (!texts.Contains(node.Words())) base.ExplicitVisit(node); }
        public override void ExplicitVisit(QuerySpecification node) { }
        public override void ExplicitVisit(ColumnReferenceExpression node) {
            if (node.ColumnType != ColumnType.Regular) return;
            var (source, column, _) = Find(node, scope);
            if (source is not null && column is not null && scope.Sources.Contains(source) && !columns.Contains((source, column)))
                binder.Report(node, $"{node.Words()} is neither grouped by nor aggregated");
        }
    }

    /// <summary>Everything inside an expression: columns, sub-queries with this scope around them, and what is not portable.</summary>
    sealed class Expressions(Binder binder, Scope scope) : TSqlFragmentVisitor {
        public override void ExplicitVisit(ColumnReferenceExpression node) {
            if (node.ColumnType == ColumnType.Wildcard) return;
            if (node.ColumnType != ColumnType.Regular) binder.Report(node, $"{node.Words()} is SQL Server's alone");
            else if (Find(node, scope).Problem is { } problem) binder.Report(node, problem);
        }

        public override void ExplicitVisit(ExistsPredicate node) => binder.Query(node.Subquery.QueryExpression, scope);

        public override void ExplicitVisit(ScalarSubquery node) {
            if (binder.Query(node.QueryExpression, scope) is { Count: not 1 } columns) binder.Report(node, $"a sub-query used as a value gives {columns.Count} columns");
        }

        public override void ExplicitVisit(FunctionCall node) {
            foreach (var problem in Portable.Problems(node)) binder.Report(node, problem);
            binder.Aggregate(node, scope);
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(BinaryExpression node) {
            var types = new[] { TypeOf(node.FirstExpression, scope), TypeOf(node.SecondExpression, scope) }.Select(t => new Column("", t)).ToList();
            if (node.BinaryExpressionType == BinaryExpressionType.Add && types.Any(t => t.IsText)) binder.Report(node, $"{node.Words()}: + on text is a sum on SQLite; use CONCAT");
            if (types.Any(t => t.IsTime)) binder.Report(node, $"{node.Words()}: times and days are reckoned in C#");
            if (node.BinaryExpressionType is BinaryExpressionType.BitwiseXor) binder.Report(node, "^ is SQL Server's alone");
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(BooleanComparisonExpression node) {
            var literalTime = false;
            foreach (var (literal, other) in new[] { (node.FirstExpression, node.SecondExpression), (node.SecondExpression, node.FirstExpression) })
                if (literal is StringLiteral && new Column("", TypeOf(other, scope)).IsTime && (literalTime = true)) binder.Report(node, $"{node.Words()}: a time is compared with a parameter, since SQLite keeps it as text of its own form");
            if (!literalTime) binder.Mixed(node, node.Words(), [TypeOf(node.FirstExpression, scope), TypeOf(node.SecondExpression, scope)]);
            if (node.ComparisonType is BooleanComparisonType.NotLessThan or BooleanComparisonType.NotGreaterThan or BooleanComparisonType.LeftOuterJoin or BooleanComparisonType.RightOuterJoin)
                binder.Report(node, $"{node.Words()} is SQL Server's alone");
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(InPredicate node) {
            node.Expression.Accept(this);
            foreach (var value in node.Values) value.Accept(this);
            var given = node.Subquery is null ? null : binder.Query(node.Subquery.QueryExpression, scope);
            if (given is { Count: not 1 }) binder.Report(node, $"a sub-query used as a value gives {given.Count} columns");
            binder.Mixed(node, $"{node.Expression.Words()} IN", node.Values.Select(v => TypeOf(v, scope)).Append(TypeOf(node.Expression, scope)).Append(given is [var only] ? only.Type : null));
        }

        public override void ExplicitVisit(BooleanTernaryExpression node) {
            binder.Mixed(node, node.Words(), new[] { node.FirstExpression, node.SecondExpression, node.ThirdExpression }.Select(e => TypeOf(e, scope)));
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(SearchedCaseExpression node) {
            binder.Mixed(node, node.Words(), node.WhenClauses.Select(w => TypeOf(w.ThenExpression, scope)).Append(TypeOf(node.ElseExpression, scope)));
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(SimpleCaseExpression node) {
            binder.Mixed(node, node.Words(), node.WhenClauses.Select(w => TypeOf(w.ThenExpression, scope)).Append(TypeOf(node.ElseExpression, scope)));
            binder.Mixed(node, node.Words(), node.WhenClauses.Select(w => TypeOf(w.WhenExpression, scope)).Append(TypeOf(node.InputExpression, scope)));
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(CoalesceExpression node) {
            binder.Mixed(node, node.Words(), node.Expressions.Select(e => TypeOf(e, scope)));
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(LikePredicate node) {
            if (node.SecondExpression is StringLiteral { Value: var pattern } && pattern.Any(c => c is '[' or ']' or '^')) binder.Report(node, $"{node.Words()}: [ ] and ^ are wildcards on SQL Server");
            if (node.SecondExpression is not StringLiteral && node.EscapeExpression is not StringLiteral { Value: "!" }) binder.Report(node, $"{node.Words()}: what is typed may hold %, _ or [; escape it with ! and write ESCAPE '!'");
            base.ExplicitVisit(node);
        }

        public override void ExplicitVisit(StringLiteral node) {
            if (node.IsNational) binder.Report(node, $"{node.Words()}: SQLite refuses N'…'");
        }
        public override void ExplicitVisit(BinaryLiteral node) => binder.Report(node, $"{node.Value} is bytes on SQL Server, a number on SQLite");
        public override void ExplicitVisit(CastCall node) {
            if (!Portable.CastTypes.Contains(node.DataType.Name())) binder.Report(node, $"CAST AS {node.DataType.Words()} differs between the engines");
            base.ExplicitVisit(node);
        }

        // What has a node of its own in the grammar instead of being a function call.
        public override void ExplicitVisit(ParameterlessCall node) => binder.Report(node, $"{node.Words()}: take it from TimeProvider or CurrentUser");
        public override void ExplicitVisit(ConvertCall node) => Refuse(node);
        public override void ExplicitVisit(TryCastCall node) => Refuse(node);
        public override void ExplicitVisit(TryConvertCall node) => Refuse(node);
        public override void ExplicitVisit(ParseCall node) => Refuse(node);
        public override void ExplicitVisit(TryParseCall node) => Refuse(node);
        public override void ExplicitVisit(LeftFunctionCall node) => Refuse(node);
        public override void ExplicitVisit(RightFunctionCall node) => Refuse(node);
        public override void ExplicitVisit(AtTimeZoneCall node) => Refuse(node);
        public override void ExplicitVisit(NextValueForExpression node) => Refuse(node);
        public override void ExplicitVisit(GlobalVariableExpression node) => Refuse(node);
        public override void ExplicitVisit(SubqueryComparisonPredicate node) => Refuse(node);
        public override void ExplicitVisit(FullTextPredicate node) => Refuse(node);

        void Refuse(TSqlFragment node) => binder.Report(node, $"{node.Words()} is SQL Server's alone");
    }
}

/// <summary>
/// The functions that were seen to give the same on both engines. A list of what is allowed, since the parser does not know which
/// functions exist: LENGTH or STRFTIME would pass it and fail at a user's desk.
/// </summary>
static class Portable {
    public static readonly HashSet<string> TextFunctions = new(["CONCAT", "STRING_AGG", "SUBSTRING", "UPPER", "LOWER", "TRIM", "LTRIM", "RTRIM", "REPLACE"], StringComparer.OrdinalIgnoreCase);
    public static readonly HashSet<string> SameType = new(["MIN", "MAX", "SUM", "ABS", "ROUND", "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE"], StringComparer.OrdinalIgnoreCase);
    public static readonly HashSet<string> Numbers = new(["COUNT", "ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "FLOOR", "CEILING", "SIGN"], StringComparer.OrdinalIgnoreCase);
    public static readonly HashSet<string> CastTypes = new(["INT", "BIGINT", "NVARCHAR"], StringComparer.OrdinalIgnoreCase);
    static readonly HashSet<string> Ordered = new(["ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE"], StringComparer.OrdinalIgnoreCase);
    static readonly HashSet<string> Aggregates = new(["COUNT", "SUM", "MIN", "MAX", "AVG", "STRING_AGG"], StringComparer.OrdinalIgnoreCase);
    static readonly HashSet<string> Known = new([.. TextFunctions, .. SameType, .. Ordered, "COUNT", "FLOOR", "CEILING", "SIGN"], StringComparer.OrdinalIgnoreCase);

    public static bool IsAggregate(FunctionCall call) => call.OverClause is null && Aggregates.Contains(call.FunctionName.Value);

    public static IEnumerable<string> Problems(FunctionCall call) {
        var name = call.FunctionName.Value;
        if (call.CallTarget is not null) yield return $"{call.Words()}: schema names do not exist on SQLite";
        if (name.Equals("AVG", StringComparison.OrdinalIgnoreCase)) yield return "AVG of whole numbers is cut on SQL Server and not on SQLite: read SUM and COUNT";
        else if (!Known.Contains(name)) yield return $"{name} is not known to mean the same on both engines";
        if (call.WithinGroupClause is not null) yield return "WITHIN GROUP is SQL Server's alone";
        if ((name.Equals("MIN", StringComparison.OrdinalIgnoreCase) || name.Equals("MAX", StringComparison.OrdinalIgnoreCase)) && call.Parameters.Count != 1) yield return $"{name} of several values is SQLite's alone";
        if (Ordered.Contains(name) && call.OverClause?.OrderByClause is null) yield return $"{name} needs OVER (… ORDER BY …): SQL Server refuses it otherwise";
    }
}
