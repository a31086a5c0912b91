using Cpd.Bench.Data;
using Cpd.Bench.Http;

namespace Cpd.Bench;

/// <summary>Real pages, signed in and with filters, beside an empty endpoint that returns as many bytes to the same client.</summary>
sealed class PagesBenchmark : Benchmark {
    const int Connections = 16;

    public override string Name => "pages";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var set = await DataSet.Get(measuring.Quick ? "quick" : "L", ct);
        var (warmUp, length) = measuring.Quick ? (TimeSpan.Zero, TimeSpan.FromMilliseconds(100)) : (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        await using var empty = await EmptyHost.Start(ct);
        await using var host = await HostProcess.Start(set.Folder, measuring.Quick ? null : await Published.Host(ct), arguments: ["--Jobs:Enabled=false"], ct: ct);
        var pages = new Pages(set, host);
        (string What, IReadOnlyList<(string, string)> Requests, double Floor, double? Aim)[] all = [
            ("course list with filters, signed in", await pages.SearchCatalogue(ct), 0.05, 0.15),
            ("course list of all England, signed in", await pages.AllCourses(ct), 0.05, 0.15),
            ("course, signed in", await pages.Courses(ct), 0.05, 0.15),
            ("session, signed in", await pages.Sessions(ct), 0.05, 0.15),
            ("my CPD record", await pages.MyCpd(ct), 0.05, 0.15),
            ("a setting and its staff", await pages.StaffList(ct), 0.05, 0.15),
            ("staff records of a setting", await pages.StaffRecords(ct), 0.05, 0.15),
            ("register of 40", await pages.Registers(ct), 0.05, 0.15),
            ("certificate check, anonymous", pages.Checks(), 0.05, 0.15),
            ("course list with filters, anonymous", pages.AnonymousSearches(), 0.4, null),
            ("course, anonymous", pages.AnonymousCourses(), 0.4, null),
            ("session, anonymous", pages.AnonymousSessions(), 0.4, null),
        ];
        // First all of them, so that none is measured on code that the runtime is still compiling.
        for (var round = 0; round < 4 && !measuring.Quick; round++) foreach (var (_, requests, _, _) in all) await LoadClient.Run(host.Address, requests, Connections, TimeSpan.Zero, TimeSpan.FromSeconds(2), ct);
        foreach (var (what, requests, floor, aim) in all) {
            await LoadClient.Run(host.Address, requests, Connections, TimeSpan.Zero, warmUp, ct);
            var used = host.ProcessorTime();
            var load = await LoadClient.Run(host.Address, requests, Connections, TimeSpan.Zero, length, ct);
            used = host.ProcessorTime() - used;
            var reference = await LoadClient.Run(empty.Address, [(EmptyHost.Of(load.Bytes), "")], Connections, warmUp / 2, length / 2, ct);
            measuring.Add(new(FormattableString.Invariant($"{what} ({set.Name}, {load.Bytes / 1024:0} KiB; {used.TotalMilliseconds / load.Times.Count:0.00} ms of processor a page; p50 {load.Percentile(0.5):0.0}, p95 {load.Percentile(0.95):0.0}, p99 {load.Percentile(0.99):0.0} ms at {Connections} connections)"),
                load.ASecond, "pages a second", "empty endpoint of as many bytes", reference.ASecond, floor, aim));
        }
    }
}
