using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Cpd.Platform.Data;

/// <summary>
/// The seam's second file (docs/adr/0017): the embedded database as a file that is copied, looked through and put elsewhere.
/// <see cref="Dialect"/> runs statements and knows nothing of files; a server's database has none.
/// </summary>
public static class EmbeddedFile {
    /// <summary>Where the product's database lies, or null when a server keeps it.</summary>
    public static string? Of(DatabaseOptions options, string dataFolder) => options.Engine == "Sqlite"
        ? Path.GetFullPath(new SqliteConnectionStringBuilder(ConnectionString(options, dataFolder)).DataSource) : null;

    public static string ConnectionString(DatabaseOptions options, string dataFolder) =>
        options.ConnectionString.Length > 0 ? options.ConnectionString : $"Data Source={Path.Combine(dataFolder, "cpd.db")}";

    /// <summary>
    /// Copies a database as it stands at one moment into a new file, while others read and write it. The copy is one file, with no
    /// log beside it. Pages are copied as they are, so damage in the source is there in the copy for <see cref="Faults"/> to find,
    /// unless it lies where the copying itself comes across it (<see cref="IsDamage"/>).
    /// </summary>
    public static void Copy(string source, string target) {
        using var from = Open(source, SqliteOpenMode.ReadWrite);
        using var to = Open(target, SqliteOpenMode.ReadWriteCreate);
        from.BackupDatabase(to);
        Run(to, "PRAGMA journal_mode = DELETE");
    }

    /// <summary>The engine could not go on for what it found in the file: damaged pages, or no database at all.</summary>
    public static bool IsDamage(Exception e) => e is SqliteException { SqliteErrorCode: 11 or 26 };

    /// <summary>What is wrong with a database that nobody writes: damaged pages and indexes, rows whose foreign key leads nowhere. Empty when it is sound.</summary>
    public static IReadOnlyList<string> Faults(string file) {
        try {
            using var connection = Open(file, SqliteOpenMode.ReadWrite);
            var damage = Rows(connection, "PRAGMA integrity_check(10)", r => r.GetString(0)).Where(line => line != "ok");
            var orphans = Rows(connection, "PRAGMA foreign_key_check", r => $"row {(r.IsDBNull(1) ? "?" : r.GetInt64(1))} of {r.GetString(0)} points to no row of {r.GetString(2)}");
            return [.. damage, .. orphans.Take(10)];
        } catch (SqliteException e) {
            return [e.Message];
        }
    }

    /// <summary>Number and hash of the migrations that the database has had, in order; null when it is not a database of this product.</summary>
    public static IReadOnlyList<(int Number, string Hash)>? Migrations(string file) {
        using var connection = Open(file, SqliteOpenMode.ReadWrite);
        try {
            return Rows(connection, "SELECT Number, Hash FROM platform_Migration ORDER BY Number", r => (r.GetInt32(0), r.GetString(1)));
        } catch (SqliteException e) when (e.SqliteErrorCode == 1) {
            return null;
        }
    }

    /// <summary>Brings what stands in the log into the file and removes the log, so that the file may be moved.</summary>
    /// <returns>False when another process has the database open.</returns>
    public static bool TryClose(string file) {
        try {
            using var connection = Open(file, SqliteOpenMode.ReadWrite, wait: 1_000);
            // Leaving the log takes the whole database: it fails while anybody else, of whatever version, has it open.
            return Rows(connection, "PRAGMA journal_mode = DELETE", r => r.GetString(0)) is ["delete"];
        } catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6) {
            return false;
        }
    }

    static SqliteConnection Open(string file, SqliteOpenMode mode, int wait = 30_000) {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        Run(connection, $"PRAGMA busy_timeout = {wait}");
        return connection;
    }

    static void Run(SqliteConnection connection, string sql) {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static List<T> Rows<T>(SqliteConnection connection, string sql, Func<DbDataReader, T> read) {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
