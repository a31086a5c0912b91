using System.Data.Common;

namespace Cpd.Platform.Data;

/// <summary>A write that has begun: the connection and transaction its statements run in, and its two ends, of which one is called once.</summary>
public abstract class WriteTurn {
    public abstract DbConnection Connection { get; }
    /// <summary>What the client library wants named on each command; null where the connection alone says it.</summary>
    public abstract DbTransaction? Transaction { get; }

    /// <summary>Answers when what was written is on disk.</summary>
    public abstract Task Commit();
    /// <summary>Undoes what was written. Answers when whatever it may have read of others' work is on disk, so that a refusal rests on facts.</summary>
    public abstract Task Rollback();
    /// <summary>Undoes what was written after a fault: waits for nobody and never throws.</summary>
    /// <returns>False when the connection is not to be trusted any more.</returns>
    public abstract Task<bool> Abandon();
}

/// <summary>A transaction on a connection of the caller's own, for engines that have many writers.</summary>
sealed class OwnTransaction(DbConnection connection, DbTransaction transaction) : WriteTurn {
    public override DbConnection Connection => connection;
    public override DbTransaction? Transaction => transaction;

    // Neither end can be cancelled: from here on the answer must be what the disk says.
    public override async Task Commit() {
        await transaction.CommitAsync(CancellationToken.None);
        await transaction.DisposeAsync();
    }

    public override async Task Rollback() {
        await transaction.RollbackAsync(CancellationToken.None);
        await transaction.DisposeAsync();
    }

    public override async Task<bool> Abandon() {
        try {
            await Rollback();
            return true;
        } catch (Exception e) when (e is DbException or InvalidOperationException) {
            // The engine has ended it already (deadlock victim, lost connection): nothing is left to undo.
            return false;
        }
    }
}
