using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench;

/// <summary>The reference of all writing: what plain SQLite does on the same disk, with nothing of ours around it.</summary>
static class PlainSqlite {
    /// <summary>One-row transactions a second, each on disk before the next begins.</summary>
    public static double CommitsASecond(string file, int count) {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS bench_Row (Id INTEGER PRIMARY KEY, Value INT NOT NULL)";
        command.ExecuteNonQuery();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO bench_Row (Value) VALUES (1)";
        for (var i = 0; i < 20; i++) insert.ExecuteNonQuery();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++) insert.ExecuteNonQuery();
        return count / watch.Elapsed.TotalSeconds;
    }
}
