using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.SqlClient;

namespace Cpd.Platform.Data;

public abstract partial class Dialect {
    /// <summary>
    /// SQL Server, and servers that speak its protocol. No lock hints and no isolation of its own: READ COMMITTED, guarded UPDATEs and
    /// unique indexes. READ_COMMITTED_SNAPSHOT makes readers wait for nobody; it is asked for when the database is made here.
    /// </summary>
    sealed partial class SqlServerDialect : Dialect {
        /// <summary>Text compares byte by byte, as on SQLite. Set on each column, so that a database made by somebody else behaves alike.</summary>
        const string Collation = "Latin1_General_BIN2";
        const int TriesToConnect = 4;

        // The transaction was ended by the server or the connection is gone; nothing of it was kept.
        // 1205 deadlock, 3960 snapshot conflict, 3935 and 41302 write conflicts, 1222 lock time-out, 596 session killed by a fail-over,
        // 978 to 983 replica not readable yet, 3906 still read-only after one, 6005 shutdown, 8645 and 8651 memory, 40143 to 49920 Azure's.
        static readonly HashSet<int> TryAgain = [1205, 3960, 3935, 41302, 1222, 596, 978, 982, 983, 3906, 6005, 8645, 8651, 40143, 40197, 40501, 40540, 40613, 10928, 10929, 49918, 49919, 49920];
        // Two writers of one key: the second one's statement waits for the first to commit and then fails, although it looked before it wrote
        // (INSERT … WHERE NOT EXISTS). Run again, it sees the row. A handler that has an answer to a duplicate has caught it before.
        static readonly HashSet<int> Duplicate = [2601, 2627];
        // The network and the way in: -2 time-out, 2, 53, 258, 1225, 10053 to 11001 sockets, 20, 64, 121, 233 the handshake, 4060 the database is
        // not open yet, 4221, 18401 and 18456's state during a restart are the server's own start.
        static readonly HashSet<int> NoConnection = [-2, -1, 2, 53, 258, 1225, 10053, 10054, 10060, 10061, 11001, 20, 64, 121, 233, 4060, 4221, 18401, 17142, 596, 978, 983, 40197, 40501, 40613, 10928, 10929, 49918, 49919, 49920];

        // On a fault of opening that has been tried again already.
        const string GivenUp = "cpd.given-up";

        readonly SqlConnectionStringBuilder options;
        string? collation = Collation;

        public SqlServerDialect(string connectionString) {
            options = new SqlConnectionStringBuilder(connectionString);
            if (options.InitialCatalog.Length == 0) throw new InvalidOperationException("Database:ConnectionString must name the server and the database, as in \"Server=db.example;Database=cpd;Integrated Security=true\".");
            // One statement at a time on a connection, as on SQLite: what would only work with several would be found there and not here.
            options.MultipleActiveResultSets = false;
            if (!options.ShouldSerialize("Application Name")) options.ApplicationName = "cpd";
            // A pool that remembers a failed login for seconds would answer for a server that is back already.
            if (!options.ShouldSerialize("Pool Blocking Period")) options.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
            if (!options.ShouldSerialize("Connect Retry Count")) options.ConnectRetryCount = 3;
            if (!options.ShouldSerialize("Connect Retry Interval")) options.ConnectRetryInterval = 2;
        }

        public override int LongestList => 1_500;
        public override string PageSuffix => "\nOFFSET @Skip ROWS FETCH NEXT @Take ROWS ONLY";
        public override string CountTables => "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = @Name";
        public override Dialect Patient => new SqlServerDialect(new SqlConnectionStringBuilder(options.ConnectionString) { CommandTimeout = 0 }.ConnectionString) { collation = collation };

        public override string Ddl(string statement) {
            statement = statement.Replace("{LONGTEXT}", "NVARCHAR(MAX)", StringComparison.Ordinal);
            return collation is not null && Definition().IsMatch(statement) ? TextColumn().Replace(statement, "$0 COLLATE " + collation) : statement;
        }

        public override async Task<DbConnection> Open(CancellationToken ct) {
            for (var attempt = 1; ; attempt++) {
                var connection = new SqlConnection(options.ConnectionString);
                try {
                    await connection.OpenAsync(ct);
                    return connection;
                } catch (SqlException e) when (attempt < TriesToConnect && NoConnection.Contains(e.Number)) {
                    await connection.DisposeAsync();
                    await Task.Delay(Random.Shared.Next(50, 250) * attempt, ct);
                } catch (Exception e) {
                    e.Data[GivenUp] = true;
                    await connection.DisposeAsync();
                    throw;
                }
            }
        }

