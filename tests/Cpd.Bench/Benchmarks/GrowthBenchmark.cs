using Cpd.Bench.Data;
using Cpd.Bench.Http;

namespace Cpd.Bench;

/// <summary>What one person waits for what shows one person or one page, from an authority's year to England's five: it must hardly grow.</summary>
sealed class GrowthBenchmark : Benchmark {
    public override string Name => "growth";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var small = new Dictionary<string, double>();
        foreach (var name in measuring.Quick ? ["quick", "quick"] : (string[])["S", "M", "L"]) {
            var set = await DataSet.Get(name, ct);
            var (warmUp, length) = measuring.Quick ? (TimeSpan.Zero, TimeSpan.FromMilliseconds(100)) : (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
            await using var host = await HostProcess.Start(set.Folder, measuring.Quick ? null : await Published.Host(ct), arguments: ["--Jobs:Enabled=false"], ct: ct);
            var pages = new Pages(set, host);
            foreach (var (what, requests) in ((string, IReadOnlyList<(string, string)>)[])[
                ("my CPD record", await pages.MyCpd(ct)), ("a setting and its staff", await pages.StaffList(ct)), ("staff records of a setting", await pages.StaffRecords(ct)),
                ("certificate check", pages.Checks()), ("register of 40", await pages.Registers(ct)), ("session", await pages.Sessions(ct)),
            ]) {
                // One at a time, so that it is the page's own time and not that of a queue.
                var load = await LoadClient.Run(host.Address, requests, 1, warmUp, length, ct);
                var p95 = load.Percentile(0.95);
                var first = small.TryAdd(what, p95);
                measuring.Add(new($"{what} on {name} (p50 {load.Percentile(0.5):0.00}, p99 {load.Percentile(0.99):0.00} ms)", p95, "ms p95",
                    first ? null : "on S", first ? null : small[what], name == "L" ? 1.5 : null, LessIsBetter: true));
            }
        }
    }
}
