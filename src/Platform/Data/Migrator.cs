using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Data;

/// <summary>One file of db/migrations: NNNN_module_what.sql.</summary>
public sealed record Migration(int Number, string Name, string Text) {
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));

    /// <summary>The statements: each ends with a semicolon at the end of a line.</summary>
    public IEnumerable<string> Statements => string.Join('\n', Text.Split('\n').Where(l => !l.TrimStart().StartsWith("--", StringComparison.Ordinal)))
        .Split(";\n").Select(s => s.Trim().TrimEnd(';')).Where(s => s.Length > 0);

    /// <summary>The migrations that are embedded in an assembly under "migrations/", in order.</summary>
    public static IReadOnlyList<Migration> In(Assembly assembly) => [.. assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith("migrations/", StringComparison.Ordinal))
        .Select(n => {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
            var name = Path.GetFileNameWithoutExtension(n);
            return new Migration(int.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        })
        .OrderBy(m => m.Number)];
}

/// <summary>
/// Brings the schema up to date, forward only. Each migration is one transaction that writes its journal row first: a second
/// host that starts at the same moment waits for that row and then skips. A file that changed after it was applied stops the start.
/// </summary>
public sealed class Migrator(Dialect dialect, IReadOnlyList<Migration> migrations, TimeProvider clock, ILogger<Migrator> log) {
    const string Journal = """
        CREATE TABLE platform_Migration (
            Number INT NOT NULL,
            Name NVARCHAR(200) NOT NULL,
            Hash NVARCHAR(64) NOT NULL,
            AppliedAt DATETIME2(3) NOT NULL,
            CONSTRAINT PK_platform_Migration PRIMARY KEY (Number)
        )
        """;

    /// <summary>The migrations that this build knows and the database has not had.</summary>
    public async Task<IReadOnlyList<Migration>> Pending(CancellationToken ct) {
        await using var db = new Db(dialect);
        var applied = await Applied(db, ct);
        return [.. migrations.Where(m => !applied.ContainsKey(m.Number))];
    }

    public async Task Migrate(CancellationToken ct) {
        await using var db = new Db(dialect);
        var applied = await Applied(db, ct);
        foreach (var migration in migrations) {
            if (applied.TryGetValue(migration.Number, out var hash)) {
                if (hash != migration.Hash) throw new InvalidOperationException($"Migration {migration.Name} was changed after it was applied. Restore the file and add a new migration.");
                continue;
            }
            try {
                await db.Write(async () => {
                    await db.Execute("INSERT INTO platform_Migration (Number, Name, Hash, AppliedAt) VALUES (@Number, @Name, @Hash, @Now)",
                        new { migration.Number, migration.Name, migration.Hash, Now = clock.GetUtcNow().UtcDateTime }, ct);
                    foreach (var statement in migration.Statements) await db.Execute(statement.Replace("{LONGTEXT}", dialect.LongText, StringComparison.Ordinal), null, ct);
                }, ct);
                log.LogInformation("Applied migration {Migration}", migration.Name);
            } catch (Exception e) when (dialect.IsUniqueViolation(e)) {
                log.LogInformation("Another host applied migration {Migration}", migration.Name);
            }
        }
        if (applied.Keys.Except(migrations.Select(m => m.Number)).Any())
            throw new InvalidOperationException("The database was written by a newer version of this program. Start that version, or restore a backup.");
    }

    async Task<Dictionary<int, string>> Applied(Db db, CancellationToken ct) {
        try {
            return await Read();
        } catch (System.Data.Common.DbException) {
            // No journal yet. Of two hosts that both find none, one makes it; the other's attempt fails and it reads.
            try { await db.Execute(Journal, null, ct); } catch (System.Data.Common.DbException e) { log.LogDebug(e, "The journal exists already"); }
            return await Read();
        }
        async Task<Dictionary<int, string>> Read() =>
            (await db.List<Row>("SELECT Number, Hash FROM platform_Migration ORDER BY Number", null, ct)).ToDictionary(r => r.Number, r => r.Hash);
    }

    sealed record Row {
        public int Number { get; init; }
        public string Hash { get; init; } = "";
    }
}