        public override async Task<WriteTurn> BeginWrite(Func<Task<DbConnection>> own, bool alone, CancellationToken ct) {
            var connection = await own();
            return new OwnTransaction(connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct));
        }

        public override bool IsUniqueViolation(Exception e) => e is SqlException { Number: var number } && Duplicate.Contains(number);

        public override bool IsTransient(Exception e, bool committing) => e is SqlException fault && !fault.Data.Contains(GivenUp)
            // A connection that breaks in the commit leaves open whether that was carried out. A statement's own time-out has the number of a
            // connection's; the same statement would only take as long again.
            && (TryAgain.Contains(fault.Number) || Duplicate.Contains(fault.Number) || !committing && fault.Number != -2 && (fault.Class >= 20 || NoConnection.Contains(fault.Number)));

        public override async Task Create(Action<string> say, CancellationToken ct) {
            var server = new SqlConnectionStringBuilder(options.ConnectionString) { InitialCatalog = "master", Pooling = false };
            // A pool would remember that the database is not there; and what is not there is not worth several tries.
            var ours = new SqlConnectionStringBuilder(options.ConnectionString) { Pooling = false };
            for (var attempt = 1; ; attempt++) {
                try {
                    await using var known = new SqlConnection(ours.ConnectionString);
                    await known.OpenAsync(ct);
                    await Ask(known, say);
                    return;
                } catch (SqlException e) {
                    if (await Make(server.ConnectionString, e, say, ct)) continue;
                    if (attempt == 2 * TriesToConnect || !NoConnection.Contains(e.Number)) throw new InvalidOperationException($"The database {options.InitialCatalog} on {options.DataSource} can't be opened: {e.Message}", e);
                    say($"The database {options.InitialCatalog} on {options.DataSource} does not answer yet; trying again.");
                    await Task.Delay(TimeSpan.FromSeconds(attempt), ct);
                }
            }
        }

        /// <summary>False when the database is there, or nobody can tell.</summary>
        async Task<bool> Make(string server, SqlException why, Action<string> say, CancellationToken ct) {
            await using var connection = new SqlConnection(server);
            try {
                await connection.OpenAsync(ct);
                if (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM sys.databases WHERE name = @Name", new { Name = options.InitialCatalog }) > 0) return false;
            } catch (SqlException) {
                return false;
            }
            var name = $"[{options.InitialCatalog.Replace("]", "]]", StringComparison.Ordinal)}]";
            try {
                await connection.ExecuteAsync($"CREATE DATABASE {name}", commandTimeout: 300);
                say($"The database {options.InitialCatalog} was made.");
            } catch (SqlException e) when (e.Number == 1801) {
                return true;
            } catch (SqlException e) {
                throw new InvalidOperationException($"The database {options.InitialCatalog} is not on {options.DataSource}, and this login may not make it ({e.Message}). Make it there, and let the login create tables in it.", why);
            }
            try {
                await connection.ExecuteAsync($"ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT ON", commandTimeout: 60);
            } catch (SqlException e) {
                say($"READ_COMMITTED_SNAPSHOT was asked for and refused ({e.Message}). Everything works without it; readers may wait for writers.");
            }
            return true;
        }

        /// <summary>What the database is like, where that makes a difference.</summary>
        async Task Ask(SqlConnection connection, Action<string> say) {
            try {
                if (await connection.ExecuteScalarAsync<int>("SELECT CAST(is_read_committed_snapshot_on AS INT) FROM sys.databases WHERE name = DB_NAME()") == 0)
                    say($"READ_COMMITTED_SNAPSHOT is off in {options.InitialCatalog}. Everything works without it; readers may wait for writers.");
            } catch (SqlException) { /* A server that does not say has its own way of reading. */ }
            try {
                await connection.ExecuteScalarAsync<int>($"SELECT CASE WHEN N'a' COLLATE {Collation} = N'A' COLLATE {Collation} THEN 1 ELSE 0 END");
            } catch (SqlException e) {
                collation = null;
                say($"The server does not know the collation {Collation} ({e.Message}). Text compares as the database does it: where that overlooks case, so do references and keys.");
            }
        }

        [GeneratedRegex(@"\A\s*(CREATE|ALTER)\s+TABLE\b", RegexOptions.IgnoreCase)]
        private static partial Regex Definition();
        // A column says NULL or NOT NULL (an architecture test sees to it); the type in a CAST does not.
        [GeneratedRegex(@"\bNVARCHAR\s*\(\s*(\d+|MAX)\s*\)(?=\s+(NOT\s+)?NULL\b)", RegexOptions.IgnoreCase)]
        private static partial Regex TextColumn();
    }
}
