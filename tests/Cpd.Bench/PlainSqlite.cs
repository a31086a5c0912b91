using System.Diagnostics;
using System.Globalization;
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

    /// <summary>The same in a process of its own, which may be started with other libraries.</summary>
    public static async Task<double> CommitsASecondInAProcess(string file, int count, IReadOnlyDictionary<string, string> environment, CancellationToken ct) {
        var start = new ProcessStartInfo("dotnet", [typeof(PlainSqlite).Assembly.Location, "commits", file, count.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
