using System.Data;
using System.Data.Common;
using Cpd.Platform.Telemetry;
using Dapper;

namespace Cpd.Platform.Data;

/// <summary>
/// The database of one unit of work (a request, an event, a job): one connection, opened when first needed, and at most one
/// transaction. Not safe for parallel use. Everything a handler does inside <see cref="Write{T}"/> commits together or not at all.
/// </summary>
public sealed class Db(Dialect dialect) : IAsyncDisposable {
    const int Tries = 6;
    /// <summary>What no row has: a key's version and variant bits are never all ones.</summary>
    static readonly IReadOnlyList<byte[]> NoId = [[.. Enumerable.Repeat(byte.MaxValue, 16)]];
    readonly List<Action> afterCommit = [];
    DbConnection? own;
    WriteTurn? turn;
    bool isHolding, isInWork;

    public bool IsWriting => turn is not null;

    /// <summary>The first row, or null when there is none.</summary>
    public async Task<T?> One<T>(string sql, object? args, CancellationToken ct) =>
        await (await Connection(ct)).QueryFirstOrDefaultAsync<T>(Command(sql, args, ct));

    /// <summary>All rows, in the order the statement gives.</summary>
    public async Task<IReadOnlyList<T>> List<T>(string sql, object? args, CancellationToken ct) =>
        (await (await Connection(ct)).QueryAsync<T>(Command(sql, args, ct))).AsList();

    /// <summary>The rows of these ids (<c>IN @Ids</c>), however many: in batches, each once, and without asking for none.</summary>
    public async Task<IReadOnlyList<T>> ListByIds<T>(string sql, IEnumerable<Guid> ids, CancellationToken ct) {
        var rows = new List<T>();
        foreach (var batch in ids.Distinct().Chunk(dialect.LongestList)) rows.AddRange(await List<T>(sql, new { Ids = Ids(batch) }, ct));
        return rows;
    }

    /// <summary>Runs a statement and gives the number of rows it changed. With a list of arguments, once for each in one prepared command.</summary>
    public async Task<int> Execute(string sql, object? args, CancellationToken ct) =>
        await (await Connection(ct)).ExecuteAsync(Command(sql, args, ct));

    /// <summary>Ids for <c>IN @Ids</c>. Dapper's list expansion skips type handlers, so a raw list of Guid would find nothing and report no error.</summary>
    /// <exception cref="ArgumentException">More ids than the engine takes in one list: ask in batches.</exception>
    public IReadOnlyList<byte[]> Ids(IEnumerable<Guid> ids) {
        var list = ids.Distinct().Select(SqlTypes.Bytes).ToList();
        // For an empty list Dapper would send an untyped null, which a server takes for text and may refuse to compare with bytes.
        return list.Count == 0 ? NoId : list.Count <= dialect.LongestList ? list
            : throw new ArgumentException($"{list.Count} ids in one list; ask in batches of at most {dialect.LongestList}.", nameof(ids));
    }

    /// <summary>The values of several objects as the arguments of one statement, for conditions that bring their own. Their names differ.</summary>
    public static object Args(params IEnumerable<object?> parts) {
        var all = new DynamicParameters();
        foreach (var part in parts) if (part is not null) all.AddDynamicParams(part);
        return all;
    }

    /// <summary>The statement, cut to one page by the parameters @Skip and @Take (<see cref="Paging"/>). It must end with ORDER BY over a unique order.</summary>
    public string Page(string sql) => sql.Contains("ORDER BY", StringComparison.Ordinal) ? sql + dialect.PageSuffix
        : throw new ArgumentException("A page needs an ORDER BY.", nameof(sql));

    public bool IsUniqueViolation(Exception e) => dialect.IsUniqueViolation(e);

    /// <summary>Lets the engine know how large its tables have become, where it does not find out by itself. Belongs into a write.</summary>
    public Task CountRows(CancellationToken ct) => dialect.CountRows is { } statement ? Execute(statement, null, ct) : Task.CompletedTask;

    /// <summary>Runs <paramref name="work"/> in one write transaction and commits. Joins the transaction that is already open, if any.</summary>
    public Task Write(Func<Task> work, CancellationToken ct) => Write(async () => { await work(); return true; }, keep => keep, ct);

