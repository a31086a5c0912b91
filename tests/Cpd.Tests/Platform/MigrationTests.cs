using System.Diagnostics;
using System.Text.RegularExpressions;
using Cpd.Platform.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cpd.Tests.Platform;

/// <summary>What is promised of a migration whatever happens to the process that makes it: the schema is old or new, never between.</summary>
public sealed partial class MigrationTests : IDisposable {
    readonly string folder = Directory.CreateTempSubdirectory("cpd-tests-").FullName;
    readonly List<TestDatabase> databases = [];
    static readonly IReadOnlyList<Migration> All = Migration.In(typeof(Program).Assembly);

    public MigrationTests() => SqlTypes.Register();

    [Fact]
    public async Task Migrate_KilledInTheMiddle20Times_LeavesOldOrNewAndTheNextStartFinishes() {
        var (whole, _) = await Run(New(), killAfter: null);
        var (middle, attempts) = (0, 0);
        for (; middle < 20 && attempts < 200; attempts++) {
            var database = New();
            await Run(database, killAfter: whole * Random.Shared.NextDouble());
            var applied = await Applied(database);
            Assert.Equal(Enumerable.Range(1, applied.Count), applied);
            Assert.Equal(Objects(All.Take(applied.Count)), await Existing(database));
            if (applied.Count is > 0 && applied.Count < All.Count) middle++;
            var migrator = Migrator(database);
            await migrator.Migrate(TestContext.Current.CancellationToken);
            Assert.Empty(await migrator.Pending(TestContext.Current.CancellationToken));
            Assert.Equal(Objects(All), await Existing(database));
        }
        TestContext.Current.SendDiagnosticMessage($"Killed {attempts} times, {middle} of them between the first and the last migration; a whole one takes {whole.TotalMilliseconds:0} ms.");
        Assert.True(middle >= 20, $"Only {middle} of {attempts} kills met the work: the test proves nothing.");
    }

    [Fact]
    public async Task Migrate_TwoProcessesAtOnceOnNothing_MigrateOnce() {
        for (var round = 0; round < 3; round++) {
            var database = New();
            var output = await Task.WhenAll(Run(database, null), Run(database, null), Run(database, null));
            Assert.Equal(All.Select(m => $"Applied migration {m.Name}"), output.SelectMany(o => o.Lines).Where(l => l.StartsWith("Applied", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(Objects(All), await Existing(database));
        }
    }

    [Fact]
    public async Task Migrate_StatementFails_NothingOfItStaysAndTheNextStartTriesAgain() {
        var database = New();
        var broken = new Migration(All.Count + 1, "9999_platform_broken", "CREATE TABLE platform_Half (\n    Id INT NOT NULL,\n    CONSTRAINT PK_platform_Half PRIMARY KEY (Id)\n);\nINSERT INTO platform_Half (Id) VALUES (NULL);\n");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Migrator(database, [.. All, broken]).Migrate(TestContext.Current.CancellationToken));
        Assert.Equal(Objects(All), await Existing(database));
        var mended = broken with { Text = broken.Text.Replace("NULL);", "1);", StringComparison.Ordinal) };
        await Migrator(database, [.. All, mended]).Migrate(TestContext.Current.CancellationToken);
        Assert.Equal(Objects([.. All, mended]), await Existing(database));
    }

    [Fact]
    public async Task Institutions_OldOrganisationsAndGrants_StayAsTheyAre() {
        var database = New();
        var ct = TestContext.Current.CancellationToken;
        await Migrator(database, [.. All.TakeWhile(m => !m.Name.EndsWith("people_institution", StringComparison.Ordinal))]).Migrate(ct);
        await using var db = new Db(database.Dialect());
        var (person, organisation, at) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System), new DateTime(2026, 9, 1, 8, 0, 0, DateTimeKind.Utc));
        await db.Execute("INSERT INTO people_Person (Id, Name, NameKey, CreatedAt, Version) VALUES (@person, 'Hugo', 'hugo', @at, 1)", new { person, at }, ct);
        await db.Execute("INSERT INTO people_Organisation (Id, Kind, Name, NameKey, Email, Version) VALUES (@organisation, 'PlacementHost', 'Trust', 'trust', 'trust@example.org', 3)", new { organisation }, ct);
        await db.Execute("INSERT INTO people_Grant (Id, PersonId, Role, Kind, OrganisationId, GrantedAt, GrantedBy, EndedAt) VALUES (@Id, @person, 'PlacementHost', 'PlacementHost', @organisation, @at, @person, @at)", new { Id = Ids.New(TimeProvider.System), person, organisation, at }, ct);

        await Migrator(database).Migrate(ct);

        Assert.Equal("trust@example.org", await db.One<string>("SELECT Email FROM people_Organisation WHERE Id = @organisation AND Kind = 'PlacementHost' AND NameKey = 'trust' AND Version = 3", new { organisation }, ct));
        Assert.Equal(1, await db.One<int>("SELECT COUNT(*) FROM people_Grant WHERE PersonId = @person AND OrganisationId = @organisation AND GrantedAt = @at AND GrantedBy = @person AND EndedAt = @at", new { person, organisation, at }, ct));
        await db.Execute("INSERT INTO people_Organisation (Id, Kind, Name, NameKey, Version) VALUES (@Id, 'Institution', 'College', 'college', 1)", new { Id = Ids.New(TimeProvider.System) }, ct);
    }

