using Cpd.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cpd.Tests.Platform;

/// <summary>The promises of the database layer itself.</summary>
public sealed class DataTests(CpdApp app) : IClassFixture<CpdApp> {
    const string Insert = "INSERT INTO platform_OutboxDelivery (EventId, Handler, DeliveredAt) VALUES (@Id, @Handler, @Now)";

    [Fact]
    public async Task Ids_InAList_FindTheirRows() {
        var ids = await Deliveries("ids", 3);
        var found = await app.Database(db => db.List<Guid>("SELECT EventId FROM platform_OutboxDelivery WHERE EventId IN @Ids ORDER BY EventId", new { Ids = db.Ids(ids) }, default));
        Assert.Equal(ids, found);
        Assert.Empty(await app.Database(db => db.List<Guid>("SELECT EventId FROM platform_OutboxDelivery WHERE EventId IN @Ids", new { Ids = db.Ids([]) }, default)));
    }

    [Fact]
    public async Task Ids_MadeLater_SortLater() {
        app.Clock.Set(CpdApp.Start.AddYears(1));
        var first = await Deliveries("time", 1);
        app.Clock.Set(CpdApp.Start.AddYears(1).AddMilliseconds(1));
        var second = await Deliveries("time", 1);
        var found = await app.Database(db => db.List<Guid>("SELECT EventId FROM platform_OutboxDelivery WHERE Handler = 'time' ORDER BY EventId", null, default));
        Assert.Equal([.. first, .. second], found);
    }

    [Fact]
    public async Task Times_WrittenAndRead_AreUtcAndCutToMilliseconds() {
        var moment = new DateTime(2026, 10, 25, 0, 30, 15, DateTimeKind.Utc).AddTicks(1234567);
        var id = Ids.New(app.Clock);
        await app.Database(db => db.Execute(Insert, new { Id = id, Handler = "times", Now = moment }, default));
        var read = await app.Database(db => db.One<DateTime>("SELECT DeliveredAt FROM platform_OutboxDelivery WHERE EventId = @id", new { id }, default));
        Assert.Equal(DateTimeKind.Utc, read.Kind);
        Assert.Equal(new DateTime(2026, 10, 25, 0, 30, 15, 123, DateTimeKind.Utc), read);
        Assert.Equal(1, await app.Count("platform_OutboxDelivery", "Handler = 'times' AND DeliveredAt = @read", new { read }));
    }

    [Fact]
    public async Task Write_WorkThrows_NothingIsKeptAndTheNextWriterHasItsTurn() {
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Database<int>(async db => {
            await db.Execute(Insert, new { Id = Ids.New(app.Clock), Handler = "thrown", app.Now }, default);
            throw new InvalidOperationException("stop");
        }));
        await Deliveries("after", 1);
        Assert.Equal(0, await app.Count("platform_OutboxDelivery", "Handler = 'thrown'"));
        Assert.Equal(1, await app.Count("platform_OutboxDelivery", "Handler = 'after'"));
    }

    [Fact]
    public async Task Write_ManyAtOnce_AllCommit() {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Deliveries("many", 1)));
        Assert.Equal(50, await app.Count("platform_OutboxDelivery", "Handler = 'many'"));
    }

    [Fact]
    public async Task Hold_Writes_AreCommittedTogetherAtItsEnd() {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var isTold = false;
        var seen = await db.Hold(async () => {
            Assert.False(db.IsWriting);
            await db.Write(() => Row(db, "held"), default);
            db.AfterCommit(() => isTold = true);
            await db.Write(() => Row(db, "held"), default);
            Assert.True(db.IsWriting);
            Assert.False(isTold);
            return await db.One<int>("SELECT COUNT(*) FROM platform_OutboxDelivery WHERE Handler = 'held'", null, default);
        }, default);
        Assert.Equal((2, true, false), (seen, isTold, db.IsWriting));
        Assert.Equal(2, await app.Count("platform_OutboxDelivery", "Handler = 'held'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hold_ThrowsOrALaterWriteIsRefused_NothingIsKept(bool isRefused) {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Hold<int>(async () => {
            await db.Write(() => Row(db, "not held"), default);
            if (!isRefused) throw new InvalidOperationException("stop");
            return await db.Write(() => Row(db, "not held"), keep: _ => false, default);
        }, default));
        Assert.Equal(0, await app.Count("platform_OutboxDelivery", "Handler = 'not held'"));
    }

    [Fact]
    public async Task Hold_FirstWriteIsRefused_IsUndoneAtOnceAndOthersHaveTheirTurn() {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        await db.Hold(async () => {
            await db.Write(() => Row(db, "refused"), keep: _ => false, default);
            Assert.False(db.IsWriting);
            await Deliveries("meanwhile", 1);
            await db.Write(() => Row(db, "then"), default);
            return true;
        }, default);
        Assert.Equal((0, 1), (await app.Count("platform_OutboxDelivery", "Handler = 'refused'"), await app.Count("platform_OutboxDelivery", "Handler = 'then'")));
    }

    Task<int> Row(Db db, string handler) => db.Execute(Insert, new { Id = Ids.New(app.Clock), Handler = handler, app.Now }, default);

    [Fact]
    public async Task IsUniqueViolation_SameKeyTwice_IsSo() {
        var id = (await Deliveries("twice", 1))[0];
        await app.Database(async db => {
            var e = await Assert.ThrowsAnyAsync<Exception>(() => db.Execute(Insert, new { Id = id, Handler = "twice", app.Now }, default));
            Assert.True(db.IsUniqueViolation(e));
            return true;
        });
    }

    [Fact]
    public async Task Migrate_FileChangedAfterItWasApplied_RefusesToStart() {
        var known = Migration.In(typeof(Program).Assembly);
        var changed = known.Select((m, i) => i == 0 ? m with { Text = m.Text + "\n-- changed" } : m).ToList();
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrator(changed).Migrate(default));
        Assert.Contains("was changed after it was applied", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_DatabaseIsNewer_RefusesToStart() {
        var older = Migration.In(typeof(Program).Assembly).SkipLast(1).ToList();
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrator(older).Migrate(default));
        Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_TwoHostsAtOnceOnAnEmptyDatabase_MigrateOnce() {
        var folder = Directory.CreateTempSubdirectory("cpd-tests-").FullName;
        var migrations = Migration.In(typeof(Program).Assembly);
        var database = new TestDatabase(folder);
        Migrator Host() => new(database.Dialect(), migrations, TimeProvider.System, NullLogger<Migrator>.Instance);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Host().Migrate(default))));
        Assert.Empty(await Host().Pending(default));
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    Migrator Migrator(IReadOnlyList<Migration> migrations) => new(app.TestDatabase.Dialect(), migrations, app.Clock, NullLogger<Migrator>.Instance);

    async Task<List<Guid>> Deliveries(string handler, int count) {
        var ids = Enumerable.Range(0, count).Select(_ => Ids.New(app.Clock)).Order().ToList();
        await app.Database(db => db.Execute(Insert, ids.Select(id => new { Id = id, Handler = handler, app.Now }).ToList(), default));
        return [.. ids.OrderBy(i => Convert.ToHexString(i.ToByteArray(bigEndian: true)), StringComparer.Ordinal)];
    }
}
