using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Cpd.Bench;

/// <summary>
/// Booking opens: 200 clients book over HTTP with a key, each answer durable and with all that a booking writes (history, e-mail).
/// Held against one-row durable commits of plain SQLite on the same disk; once as the disk is, once with every sync 2 ms slower.
/// </summary>
sealed class BookingRush : Benchmark {
    const int Clients = 200;
    public override string Name => "booking-rush";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        await Disk(measuring, "", new Dictionary<string, string>(), 0.25, 1.0, ct);
        if (await Faults.Compile("slow_sync", measuring.Folder) is { } library) await Disk(measuring, ", each sync 2 ms slower", new Dictionary<string, string> { ["LD_PRELOAD"] = library }, 3, 10, ct);
        else Console.WriteLine("The slow disk was not measured: gcc is missing.");
    }

    static async Task Disk(Measuring measuring, string disk, Dictionary<string, string> environment, double floor, double aim, CancellationToken ct) {
        // The first rushes are on code that the runtime is still compiling; in the term's first hour it no longer is.
        var warmUp = measuring.Rounds(1, 40);
        var sessions = warmUp + measuring.Rounds(1, 60);
        foreach (var (kind, places) in ((string, int)[])[("16 places each", 16), ("room for all", Clients + 8)]) {
            var data = Directory.CreateDirectory(Path.Combine(measuring.Folder, $"{environment.Count}-{places}")).FullName;
            var plain = await PlainSqlite.CommitsASecondInAProcess(Path.Combine(data, "plain.db"), measuring.Rounds(50, 2000), environment, ct);
            await using var arranged = await Arranged.Make(data, new(Sessions: sessions, Places: places, Staff: Clients), ct: ct);
            await using var host = await HostProcess.Start(data, measuring.Quick ? null : await Published.Host(ct), environment: environment, ct: ct);
            using var client = host.Client(arranged.ManagerKey);
            await Rush(client, arranged.Sessions.Take(warmUp), arranged.Staff, ct);
            var (rate, latencies) = await Rush(client, arranged.Sessions.Skip(warmUp), arranged.Staff, ct);
            measuring.Add(new($"bookings, {Clients} clients, sessions with {kind}{disk}", rate, "a second", "plain SQLite commits", plain, floor, aim));
            measuring.Add(new($"the same, 95 of 100 answered within", latencies[latencies.Count * 95 / 100], "ms"));
        }
    }

    /// <summary>Each client books its person into one session after the other, as fast as it is answered.</summary>
    static async Task<(double Rate, IReadOnlyList<double> Latencies)> Rush(HttpClient client, IEnumerable<Guid> sessions, IReadOnlyList<Guid> staff, CancellationToken ct) {
        var addresses = sessions.Select(s => new Uri($"/api/v1/sessions/{s}/bookings", UriKind.Relative)).ToList();
        var latencies = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(staff.Select(person => Task.Run(async () => {
            foreach (var address in addresses) {
                var began = watch.Elapsed;
                using var response = await client.PostAsJsonAsync(address, new { personIds = new[] { person } }, ct);
                if (response.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(ct)}");
                latencies.Add((watch.Elapsed - began).TotalMilliseconds);
            }
        }, ct)));
        var seconds = watch.Elapsed.TotalSeconds;
        return (latencies.Count / seconds, [.. latencies.Order()]);
    }
}
