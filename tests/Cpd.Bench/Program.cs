// ./dev bench: each line names the workload, its figure, the reference measured in the same run, and the ratio.
using System.Diagnostics;
using Cpd.Platform.Data;
using Microsoft.Data.Sqlite;

SqliteConnection.ClearAllPools();
var folder = Directory.CreateTempSubdirectory("cpd-bench-").FullName;
const int Commits = 500;

var plain = PlainCommits();
var house = await HouseCommits();
Console.WriteLine($"one-row durable commits through Db.Write: {house:N0} a second; plain SQLite: {plain:N0} a second; ratio {house / plain:0.00}");
Directory.Delete(folder, recursive: true);
return 0;

double PlainCommits() {
    using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "plain.db")};Pooling=False");
    connection.Open();
    Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bench_Row (Id INTEGER PRIMARY KEY, Value INT NOT NULL)");
    using var insert = connection.CreateCommand();
    insert.CommandText = "INSERT INTO bench_Row (Value) VALUES (1)";
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < Commits; i++) insert.ExecuteNonQuery();
    return Commits / watch.Elapsed.TotalSeconds;
}

async Task<double> HouseCommits() {
    await using var db = new Db(Dialect.For(new DatabaseOptions(), folder));
    await db.Execute("CREATE TABLE bench_Row (Id INTEGER PRIMARY KEY, Value INT NOT NULL)", null, default);
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < Commits; i++) await db.Write(() => db.Execute("INSERT INTO bench_Row (Value) VALUES (1)", null, default), default);
    return Commits / watch.Elapsed.TotalSeconds;
}

static void Run(SqliteConnection connection, string sql) {
    using var command = connection.CreateCommand();
    command.CommandText = sql;
    command.ExecuteNonQuery();
}
