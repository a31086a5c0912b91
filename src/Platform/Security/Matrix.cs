using System.Collections.Frozen;

namespace Cpd.Platform.Security;

/// <summary>How far a role's permission reaches.</summary>
public enum Scope { None, Self, Own, All }

/// <summary>
/// Who may do what: role × permission × scope, read from the tables of Permissions.md, which is the only place that says so.
/// A cell holds <c>all</c> (every authority's), <c>own</c> (the organisation of the grant: an authority and all in it, a setting,
/// a training provider …), <c>self</c> (what is this person's own) or nothing.
/// </summary>
public sealed class Matrix {
    readonly FrozenDictionary<(string Role, string Permission), Scope> cells;

    Matrix(Dictionary<(string, string), Scope> cells, IReadOnlyList<string> roles, IReadOnlyList<string> permissions) {
        this.cells = cells.ToFrozenDictionary();
        Roles = roles;
        Permissions = permissions;
    }

    public IReadOnlyList<string> Roles { get; }
    public IReadOnlyList<string> Permissions { get; }

    public Scope this[string role, string permission] => cells.GetValueOrDefault((role, permission));

    /// <exception cref="FormatException">A row has the wrong number of cells, a cell holds another word, or a permission stands twice.</exception>
    public static Matrix Parse(string markdown) {
        var cells = new Dictionary<(string, string), Scope>();
        string[] roles = [];
        var permissions = new List<string>();
        foreach (var line in markdown.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith('|'))) {
            var row = line.Trim('|').Split('|').Select(c => c.Trim()).ToArray();
            if (row[0].StartsWith("--", StringComparison.Ordinal)) continue;
            if (row[0] == "Permission") { roles = row[1..]; continue; }
            var permission = row[0].Trim('`');
            if (row.Length != roles.Length + 1) throw new FormatException($"The row of {permission} has {row.Length - 1} cells for {roles.Length} roles.");
            if (permissions.Contains(permission)) throw new FormatException($"{permission} stands twice.");
            permissions.Add(permission);
            for (var i = 0; i < roles.Length; i++)
                cells[(roles[i], permission)] = row[i + 1] switch {
                    "" => Scope.None, "self" => Scope.Self, "own" => Scope.Own, "all" => Scope.All,
                    var word => throw new FormatException($"'{word}' at {permission} for {roles[i]} is no scope: use all, own, self or nothing."),
                };
        }
        return new Matrix(cells, roles, permissions);
    }
}
