namespace Cpd.Architecture.Tests.Sql;

/// <summary>A column or the result of an expression. Type is the SQL name (NVARCHAR, DATE …); null where it is not known.</summary>
sealed record Column(string Name, string? Type, bool Nullable = true, bool HasDefault = false) {
    public bool IsText => Type is "NVARCHAR";
    public bool IsTime => Type is "DATE" or "DATETIME2";
}

sealed class Table(string name) {
    public string Name { get; } = name;
    public List<Column> Columns { get; } = [];
    /// <summary>What a column takes in an index key on SQL Server, in bytes; null for long text, which can be in none.</summary>
    public Dictionary<string, int?> Widths { get; } = [];
}

/// <summary>The tables as all migrations leave them. Names compare to the letter, since on some servers they must.</summary>
sealed class Schema {
    readonly Dictionary<string, Table> tables = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Table> Tables => tables.Values;
    public Table? Find(string name) => tables.GetValueOrDefault(name);
    public bool Add(Table table) => tables.TryAdd(table.Name, table);
    public bool Remove(string name) => tables.Remove(name);

    /// <summary>The part before the underscore, with it: whose table it is.</summary>
    public static string PrefixOf(string table) => table[..(table.IndexOf('_', StringComparison.Ordinal) + 1)];
}
