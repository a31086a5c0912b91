using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Cpd.Platform.Data;

/// <summary>Where the data lives. <c>Engine</c> is Sqlite (default) or SqlServer; the connection string is for that engine.</summary>
public sealed class DatabaseOptions {
    public string Engine { get; set; } = "Sqlite";
    public string ConnectionString { get; set; } = "";
}

/// <summary>THE SEAM: this file and Dialect.SqlServer.cs are the only ones that name a database engine. Everything else is one SQL text for both.</summary>
public abstract partial class Dialect {
    /// <param name="dataFolder">Where the embedded database lies when no connection string is given.</param>
    public static Dialect For(DatabaseOptions options, string dataFolder) => options.Engine switch {
        "Sqlite" => new SqliteDialect(options.ConnectionString.Length > 0 ? options.ConnectionString : $"Data Source={Path.Combine(dataFolder, "cpd.db")}"),
        "SqlServer" => new SqlServerDialect(options.ConnectionString),
        _ => throw new InvalidOperationException($"Database:Engine is '{options.Engine}'; it must be Sqlite or SqlServer."),
    };

    /// <summary>The most values that one IN list may hold on this engine.</summary>
    public abstract int LongestList { get; }
    /// <summary>What is put behind a statement that ends with ORDER BY to read one page of it: parameters @Skip and @Take.</summary>
    public abstract string PageSuffix { get; }
    /// <summary>How many tables of a name there are: parameter @Name.</summary>
    public abstract string CountTables { get; }
    /// <summary>The same database for work that may take long: no statement of it times out.</summary>
    public virtual Dialect Patient => this;
    /// <summary>Makes the database when there is none and the server lets us; what was asked for and refused is said and does not stop the start.</summary>
    public virtual Task Create(Action<string> say, CancellationToken ct) => Task.CompletedTask;
    /// <summary>A migration's statement as this engine takes it.</summary>
    public abstract string Ddl(string statement);
    public abstract Task<DbConnection> Open(CancellationToken ct);
    /// <summary>Waits for this process's turn to write and begins a transaction that may write at once.</summary>
    public abstract Task<WriteTurn> BeginWrite(DbConnection connection, CancellationToken ct);
    public abstract bool IsUniqueViolation(Exception e);
    /// <summary>True when the transaction was surely not committed and may succeed if it is simply run again.</summary>
    public abstract bool IsTransient(Exception e);
    /// <summary>True when the server may or may not have heard what was sent. Before a commit that is as good as undone; a commit itself must not be repeated.</summary>
    public virtual bool IsConnectionLost(Exception e) => false;

    sealed class SqliteDialect : Dialect {
        // SQLite has one writer. Writers of this process queue here, in order of arrival, instead of polling a busy file;
        // a second process still meets BEGIN IMMEDIATE and the busy time-out.
        static readonly ConcurrentDictionary<string, SemaphoreSlim> Queues = new();
        readonly string connectionString;
        readonly SemaphoreSlim queue;

        public SqliteDialect(string connectionString) {
            var builder = new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true, DefaultTimeout = 30 };
            this.connectionString = builder.ToString();
            queue = Queues.GetOrAdd(Path.GetFullPath(builder.DataSource), _ => new SemaphoreSlim(1, 1));
        }

        public override int LongestList => 30_000;
        public override string PageSuffix => "\nLIMIT @Take OFFSET @Skip";
        public override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @Name";
        public override string Ddl(string statement) => statement.Replace("{LONGTEXT}", "TEXT", StringComparison.Ordinal);

        public override async Task<DbConnection> Open(CancellationToken ct) {
            var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(ct);
            using var pragma = connection.CreateCommand();
            // FULL: in WAL mode a commit is on disk before it is answered. journal_mode is kept in the file and costs nothing again.
            pragma.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
            await pragma.ExecuteNonQueryAsync(ct);
            return connection;
        }

        public override async Task<WriteTurn> BeginWrite(DbConnection connection, CancellationToken ct) {
            await queue.WaitAsync(ct);
            try {
                return new WriteTurn(await connection.BeginTransactionAsync(IsolationLevel.Serializable, ct), () => queue.Release());
            } catch {
                queue.Release();
                throw;
            }
        }

        public override bool IsUniqueViolation(Exception e) => e is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };
        public override bool IsTransient(Exception e) => e is SqliteException { SqliteErrorCode: 5 or 6 };
    }
}

/// <summary>A begun write: its transaction, and what gives the turn to the next writer.</summary>
public sealed record WriteTurn(DbTransaction Transaction, Action Release);
