using System.Collections.Concurrent;
using Cpd.Platform.Data;

namespace Cpd.Tests.Platform;

/// <summary>Writers of one SQLite file share commits; each of these tests makes them wait together, so that they are one group.</summary>
[SqliteOnly("A server has many writers and groups their commits itself.")]
public sealed class SharedCommitsTests : IDisposable {
    const string Insert = "INSERT INTO test_Row (Value) VALUES (@value)";
    readonly string folder = Directory.CreateTempSubdirectory("cpd-tests-").FullName;
    readonly Dialect dialect;

    public SharedCommitsTests() {
        dialect = Dialect.For(new DatabaseOptions(), folder);
        var db = Database();
        db.Execute("CREATE TABLE test_Row (Value INT NOT NULL, CONSTRAINT UQ_test_Row UNIQUE (Value))", null, default).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Write_ManyWaitTogether_EachIsOnDiskWhenItIsAnswered() {
        var seen = new ConcurrentBag<bool>();
        await Together(Enumerable.Range(1, 40).Select(i => Fun(async db => {
            await db.Write(() => db.Execute(Insert, new { value = i }, default), default);
            await using var reader = Database();
            seen.Add(await reader.One<int>("SELECT COUNT(*) FROM test_Row WHERE Value = @i", new { i }, default) == 1);
        })));
        Assert.Equal(40, seen.Count);
        Assert.DoesNotContain(false, seen);
    }

    [Fact]
    public async Task Write_OneOfAGroupFails_OnlyItIsUndone() {
        var faults = await Together(Enumerable.Range(1, 9).Select(i => Fun(db => db.Write(async () => {
            await db.Execute(Insert, new { value = i }, default);
            if (i == 5) throw new InvalidOperationException("five");
        }, default))));
        Assert.Equal("five", Assert.Single(faults).Message);
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9], await Values());
    }

    [Fact]
    public async Task Write_OneOfAGroupBreaksARule_OnlyItIsToldAndUndone() {
        var faults = await Together(((int[])[1, 2, 1, 3]).Select(i => Fun(db => db.Write(async () => {
            await db.Execute(Insert, new { value = i * 10 }, default);
            await db.Execute(Insert, new { value = i }, default);
        }, default))));
        Assert.True(dialect.IsUniqueViolation(Assert.Single(faults)));
        Assert.Equal([1, 2, 3, 10, 20, 30], await Values());
    }

    [Fact]
    public async Task Write_RefusedByItsOwnAnswer_LeavesNothingAndSeesThoseBeforeIt() {
        var refusedAfter = 0;
        await Together([
            Fun(db => db.Write(() => db.Execute(Insert, new { value = 1 }, default), default)),
            Fun(async db => refusedAfter = await db.Write(async () => {
                await db.Execute(Insert, new { value = 2 }, default);
                return await db.One<int>("SELECT COUNT(*) FROM test_Row", null, default);
            }, keep: _ => false, default)),
        ]);
        Assert.Equal(2, refusedAfter);
        Assert.Equal([1], await Values());
    }

    [Fact]
    public async Task Write_EngineEndsTheTransactionForOne_OthersRunAgainAndAreKept() {
        var runs = 0;
        // On a machine that pauses in between, the first may be a group of its own: it is tried until they met.
        for (var value = 0; value < 90 && runs < 2; value += 3) {
            runs = 0;
            var faults = await Together([
                Fun(db => db.Write(() => { runs++; return db.Execute(Insert, new { value }, default); }, default)),
                Fun(db => db.Write(async () => {
                    await db.Execute(Insert, new { value = value + 1 }, default);
                    await db.Execute("INSERT OR ROLLBACK INTO test_Row (Value) VALUES (@value)", new { value = value + 1 }, default);
                }, default)),
                Fun(db => db.Write(() => db.Execute(Insert, new { value = value + 2 }, default), default)),
            ]);
            Assert.Single(faults);
            Assert.Equal([value, value + 2], (await Values()).Where(v => v >= value));
        }
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Write_WaiterGivesUp_TheNextGetsTheTurn() {
        using var gaveUp = new CancellationTokenSource();
        var faults = await Together([
            Fun(db => db.Write(() => db.Execute(Insert, new { value = 1 }, default), gaveUp.Token)),
            Fun(db => db.Write(() => db.Execute(Insert, new { value = 2 }, default), default)),
        ], whileWaiting: gaveUp.Cancel);
        Assert.IsType<TaskCanceledException>(Assert.Single(faults), exactMatch: false);
        Assert.Equal([2], await Values());
    }

    [Fact]
    public async Task Write_LongOne_SharesItsCommitWithNobody() {
        var shown = -1;
        await Together([
            Fun(db => db.Write(() => db.Execute(Insert, new { value = 1 }, default), default)),
            Fun(db => db.Write(async () => {
                // What was written before it is answered for already: a reader sees it.
                await using var reader = Database();
                shown = await reader.One<int>("SELECT COUNT(*) FROM test_Row", null, default);
                return await db.Execute(Insert, new { value = 2 }, default);
            }, _ => true, default, alone: true)),
            Fun(db => db.Write(() => db.Execute(Insert, new { value = 3 }, default), default)),
        ]);
        Assert.Equal(1, shown);
        Assert.Equal([1, 2, 3], await Values());
    }

    [Fact]
    public async Task AfterCommit_WriteIsUndone_IsForgotten() {
        var told = new ConcurrentBag<int>();
        await Together(Enumerable.Range(1, 4).Select(i => Fun(db => db.Write(async () => {
            db.AfterCommit(() => told.Add(i));
            await db.Execute(Insert, new { value = i }, default);
            return i % 2 == 0;
        }, even => even, default))));
        Assert.Equal([2, 4], told.Order());
    }

    public void Dispose() {
        dialect.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    Db Database() => new(dialect);

    static Func<Db, Task> Fun(Func<Db, Task> work) => work;

    /// <summary>Holds the writer's turn until all of them wait for it, in their order; gives what they threw.</summary>
    async Task<IReadOnlyList<Exception>> Together(IEnumerable<Func<Db, Task>> works, Action? whileWaiting = null) {
        var open = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        await using var first = Database();
        var holder = first.Write(async () => { held.TrySetResult(); await open.Task; }, default);
        await held.Task;
        var waiting = works.Select(async work => {
            await using var db = Database();
            await work(db);
        }).ToList();
        whileWaiting?.Invoke();
        open.SetResult();
        await holder;
        try { await Task.WhenAll(waiting); } catch { /* Each is looked at below. */ }
        return [.. waiting.Where(t => t.Exception is not null || t.IsCanceled).Select(t => t.Exception?.InnerException ?? new TaskCanceledException(t))];
    }

    async Task<IReadOnlyList<int>> Values() {
        await using var db = Database();
        return await db.List<int>("SELECT Value FROM test_Row ORDER BY Value", null, default);
    }
}