    TestDatabase New() {
        var database = new TestDatabase(Directory.CreateDirectory(Path.Combine(folder, databases.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))).FullName);
        databases.Add(database);
        return database;
    }

    static Migrator Migrator(TestDatabase database, IReadOnlyList<Migration>? migrations = null) => new(database.Dialect(), migrations ?? All, TimeProvider.System, NullLogger<Migrator>.Instance);

    /// <summary>Migrates in a process of its own. Gives how long it took from the moment it began.</summary>
    static async Task<(TimeSpan Took, IReadOnlyList<string> Lines)> Run(TestDatabase database, TimeSpan? killAfter) {
        var options = database.Options;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Cpd.Tests.dll"), "migrate", options.Engine, options.ConnectionString]) {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != EntryPoint.Begins) lines.Add(line);
        var clock = Stopwatch.StartNew();
        if (killAfter is { } moment) {
            // Finer than a timer: the whole takes some tens of milliseconds.
            while (clock.Elapsed < moment) Thread.SpinWait(20);
            process.Kill();
        }
        while (await process.StandardOutput.ReadLineAsync() is { } line) lines.Add(line);
        await process.WaitForExitAsync();
        Assert.True(killAfter is not null || process.ExitCode == 0, await errors);
        return (clock.Elapsed, lines);
    }

    static async Task<IReadOnlyList<int>> Applied(TestDatabase database) {
        var dialect = database.Dialect();
        await using var db = new Db(dialect);
        return await db.One<int>(dialect.CountTables, new { Name = "platform_Migration" }, default) == 0 ? [] : await db.List<int>("SELECT Number FROM platform_Migration ORDER BY Number", null, default);
    }

    /// <summary>What the database says it has, without what the engine made for itself.</summary>
    static async Task<IReadOnlyList<string>> Existing(TestDatabase database) {
        await using var db = new Db(database.Dialect());
        var found = await db.List<string>(TestDatabase.OnSqlServer
            ? "SELECT name FROM sys.tables UNION SELECT name FROM sys.indexes WHERE name IS NOT NULL AND is_primary_key = 0 AND is_unique_constraint = 0 AND object_id IN (SELECT object_id FROM sys.tables)"
            : "SELECT name FROM sqlite_master WHERE sql IS NOT NULL", null, default);
        if (!TestDatabase.OnSqlServer) Assert.Equal("ok", await db.One<string>("PRAGMA integrity_check", null, default));
        return [.. found.Where(n => n != "platform_Migration").Order(StringComparer.Ordinal)];
    }

    static IReadOnlyList<string> Objects(IEnumerable<Migration> migrations) {
        var objects = new Dictionary<string, string>();
        foreach (var statement in migrations.SelectMany(m => m.Statements)) {
            if (Created().Match(statement) is { Success: true } made) objects.Add(made.Groups["name"].Value, made.Groups["on"] is { Success: true, Value: var table } ? table : made.Groups["name"].Value);
            // With a table go its indexes.
            if (Dropped().Match(statement) is { Success: true } gone)
                foreach (var name in objects.Where(o => o.Value == gone.Groups["name"].Value).Select(o => o.Key).ToList()) objects.Remove(name);
        }
        return [.. objects.Keys.Order(StringComparer.Ordinal)];
    }

    public void Dispose() {
        foreach (var database in databases) database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"\ACREATE\s+(?:TABLE\s+(?<name>\w+)|(?:UNIQUE\s+)?INDEX\s+(?<name>\w+)\s+ON\s+(?<on>\w+))")]
    private static partial Regex Created();

    [GeneratedRegex(@"\ADROP\s+TABLE\s+(?<name>\w+)")]
    private static partial Regex Dropped();
}
