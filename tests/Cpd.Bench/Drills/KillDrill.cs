using System.Collections.Concurrent;
using System.Diagnostics;

namespace Cpd.Bench;

/// <summary>
/// The service is killed (SIGKILL) at random moments while people book. What it acknowledged is there after each restart, and
/// nothing is there by halves.
/// </summary>
sealed class KillDrill : Drill {
    const int Clients = 8;

    public override string Name => "kill";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        var (target, kills) = (drilling.Rounds(1_000, 10_000), drilling.Rounds(5, 50));
        var seed = Environment.TickCount;
        var random = new Random(seed);
        Drilling.Say($"seed {seed}");
        // Twenty people after sixteen places, so that waiting lists are written too. A booking in flight when the service dies is not asked for again.
        var plan = new Plan(Sessions: target / 20 + kills * Clients, Places: 16, Staff: 200);
        await using var arranged = await Arranged.Make(drilling.Folder, plan, ct: ct);
        var wanted = arranged.Sessions.SelectMany((session, i) => Enumerable.Range(0, 20).Select(j => (Session: session, Person: arranged.Staff[(i * 20 + j) % arranged.Staff.Count]))).ToArray();
        var queue = new ConcurrentQueue<(Guid Session, Guid Person)>(wanted);
        var acknowledged = new ConcurrentBag<Answer>();
        var restarts = new List<double>();
        var (missing, half, unclean) = (0, new List<string>(), new List<string>());

        var host = await HostProcess.Start(arranged.Folder, ct: ct);
        try {
            for (var life = 1; life <= kills; life++) {
                var enough = target * life / kills;
                var dies = acknowledged.Count + random.Next(1, Math.Max(2, enough - acknowledged.Count));
                using var client = host.Client(arranged.ManagerKey);
                var booking = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () => {
                    // No answer means that the service is gone: whoever asks on would only use up who there is to book.
                    while (queue.TryDequeue(out var next) && await Booking.Try(client, next.Session, [next.Person], ct) is { } answers)
                        foreach (var answer in answers) acknowledged.Add(answer);
                }, ct)));
                while (acknowledged.Count < (life == kills ? target : dies) && !booking.IsCompleted) await Task.Delay(1, ct);
                await Task.Delay(random.Next(0, 10), ct);
                await host.Kill();
                await booking;
                await host.DisposeAsync();

                var watch = Stopwatch.StartNew();
                host = await HostProcess.Start(arranged.Folder, ct: ct);
                restarts.Add(watch.Elapsed.TotalSeconds);
                var found = await BookingAudit.Of(arranged, acknowledged);
                missing += found.Missing;
                half.AddRange(found.HalfWritten);
                if (BookingAudit.Integrity(arranged.File) is var said and not "ok") unclean.Add(said);
            }
        } finally {
            await host.DisposeAsync();
        }

        restarts.Sort();
        Drilling.Say($"acknowledged {acknowledged.Count:N0} in {kills} lives by {Clients} clients; restart p95 {restarts[(int)Math.Ceiling(restarts.Count * 0.95) - 1]:0.0} s");
        drilling.Must(acknowledged.Count >= target && acknowledged.All(a => a.Reference is not null), $"{target:N0} bookings were acknowledged");
        drilling.Must(missing == 0, $"acknowledged and missing: {missing}");
        drilling.Must(half.Count == 0, $"half-written: {(half.Count == 0 ? "0" : string.Join("; ", half))}");
        drilling.Must(unclean.Count == 0, $"integrity and foreign keys: {(unclean.Count == 0 ? "ok" : string.Join("; ", unclean))}");

        await arranged.Execute("DELETE FROM platform_Message WHERE CauseId = @Id", new { Id = acknowledged.First().BookingId });
        drilling.Control((await BookingAudit.Of(arranged, acknowledged)).HalfWritten.Count == 1, "a booking whose mail was taken away counts as half-written");
        await arranged.Execute("DELETE FROM training_BookingHistory WHERE BookingId = @Id", new { Id = acknowledged.First().BookingId });
        await arranged.Execute("DELETE FROM training_Booking WHERE Id = @Id", new { Id = acknowledged.First().BookingId });
        drilling.Control((await BookingAudit.Of(arranged, acknowledged)).Missing == 1, "an acknowledged booking that was taken away is missing");
    }
}
