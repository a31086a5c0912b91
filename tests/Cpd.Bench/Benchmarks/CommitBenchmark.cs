using System.Diagnostics;
using Cpd.Platform.Data;

namespace Cpd.Bench;

/// <summary>What the house adds to a durable commit of one row: one writer, and many that share commits.</summary>
sealed class CommitBenchmark : Benchmark {
    public override string Name => "commits";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var count = measuring.Rounds(50, 4000);
        var plain = PlainSqlite.CommitsASecond(Path.Combine(measuring.Folder, "plain.db"), count);
        foreach (var writers in (int[])[1, 200]) {
            var house = await House(measuring.Folder, writers, count, ct);
            measuring.Add(new($"one-row durable commits through Db.Write, {writers} at once", house, "a second", "plain SQLite, one writer", plain));
        }
    }

    static async Task<double> House(string folder, int writers, int count, CancellationToken ct) {
        using var dialect = Dialect.For(new DatabaseOptions { ConnectionString = $"Data Source={Path.Combine(folder, $"house-{writers}.db")}" }, folder);
        await using (var db = new Db(dialect)) await db.Execute("CREATE TABLE bench_Row (Id INTEGER PRIMARY KEY, Value INT NOT NULL)", null, ct);
        var each = Math.Max(1, count / writers);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () => {
            await using var db = new Db(dialect);
            for (var i = 0; i < each; i++) await db.Write(() => db.Execute("INSERT INTO bench_Row (Value) VALUES (1)", null, ct), ct);
        }, ct)));
        return each * writers / watch.Elapsed.TotalSeconds;
    }
}