    /// <summary>
    /// Runs <paramref name="work"/> in one write transaction; commits when <paramref name="keep"/> says so, else rolls back.
    /// Transient faults (deadlock, busy, a lost connection, on a server another writer of the same key) run the work again, so it must do
    /// nothing but database work and begin from nothing each time.
    /// </summary>
    /// <param name="alone">See <see cref="Messaging.ILongWrite"/>.</param>
    public async Task<T> Write<T>(Func<Task<T>> work, Func<T, bool> keep, CancellationToken ct, bool alone = false) {
        if (IsWriting) return isInWork ? await work() : await WriteMore(work, keep);
        for (var attempt = 1; ; attempt++) {
            var committing = false;
            try {
                using (Measures.Wait()) turn = await dialect.BeginWrite(() => Own(ct), alone, ct);
                var result = await InWork(work);
                committing = true;
                if (!keep(result)) await Rollback();
                else if (!isHolding) await Commit();
                return result;
            } catch (Exception e) when (attempt < Tries && dialect.IsTransient(e, committing)) {
                await Abandon();
                Measures.Retried();
                await Task.Delay(Random.Shared.Next(5, 25 * attempt), ct);
            } catch {
                await Abandon();
                throw;
            }
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> and holds back the commit of what it writes: the first <see cref="Write{T}"/> in it begins a transaction, and all is
    /// committed when the work has ended, or rolled back when it throws. A Write that is refused is undone at once. Nothing is begun while
    /// nothing writes; <see cref="IsWriting"/> tells whether anything is held. The work must not write through another Db, which would wait
    /// for this one for ever. A transient fault after the first Write has ended runs all of it again.
    /// </summary>
    public async Task<T> Hold<T>(Func<Task<T>> work, CancellationToken ct) {
        if (isHolding || IsWriting) throw new InvalidOperationException("Writes are held from outside of all of them.");
        isHolding = true;
        try {
            for (var attempt = 1; ; attempt++) {
                var committing = false;
                try {
                    var result = await work();
                    committing = true;
                    if (IsWriting) await Commit();
                    return result;
                } catch (Exception e) when (IsWriting && attempt < Tries && dialect.IsTransient(e, committing)) {
                    await Abandon();
                    Measures.Retried();
                    await Task.Delay(Random.Shared.Next(5, 25 * attempt), ct);
                }
            }
        } catch {
            await Abandon();
            throw;
        } finally {
            isHolding = false;
        }
    }

    /// <summary>Does something once what is being written is on disk; forgotten if it is rolled back. At once when nothing is being written.</summary>
    public void AfterCommit(Action action) {
        if (IsWriting) afterCommit.Add(action); else action();
    }

    public async ValueTask DisposeAsync() {
        await Abandon();
        if (own is not null) await own.DisposeAsync();
        own = null;
    }

    async Task<DbConnection> Connection(CancellationToken ct) => turn?.Connection ?? await Own(ct);

    async Task<DbConnection> Own(CancellationToken ct) {
        // One that was lost between two statements is replaced; inside a transaction it is Write that begins anew.
        if (own is { State: not ConnectionState.Open } lost) {
            own = null;
            await lost.DisposeAsync();
        }
        return own ??= await dialect.Open(ct);
    }

    async Task<T> InWork<T>(Func<Task<T>> work) {
        isInWork = true;
        try { return await work(); } finally { isInWork = false; }
    }

    /// <summary>A further Write of what is held: it can't be undone without what came before it.</summary>
    async Task<T> WriteMore<T>(Func<Task<T>> work, Func<T, bool> keep) {
        var result = await InWork(work);
        return keep(result) ? result : throw new InvalidOperationException("A second command of one request was refused after the first was done. Make them one command.");
    }

    CommandDefinition Command(string sql, object? args, CancellationToken ct) => new(sql, args, turn?.Transaction, cancellationToken: ct);

    async Task Commit() {
        await turn!.Commit();
        turn = null;
        foreach (var action in afterCommit) action();
        afterCommit.Clear();
    }

    async Task Rollback() {
        await turn!.Rollback();
        turn = null;
        afterCommit.Clear();
    }

    async Task Abandon() {
        afterCommit.Clear();
        if (turn is not { } ending) return;
        turn = null;
        if (await ending.Abandon() || own is null) return;
        await own.DisposeAsync();
        own = null;
    }
}
