using System.Data.Common;
using System.Diagnostics;
using Cpd.Platform.Telemetry;

namespace Cpd.Platform.Data;

/// <summary>
/// The writers of an engine that has one writer. They queue in order of arrival, and those that wait together share a commit: each
/// works in a savepoint of its own, one after the other on one connection, and all are answered when the commit that holds their
/// work is on disk. One that fails is undone alone. So the disk is waited for once a group, not once a writer.
/// </summary>
/// <param name="begin">The statement that begins a transaction which may write at once.</param>
/// <param name="isInTransaction">False when the engine has ended the transaction by itself, as some faults make it do.</param>
public sealed class SharedCommits(string begin, Func<DbConnection, bool> isInTransaction) {
    // A group is closed when nobody waits, or at these bounds, so that no answer is late for the sake of those who came after it
    // and a second process on the same file gets its turn.
    const int MostWrites = 64;
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(10);

    readonly Lock gate = new();
    readonly LinkedList<Waiter> waiting = [];
    bool taken;
    // Touched only by the one whose turn it is.
    Group? group;

    /// <summary>Waits for the turn and begins.</summary>
    /// <param name="connections">Each group has one of them.</param>
    /// <param name="alone">It may take longer than a moment, so nobody's answer is to depend on it: it shares its commit with no one.</param>
    public async Task<WriteTurn> Begin(KeptConnections connections, bool alone, CancellationToken ct) {
        await Turn(alone, ct);
        try {
            if (group is null) {
                var connection = await connections.Take(ct);
                try {
                    Run(connection, begin);
                } catch {
                    await connection.DisposeAsync();
                    throw;
                }
                group = new(connection, alone);
            }
            Run(group.Connection, "SAVEPOINT writer");
            group.Writes++;
            return new Writer(this, group);
        } catch {
            await GoOn();
            throw;
        }
    }

    Task Turn(bool alone, CancellationToken ct) {
        ct.ThrowIfCancellationRequested();
        lock (gate) {
            if (!taken) {
                taken = true;
                return Task.CompletedTask;
            }
            var waiter = new Waiter(alone);
            waiting.AddLast(waiter);
            return waiter.Wait(ct);
        }
    }

    // The next of the queue, when there is one that may join the group. The turn stays here when there is none.
    bool PassOnWithinGroup() {
        if (group is { Alone: true } || group!.Writes >= MostWrites || group.Age.Elapsed > Longest) return false;
        lock (gate) {
            while (waiting.First is { Value: var next } first && !next.Alone) {
                waiting.Remove(first);
                if (next.TakesTurn()) return true;
            }
            return false;
        }
    }

    void PassOn() {
        lock (gate) {
            while (waiting.First is { Value: var next } first) {
                waiting.Remove(first);
                if (next.TakesTurn()) return;
            }
            taken = false;
        }
    }

    // Ends the turn: gives it to one who joins the group, or closes the group.
    async Task GoOn() {
        if (group is null) {
            PassOn();
        } else if (!IsOpen(group)) {
            await Close(group, new GroupLostException());
        } else if (!PassOnWithinGroup()) {
            Exception? fault = null;
            try {
                Run(group.Connection, group.Kept ? "COMMIT" : "ROLLBACK");
                Measures.Committed(group.Writes);
            } catch (DbException e) {
                fault = e;
            }
            await Close(group, fault);
        }
    }

    async Task Close(Group ended, Exception? fault) {
        group = null;
        if (fault is not null && IsOpen(ended)) {
            try { Run(ended.Connection, "ROLLBACK"); } catch (DbException) { /* The connection is closed next, which undoes it too. */ }
        }
        // Closed before the turn passes on: a fault must leave nothing that the next group could meet.
        try { await ended.Connection.DisposeAsync(); } catch (DbException e) { fault ??= e; }
        PassOn();
        if (fault is null) ended.OnDisk.SetResult(); else ended.OnDisk.SetException(fault);
        // Nobody may be waiting for it.
        _ = ended.OnDisk.Task.Exception;
    }

    bool IsOpen(Group group) => isInTransaction(KeptConnections.Engine(group.Connection));

    static void Run(DbConnection connection, string sql) {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    sealed class Group(DbConnection connection, bool alone) {
        public DbConnection Connection => connection;
        public bool Alone => alone;
        public Stopwatch Age { get; } = Stopwatch.StartNew();
        public int Writes { get; set; }
        public bool Kept { get; set; }
        public TaskCompletionSource OnDisk { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Waiter(bool alone) {
        readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool Alone => alone;
        public bool TakesTurn() => turn.TrySetResult();
        public async Task Wait(CancellationToken ct) {
            // One that gave up stays in the queue until it is met there.
            await using var _ = ct.UnsafeRegister(static (t, token) => ((TaskCompletionSource)t!).TrySetCanceled(token), turn);
            await turn.Task;
        }
    }

    sealed class Writer(SharedCommits queue, Group group) : WriteTurn {
        bool ended;

        public override DbConnection Connection => group.Connection;
        public override DbTransaction? Transaction => null;

        public override async Task Commit() {
            await End(keep: true);
            await group.OnDisk.Task;
        }

        public override async Task Rollback() {
            await End(keep: false);
            await group.OnDisk.Task;
        }

        public override async Task<bool> Abandon() {
            await End(keep: false);
            return true;
        }

        async Task End(bool keep) {
            if (ended) return;
            ended = true;
            try {
                if (queue.IsOpen(group)) {
                    if (!keep) Run(group.Connection, "ROLLBACK TO writer");
                    Run(group.Connection, "RELEASE writer");
                    group.Kept |= keep;
                }
            } catch (DbException e) {
                // What is in the transaction now is not known: nobody of the group may be told that it is written.
                await queue.Close(group, e);
                return;
            }
            await queue.GoOn();
        }
    }
}

/// <summary>The transaction that several writers shared is gone, by no fault of theirs: each may run its work again.</summary>
public sealed class GroupLostException() : DbException("The transaction was rolled back by the engine because of another writer's fault.");
