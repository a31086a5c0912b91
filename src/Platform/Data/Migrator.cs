using System.Data.Common;
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
/// host that starts at the same moment waits for that row and then skips; a host that dies leaves the schema as it was before that
/// migration. A file that changed after it was applied stops the start.
/// </summary>
public sealed class Migrator(Dialect dialect, IReadOnlyList<Migration> migrations, TimeProvider clock, ILogger<Migrator> log) {
    const string Table = "platform_Migration";
    const string Journal = """
        CREATE TABLE platform_Migration (
            Number INT NOT NULL,
            Name NVARCHAR(200) NOT NULL,
            Hash NVARCHAR(64) NOT NULL,
            AppliedAt DATETIME2(3) NOT NULL,
            CONSTRAINT PK_platform_Migration PRIMARY KEY (Number)
        )
        """;
    const string Claim = """
        INSERT INTO platform_Migration (Number, Name, Hash, AppliedAt)
        SELECT @Number, @Name, @Hash, @Now
        WHERE NOT EXISTS (SELECT 1 FROM platform_Migration WHERE Number = @Number)
        """;
    const string Select = "SELECT Number, Hash FROM platform_Migration ORDER BY Number";

    /// <summary>The migrations that this build knows and the database has not had.</summary>
    public async Task<IReadOnlyList<Migration>> Pending(CancellationToken ct) {
        await using var db = new Db(dialect);
        if (!await HasJournal(db, ct)) return migrations;
        var applied = await Applied(db, ct);
        return [.. migrations.Where(m => !applied.ContainsKey(m.Number))];
    }

    public async Task Migrate(CancellationToken ct) {
        await dialect.Create(sentence => log.LogWarning("{Sentence}", sentence), ct);
        await using var db = new Db(dialect.Patient);
        if (!await HasJournal(db, ct)) await MakeJournal(db, ct);
        foreach (var migration in migrations) {
            // Read anew before each: while this host waited for another's migration, that one has gone on.
            var applied = await Applied(db, ct);
            if (applied.TryGetValue(migration.Number, out var hash)) {
                if (hash != migration.Hash) throw new InvalidOperationException($"Migration {migration.Name} was changed after it was applied. Restore the file and add a new migration.");
            } else if (await db.Write(() => Apply(db, migration, ct), _ => true, ct, alone: true)) {
                log.LogInformation("Applied migration {Migration}", migration.Name);
            } else {
                log.LogInformation("Another host applied migration {Migration}", migration.Name);
            }
        }
        if ((await Applied(db, ct)).Keys.Except(migrations.Select(m => m.Number)).Any())
            throw new InvalidOperationException("The database was written by a newer version of this program. Start that version, or restore a backup.");
    }

    async Task<bool> Apply(Db db, Migration migration, CancellationToken ct) {
        var row = new { migration.Number, migration.Name, migration.Hash, Now = clock.GetUtcNow().UtcDateTime };
        if (await db.Execute(Claim, row, ct) == 0) return false;
        foreach (var statement in migration.Statements) await db.Execute(dialect.Ddl(statement), null, ct);
        return true;
    }

    async Task<bool> HasJournal(Db db, CancellationToken ct) => await db.One<int>(dialect.CountTables, new { Name = Table }, ct) > 0;

    async Task MakeJournal(Db db, CancellationToken ct) {
        try {
            await db.Write(() => db.Execute(dialect.Ddl(Journal), null, ct), ct);
        } catch (DbException) when (!ct.IsCancellationRequested) {
            // Of two hosts that both found none, one makes it.
            if (!await HasJournal(db, ct)) throw;
        }
    }

    static async Task<Dictionary<int, string>> Applied(Db db, CancellationToken ct) =>
        (await db.List<Row>(Select, null, ct)).ToDictionary(r => r.Number, r => r.Hash);

    sealed record Row {
        public int Number { get; init; }
        public string Hash { get; init; } = "";
    }
}
