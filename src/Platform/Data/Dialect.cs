using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cpd.Platform.Data;

/// <summary>Where the data lives. <c>Engine</c> is Sqlite (default) or SqlServer; the connection string is for that engine.</summary>
public sealed class DatabaseOptions {
    public string Engine { get; set; } = "Sqlite";
    public string ConnectionString { get; set; } = "";
}

/// <summary>THE SEAM: with Dialect.SqlServer.cs and <see cref="EmbeddedFile"/> the only place that names a database engine. Everything else is one SQL text for both.</summary>
public abstract partial class Dialect : IDisposable {
    /// <param name="dataFolder">Where the embedded database lies when no connection string is given.</param>
    public static Dialect For(DatabaseOptions options, string dataFolder) => options.Engine switch {
        "Sqlite" => new SqliteDialect(EmbeddedFile.ConnectionString(options, dataFolder)),
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
    /// <summary>Begins a transaction that may write at once, after waiting for the turn where the engine has one writer.</summary>
    /// <param name="own">The caller's connection, for engines on which each writer has its own.</param>
    /// <param name="alone">See <see cref="Messaging.ILongWrite"/>.</param>
    public abstract Task<WriteTurn> BeginWrite(Func<Task<DbConnection>> own, bool alone, CancellationToken ct);
    /// <summary>Counts the rows of the tables that have grown, so that plans begin where there is least to read; null where the engine does so unasked.</summary>
    public virtual string? CountRows => null;
    public abstract bool IsUniqueViolation(Exception e);
    /// <summary>True when the same transaction may succeed if it is simply run again, and nothing of it can have stayed.</summary>
    /// <param name="committing">The fault came with the commit: if the connection broke there, the work may be written, so it must not be run again.</param>
    public abstract bool IsTransient(Exception e, bool committing);
    public virtual void Dispose() => GC.SuppressFinalize(this);

    sealed class SqliteDialect : Dialect {
        // SQLite has one writer. Writers of this process queue and share commits instead of polling a busy file; a second process
        // still meets BEGIN IMMEDIATE and the busy time-out.
        static readonly ConcurrentDictionary<string, SharedCommits> Writers = new();
        readonly string connectionString;
        readonly SharedCommits writers;
        readonly KeptConnections connections;

        public SqliteDialect(string connectionString) {
            // The connections that are kept are ours, with their statements; the library's own pool would keep them without.
            var builder = new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true, DefaultTimeout = 30, Pooling = false };
            this.connectionString = builder.ToString();
            writers = Writers.GetOrAdd(Path.GetFullPath(builder.DataSource), _ => new SharedCommits("BEGIN IMMEDIATE", c => !IsIdle(c)));
            connections = new(OpenFile, IsIdle);
        }

        /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG of sqlite3.h.</summary>
        const int StablePlans = 1007;

        static bool IsIdle(DbConnection connection) => raw.sqlite3_get_autocommit(((SqliteConnection)connection).Handle) != 0;

        public override int LongestList => 30_000;
        public override string PageSuffix => "\nLIMIT @Take OFFSET @Skip";
        public override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @Name";
        public override string Ddl(string statement) => statement.Replace("{LONGTEXT}", "TEXT", StringComparison.Ordinal);
        // A sample is enough and takes milliseconds. The bits: do it where it helps, and look at all tables, not only at those that this connection has read.
        public override string CountRows => "PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002;";

        public override Task<DbConnection> Open(CancellationToken ct) => connections.Take(ct);

        public override Task<WriteTurn> BeginWrite(Func<Task<DbConnection>> own, bool alone, CancellationToken ct) => writers.Begin(connections, alone, ct);

        public override void Dispose() {
            connections.Dispose();
            base.Dispose();
        }

        async Task<DbConnection> OpenFile(CancellationToken ct) {
            var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(ct);
            using var pragma = connection.CreateCommand();
            // FULL: in WAL mode a commit is on disk before it is answered. A second process is met with the engine's short waits first.
            pragma.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;";
            await pragma.ExecuteNonQueryAsync(ct);
            // A plan that does not look at the values stays: else every statement with LIKE @Pattern is compiled again each time it is run.
            raw.sqlite3_db_config(connection.Handle, StablePlans, 1, out _);
            return connection;
        }

        public override bool IsUniqueViolation(Exception e) => e is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };
        public override bool IsTransient(Exception e, bool committing) => e is SqliteException { SqliteErrorCode: 5 or 6 } or GroupLostException;
    }
}
