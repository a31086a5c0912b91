using System.Diagnostics;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform;
using Cpd.Platform.Backups;
using Cpd.Platform.Data;
using Cpd.Tests.Accreditation;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;

namespace Cpd.Tests.Platform;

/// <summary>A backup is whole or is none, a restore is the service again, and neither harms what is there. ./dev drill restore does it under load, on processes.</summary>
public sealed class BackupTests : IDisposable {
    static readonly DateTime Now = new(2026, 10, 5, 9, 0, 0, DateTimeKind.Utc);
    readonly string folder = Directory.CreateTempSubdirectory("cpd-backup-tests-").FullName;
    readonly CpdApp app = new();

    string At(params string[] parts) => Path.Combine([folder, .. parts]);

    static DataFolder Data(string path) => new(path, Path.Combine(path, "cpd.db"));

    async Task<string> BackedUp(string name = "one.zip") {
        _ = app.Services;
        return (await BackUp.Run(Data(app.Folder), At(name), 0, "1.0", Now, default)).File;
    }

    static Task<(Manifest Manifest, string? Replaced)> Restored(string archive, string into, bool replace = false) =>
        Restore.Run(Data(into), archive, replace, Migration.In(typeof(Program).Assembly), Now, default);

    [Fact]
    public async Task Restore_IntoANewFolder_IsTheServiceWithItsSessionsAndCertificates() {
        var authority = await app.Given.Authority();
        var learner = await app.Given.Practitioner(await app.Given.Setting(authority), "Zoë van der Berg");
        var attended = app.Attended(learner.PersonId, authority);
        await app.Tell(attended);
        var number = await app.CertificateNumber(attended.BookingId);
        var signedIn = (await app.Browser(learner)).Client.DefaultRequestHeaders.GetValues("Cookie");
        await File.WriteAllTextAsync(Path.Combine(app.Folder, "kept.txt"), "what a module may keep");
        Directory.CreateDirectory(Path.Combine(app.Folder, "mail"));
        await File.WriteAllTextAsync(Path.Combine(app.Folder, "mail", "one.eml"), "a letter");

        var (manifest, replaced) = await Restored(await BackedUp(), At("new"));

        Assert.Equal(("1.0", Migration.In(typeof(Program).Assembly)[^1].Number, Now), (manifest.Product, manifest.Schema, manifest.CreatedAt));
        Assert.Null(replaced);
        Assert.Equal("what a module may keep", await File.ReadAllTextAsync(At("new", "kept.txt")));
        Assert.False(Directory.Exists(At("new", "mail")));
        using var restored = new RestoredApp(At("new"));
        var client = restored.CreateClient();
        client.DefaultRequestHeaders.Add("Cookie", signedIn);
        Assert.Equal("Zoë van der Berg", (await new Browser(client).Get($"/certificates/{number}")).Heading);
        Assert.Contains("Valid", (await restored.Browser().Get($"/check/{number}")).Words, StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await restored.Browser().Get($"/certificates/{number}")).RedirectsTo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackUp_WhileOthersWrite_HoldsAllThatWasAnsweredBeforeItAndAPlainCopyDoesNot() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var stop = false;
        var answered = new System.Collections.Concurrent.ConcurrentQueue<Guid>();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () => {
            for (var i = 0; !Volatile.Read(ref stop); i++) answered.Enqueue(await app.Send(officer, new AddSeries.Command(authority, $"Forum {writer} {i}", "For all", AgeRanges.None)));
        })).ToList();
        while (answered.Count < 40) await Task.Delay(5);
        var before = answered.ToList();
        var archive = await BackedUp();
        var beforeCopy = answered.ToList();
        File.Copy(Path.Combine(app.Folder, "cpd.db"), At("copied.db"));
        Volatile.Write(ref stop, true);
        await Task.WhenAll(writers);

        await Restored(archive, At("new"));
        Assert.Empty(before.Except(Series(At("new", "cpd.db"))));
        Assert.Empty(EmbeddedFile.Faults(At("new", "cpd.db")));
        // The control: a copied file lacks what still stands in the log.
        Assert.NotEmpty(beforeCopy.Except(Series(At("copied.db"))));
    }

    [Fact]
    public async Task Verify_AnyByteFlipped_IsFound() {
        var archive = await BackedUp();
        await Restore.Verify(archive, default);
        var whole = await File.ReadAllBytesAsync(archive);
        var random = new Random(7);
        foreach (var at in (IEnumerable<int>)[0, whole.Length - 1, whole.Length - 64, whole.Length - 65, .. Enumerable.Range(0, 60).Select(_ => random.Next(whole.Length))]) {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(At("flipped.zip"), changed);
            await Assert.ThrowsAsync<BackupRefused>(() => Restore.Verify(At("flipped.zip"), default));
        }
        await File.WriteAllBytesAsync(At("cut.zip"), whole[..^100]);
        await Assert.ThrowsAsync<BackupRefused>(() => Restored(At("cut.zip"), At("new")));
        Assert.False(File.Exists(At("new", "cpd.db")));
        Assert.Empty(Directory.GetDirectories(At("new")));
    }

    [Theory]
    [InlineData(true, "is damaged")]
    [InlineData(false, "points to no row")]
    public async Task BackUp_SourceIsDamaged_SaysSoAndLeavesTheGoodOneAlone(bool pages, string sentence) {
        Directory.CreateDirectory(At("backups"));
        await BackedUp("sound.zip");
        await Restored(At("sound.zip"), At("source"));
        await BackUp.Run(Data(At("source")), At("backups"), 1, "1.0", Now, default);
        var good = Assert.Single(Directory.GetFiles(At("backups")));
        if (pages) Damage(At("source", "cpd.db"));
        else Change(At("source", "cpd.db"), "PRAGMA foreign_keys = OFF; UPDATE people_Account SET PersonId = randomblob(16); INSERT INTO people_Account (Id, PersonId, EmailKey, State, CreatedAt) VALUES (randomblob(16), randomblob(16), 'x@example.org', 'Active', '2026-10-05')");

        var refused = await Assert.ThrowsAsync<BackupRefused>(() => BackUp.Run(Data(At("source")), At("backups"), 1, "1.0", Now.AddDays(1), default));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Equal(good, Assert.Single(Directory.GetFileSystemEntries(At("backups"))));
        await Restore.Verify(good, default);
    }

    [Fact]
    public async Task BackUp_KeepTwo_RemovesTheOldestOfItsOwnOnly() {
        _ = app.Services;
        Directory.CreateDirectory(At("backups"));
        await File.WriteAllTextAsync(At("backups", "cpd-notes.zip"), "somebody else's");
        for (var day = 0; day < 4; day++) await BackUp.Run(Data(app.Folder), At("backups"), 2, "1.0", Now.AddDays(day), default);
        Assert.Equal(["cpd-20261007-090000Z.zip", "cpd-20261008-090000Z.zip", "cpd-notes.zip"], Directory.GetFiles(At("backups")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Restore_FolderHoldsData_NeedsReplaceAndKeepsWhatWasThere() {
        var archive = await BackedUp();
        await Restored(archive, At("new"));
        await File.WriteAllTextAsync(At("new", "later.txt"), "later");
        Assert.Contains("holds data already", (await Assert.ThrowsAsync<BackupRefused>(() => Restored(archive, At("new")))).Message, StringComparison.Ordinal);

        var (_, replaced) = await Restored(archive, At("new"), replace: true);

        Assert.False(File.Exists(At("new", "later.txt")));
        Assert.Equal("later", await File.ReadAllTextAsync(Path.Combine(replaced!, "folder", "later.txt")));
        Assert.Empty(EmbeddedFile.Faults(Path.Combine(replaced!, "database.db")));
        Assert.Empty(EmbeddedFile.Faults(At("new", "cpd.db")));
    }

    [Fact]
    public async Task Restore_HostRuns_IsRefusedAndAHostWaitsForARestore() {
        var archive = await BackedUp();
        Assert.Contains("Stop it first", (await Assert.ThrowsAsync<BackupRefused>(() => Restored(archive, app.Folder, replace: true))).Message, StringComparison.Ordinal);

        await Restored(archive, At("new"));
        using (HostLock.Alone(At("new", "cpd.db"))) {
            using var early = new RestoredApp(At("new"));
            Assert.Contains("A restore is under way", Assert.ThrowsAny<InvalidOperationException>(() => early.Services).Message, StringComparison.Ordinal);
        }
        // A program that knows nothing of our lock.
        using (var other = Open(At("new", "cpd.db"))) {
            Run(other, "PRAGMA journal_mode = WAL; SELECT COUNT(*) FROM platform_Migration");
            Assert.Contains("Another program", (await Assert.ThrowsAsync<BackupRefused>(() => Restored(archive, At("new"), replace: true))).Message, StringComparison.Ordinal);
        }
        await Restored(archive, At("new"), replace: true);
    }

    [Fact]
    public async Task Start_RestoreWasCutShort_IsRefusedUntilItIsRunAgain() {
        var archive = await BackedUp();
        Directory.CreateDirectory(At("new", "cpd.db.restoring"));
        using (var half = new RestoredApp(At("new")))
            Assert.Contains("Run the restore again", Assert.ThrowsAny<InvalidOperationException>(() => half.Services).Message, StringComparison.Ordinal);
        await Restored(archive, At("new"), replace: true);
        using var whole = new RestoredApp(At("new"));
        Assert.Equal("Healthy", (await whole.Browser().Get("/health/ready")).Text);
    }

    [Fact]
    public async Task Restore_OtherVersions_OlderIsMigratedNewerIsRefused() {
        await Restored(await BackedUp(), At("newer"));
        Change(At("newer", "cpd.db"), "INSERT INTO platform_Migration (Number, Name, Hash, AppliedAt) VALUES (9999, 'later', 'x', '2026-10-05')");
        await BackUp.Run(Data(At("newer")), At("newer.zip"), 0, "9.0", Now, default);
        Assert.Contains("of a newer version, 9.0", (await Assert.ThrowsAsync<BackupRefused>(() => Restored(At("newer.zip"), At("new")))).Message, StringComparison.Ordinal);

        var first = Migration.In(typeof(Program).Assembly).Take(4).ToList();
        Directory.CreateDirectory(At("older"));
        SqlTypes.Register();
        await new Migrator(Dialect.For(new DatabaseOptions(), At("older")), first, app.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).Migrate(default);
        await BackUp.Run(Data(At("older")), At("older.zip"), 0, "0.9", Now, default);
        Assert.Equal(4, (await Restored(At("older.zip"), At("new"))).Manifest.Schema);
        using var restored = new RestoredApp(At("new"));
        Assert.Equal("Healthy", (await restored.Browser().Get("/health/ready")).Text);
        Assert.Equal(153, await restored.Count("people_Authority"));
    }

    [Fact]
    public async Task Commands_AsAnOperatorRunsThem_SayWhatTheyDidAndHowItEnded() {
        _ = app.Services;
        var (code, text) = await Host("backup", At("one.zip"), "--data", app.Folder, "--keep", "3");
        Assert.Equal(0, code);
        Assert.Contains($"Backed up to {At("one.zip")}", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("one.zip")));
        Assert.Equal(0, (await Host("verify", At("one.zip"))).Code);
        (code, text) = await Host("restore", At("one.zip"), "--data", app.Folder, "--replace");
        Assert.Equal(1, code);
        Assert.Contains("Stop it first", text, StringComparison.Ordinal);
        Assert.Equal(0, (await Host("--data", At("new"), "restore", At("one.zip"))).Code);
        (code, text) = await Host("backup", At("two.zip"), "--data", app.Folder, "--Database:Engine", "SqlServer", "--Database:ConnectionString", "Server=nowhere");
        Assert.Equal(1, code);
        Assert.Contains("with the server's own tools", text, StringComparison.Ordinal);
        Assert.Equal(2, (await Host("backup")).Code);
        Assert.Equal(2, (await Host("bakcup", At("one.zip"))).Code);
        Assert.Equal(1, (await Host("backup", At("three.zip"), "--data", At("nothing"))).Code);
    }

    [Fact]
    public void CommandLine_PathsAndSettings_AreToldApart() {
        var line = CommandLine.Parse(["restore", "/srv/backup.zip", "--data", "/srv/cpd", "--replace", "--Mail:Port=25"]);
        Assert.Equal("restore", line.Command);
        Assert.Equal(["/srv/backup.zip"], line.Words);
        Assert.Equal(["--replace"], line.Flags);
        Assert.Equal(["--data", "/srv/cpd", "--Mail:Port=25"], line.Settings);
    }

    static async Task<(int Code, string Said)> Host(params string[] args) {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Cpd.Host.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await complained);
    }

    static SqliteConnection Open(string file) {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    static void Run(SqliteConnection connection, string sql) {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static void Change(string file, string sql) {
        using var connection = Open(file);
        Run(connection, sql);
    }

    static List<Guid> Series(string file) {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id FROM forums_Series";
        using var reader = command.ExecuteReader();
        var ids = new List<Guid>();
        while (reader.Read()) ids.Add(new Guid((byte[])reader.GetValue(0), bigEndian: true));
        return ids;
    }

    /// <summary>Writes noise over the pages in the middle of the file.</summary>
    static void Damage(string file) {
        using var stream = File.OpenWrite(file);
        stream.Position = stream.Length / 2 / 4096 * 4096;
        var noise = new byte[8 * 4096];
        new Random(7).NextBytes(noise);
        stream.Write(noise);
    }

    public void Dispose() {
        app.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A host on a folder that a restore has made.</summary>
    sealed class RestoredApp(string data) : CpdApp(template: null) {
        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            builder.UseSetting("data", data);
        }
    }
}
