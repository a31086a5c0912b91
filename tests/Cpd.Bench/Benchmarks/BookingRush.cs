using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Cpd.Bench.Data;

namespace Cpd.Bench;

/// <summary>
/// Booking opens: 200 clients book over HTTP with a key, each answer durable and with all that a booking writes (history, email).
/// Held against one-row durable commits of plain SQLite on the same disk; once as the disk is, once with every sync 2 ms slower. Then at
/// half that rate on England's data: how long a person waits for the answer while it is busy and not overrun.
/// </summary>
sealed class BookingRush : Benchmark {
    const int Clients = 200;
    public override string Name => "booking-rush";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var most = await Disk(measuring, "", new Dictionary<string, string>(), 0.25, 1.0, ct);
        await Half(measuring, most / 2, ct);
        if (await Faults.Compile("slow_sync", measuring.Folder) is { } library) await Disk(measuring, ", each sync 2 ms slower", new Dictionary<string, string> { ["LD_PRELOAD"] = library }, 3, 10, ct);
        else Console.WriteLine("The slow disk was not measured: gcc is missing.");
    }

    /// <returns>Bookings a second on sessions with 16 places.</returns>
    static async Task<double> Disk(Measuring measuring, string disk, Dictionary<string, string> environment, double floor, double aim, CancellationToken ct) {
        // The first rushes are on code that the runtime is still compiling; in the term's first hour it no longer is.
        var warmUp = measuring.Rounds(1, 40);
        var sessions = warmUp + measuring.Rounds(1, 60);
        var first = 0.0;
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
            if (first == 0) first = rate;
        }
        return first;
    }

    static async Task Half(Measuring measuring, double rate, CancellationToken ct) {
        const int Seconds = 20;
        var set = await DataSet.Get(measuring.Quick ? "quick" : "L", ct);
        var warmUp = measuring.Rounds(1, 40);
        var count = measuring.Quick ? Clients : (int)(rate * Seconds);
        var folder = set.CopyTo(Path.Combine(measuring.Folder, "half"));
        // A disk that has just taken ten gigabytes is slower for a while.
        await Task.Delay(TimeSpan.FromSeconds(measuring.Rounds(0, 60)), ct);
        await using var arranged = await Arranged.Make(folder, new(Sessions: warmUp + (count + Clients - 1) / Clients, Places: 16, Staff: Clients), ct: ct);
        await using var host = await HostProcess.Start(folder, measuring.Quick ? null : await Published.Host(ct), ct: ct);
        using var client = host.Client(arranged.ManagerKey);
        await Rush(client, arranged.Sessions.Take(warmUp), arranged.Staff, ct);
        var watch = Stopwatch.StartNew();
        // On their time, whether those before are answered or not: a slow answer must not hold back the next and so look better.
        var latencies = (await Task.WhenAll(Enumerable.Range(0, count).Select(async i => {
            var due = TimeSpan.FromSeconds(i / rate);
            if (due - watch.Elapsed is { Ticks: > 0 } wait) await Task.Delay(wait, ct);
            await Book(client, Address(arranged.Sessions[warmUp + i / Clients]), arranged.Staff[i % Clients], ct);
            return (watch.Elapsed - due).TotalMilliseconds;
        }))).Order().ToList();
        measuring.Add(new($"at half that rate ({rate:0} a second) on {set.Name}, 95 of 100 answered within", latencies[latencies.Count * 95 / 100], "ms", Floor: 100, LessIsBetter: true));
    }

    /// <summary>Each client books its person into one session after the other, as fast as it is answered.</summary>
    static async Task<(double Rate, IReadOnlyList<double> Latencies)> Rush(HttpClient client, IEnumerable<Guid> sessions, IReadOnlyList<Guid> staff, CancellationToken ct) {
        var addresses = sessions.Select(Address).ToList();
        var latencies = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(staff.Select(person => Task.Run(async () => {
            foreach (var address in addresses) {
                var began = watch.Elapsed;
                await Book(client, address, person, ct);
                latencies.Add((watch.Elapsed - began).TotalMilliseconds);
            }
        }, ct)));
        var seconds = watch.Elapsed.TotalSeconds;
        return (latencies.Count / seconds, [.. latencies.Order()]);
    }

    static Uri Address(Guid session) => new($"/api/v1/sessions/{session}/bookings", UriKind.Relative);

    static async Task Book(HttpClient client, Uri session, Guid person, CancellationToken ct) {
        using var response = await client.PostAsJsonAsync(session, new { personIds = new[] { person } }, ct);
        if (response.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(ct)}");
    }
}
