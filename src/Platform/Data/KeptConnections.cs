using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Cpd.Platform.Data;

/// <summary>
/// Open connections that wait for their next use, with the statements they have prepared and the pages they have read. For an engine
/// inside the process, where opening a connection or preparing a statement costs more than running most statements.
/// </summary>
/// <param name="open">Opens one.</param>
/// <param name="isClean">False when one is not fit for another use, since a transaction is open on it.</param>
public sealed class KeptConnections(Func<CancellationToken, Task<DbConnection>> open, Func<DbConnection, bool> isClean) : IDisposable {
    const int MostIdle = 32;
    const int MostStatements = 300;
    readonly ConcurrentBag<Kept> idle = [];
    volatile bool closed;

    /// <summary>An open connection, for one use: disposing of it gives it back.</summary>
    public async Task<DbConnection> Take(CancellationToken ct) => new Lent(this, idle.TryTake(out var kept) ? kept : new Kept(await open(ct)));

    public void Dispose() {
        closed = true;
        while (idle.TryTake(out var kept)) kept.Inner.Dispose();
    }

    /// <summary>The engine's own connection behind one that was taken here.</summary>
    public static DbConnection Engine(DbConnection taken) => ((Lent)taken).Kept.Inner;

    void GiveBack(Kept kept) {
        if (closed || idle.Count >= MostIdle || !isClean(kept.Inner)) kept.Inner.Dispose();
        else idle.Add(kept);
    }

    sealed class Kept(DbConnection inner) {
        readonly Dictionary<string, DbCommand> statements = [];
        public DbConnection Inner => inner;

        /// <summary>A command for this text that nobody else has, prepared if it has run before on this connection.</summary>
        [SuppressMessage("Security", "CA2100", Justification = "The text is a slice's constant, on its way from Dapper.")]
        public DbCommand Take(string text) {
            if (statements.Remove(text, out var kept)) return kept;
            var fresh = inner.CreateCommand();
            fresh.CommandText = text;
            return fresh;
        }

        public void Keep(DbCommand command) {
            command.Parameters.Clear();
            if (statements.Count >= MostStatements) {
                foreach (var old in statements.Values) old.Dispose();
                statements.Clear();
            }
            if (!statements.TryAdd(command.CommandText, command)) command.Dispose();
        }
    }

    sealed class Lent(KeptConnections owner, Kept kept) : DbConnection {
        bool returned;

        public Kept Kept => returned ? throw new ObjectDisposedException(nameof(Lent)) : kept;
        [AllowNull] public override string ConnectionString { get => kept.Inner.ConnectionString; set => throw new NotSupportedException(); }
        public override string Database => kept.Inner.Database;
        public override string DataSource => kept.Inner.DataSource;
        public override string ServerVersion => kept.Inner.ServerVersion;
        public override ConnectionState State => returned ? ConnectionState.Closed : kept.Inner.State;
        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();
        public override void Open() { }
        public override void Close() {
            if (returned) return;
            returned = true;
            owner.GiveBack(kept);
        }
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException("Writers share commits: see SharedCommits.");
        protected override DbCommand CreateDbCommand() => new Statement(this);
        protected override void Dispose(bool disposing) {
            if (disposing) Close();
            base.Dispose(disposing);
        }
    }

    /// <summary>What Dapper fills and runs. The prepared command behind it is chosen when it runs, since lists change the text until then.</summary>
    sealed class Statement(Lent connection) : DbCommand {
        readonly DbCommand parameters = connection.Kept.Inner.CreateCommand();
        DbCommand? running;

        [AllowNull] public override string CommandText { get; set; } = "";
        public override int CommandTimeout { get; set; } = 30;
        public override CommandType CommandType { get; set; } = CommandType.Text;
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        [AllowNull] protected override DbConnection DbConnection { get => connection; set => throw new NotSupportedException(); }
        protected override DbParameterCollection DbParameterCollection => parameters.Parameters;
        protected override DbTransaction? DbTransaction { get; set; }
        public override void Cancel() { }
        public override void Prepare() { }
        public override int ExecuteNonQuery() => Run(c => c.ExecuteNonQuery());
        public override object? ExecuteScalar() => Run(c => c.ExecuteScalar());
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Run(c => c.ExecuteReader(behavior));
        protected override DbParameter CreateDbParameter() => parameters.CreateParameter();

        T Run<T>(Func<DbCommand, T> run) {
            if (running?.CommandText != CommandText) {
                Keep();
                running = connection.Kept.Take(CommandText);
            }
            running.Parameters.Clear();
            foreach (DbParameter parameter in parameters.Parameters) running.Parameters.Add(parameter);
            running.CommandTimeout = CommandTimeout;
            try {
                return run(running);
            } catch {
                // What state a fault leaves it in is not known.
                running.Dispose();
                running = null;
                throw;
            }
        }

        void Keep() {
            if (running is not null) connection.Kept.Keep(running);
            running = null;
        }

        protected override void Dispose(bool disposing) {
            if (disposing) {
                if (connection.State == ConnectionState.Open) Keep(); else running?.Dispose();
                parameters.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
