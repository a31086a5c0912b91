using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Cpd.Bench;

/// <summary>
/// Two hosts on one database: they race for the same places, share the outbox and the messages, and die between a commit and
/// what it was to cause. Nothing is sold twice, caused twice, or lost. On SQL Server too where CPD_TEST_SQLSERVER names one.
/// </summary>
sealed class TwoHostsDrill : Drill {
    const int People = 200;
    const int Places = 16;
    // Long enough to be in the midst of it when the service dies, short enough to be quick.
    const int OnRegister = 20;

    public override string Name => "two-hosts";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        await On(drilling, server: null, ct);
        if (Environment.GetEnvironmentVariable("CPD_TEST_SQLSERVER") is { Length: > 0 } server) await On(drilling, server, ct);
        else Drilling.NotRun("on SQL Server: CPD_TEST_SQLSERVER is not set");
    }

    static async Task On(Drilling drilling, string? server, CancellationToken ct) {
        var engine = server is null ? "SQLite" : "SQL Server";
        var (rounds, crashes) = (drilling.Rounds(3, 50), drilling.Rounds(20, 200));
        var folder = Directory.CreateDirectory(Path.Combine(drilling.Folder, engine)).FullName;
        await using var arranged = await Arranged.Make(folder, new Plan(rounds, Places, Held: crashes + 5, Staff: People), server, ct);
        await using var sink = new MailSink();
        Task<HostProcess> Start() => HostProcess.Start(folder, arguments: [.. arranged.Arguments, .. sink.Arguments, "--Jobs:Enabled=false"], ct: ct);

        await Race(drilling, arranged, Start, sink, engine, ct);
        // The control of the messages: one that has been sent becomes due once more. Others may come twice, too, where a host dies as it sends.
        var again = (await arranged.List<Guid>("SELECT Id FROM platform_Message WHERE State = 'Sent'"))[0];
        await arranged.Execute("UPDATE platform_Message SET State = 'Due' WHERE Id = @again", new { again });
        await Crash(drilling, arranged, Start, crashes, engine, ct);

        drilling.Control(sink.Times(again) > 1, $"{engine}: a message that is made due again is seen to be sent twice");
        await arranged.Execute("UPDATE training_Booking SET State = 'Booked', WaitingNumber = NULL WHERE Id = @Id",
            new { Id = (await arranged.List<Guid>("SELECT Id FROM training_Booking WHERE State = 'Waiting'"))[0] });
        drilling.Control((await BookingAudit.Of(arranged, [])).Oversold == 1, $"{engine}: one booked beyond the places counts as oversold");
    }

    /// <summary>All are after the places of a session at the same moment, half of them at each host; then every message of it goes out.</summary>
    static async Task Race(Drilling drilling, Arranged arranged, Func<Task<HostProcess>> start, MailSink sink, string engine, CancellationToken ct) {
        var hosts = await Task.WhenAll(start(), start());
        var acknowledged = new List<Answer>();
        var wrong = 0;
        try {
            var clients = hosts.Select(h => h.Client(arranged.ManagerKey)).ToArray();
            foreach (var session in arranged.Sessions) {
                var answers = await Task.WhenAll(arranged.Staff.Select((person, i) => Booking.Try(clients[i % 2], session, [person], ct)));
                var round = answers.SelectMany(a => a ?? []).ToList();
                if (round.Count(a => a.Outcome == "booked") != Places || !round.Select(a => a.Position).OfType<int>().Order().SequenceEqual(Enumerable.Range(1, People - Places))) wrong++;
                acknowledged.AddRange(round);
            }
            foreach (var client in clients) client.Dispose();
            await Until(async () => await arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE State <> 'Sent'") == 0, ct);
        } finally {
            foreach (var host in hosts) await host.DisposeAsync();
        }
        var found = await BookingAudit.Of(arranged, acknowledged);
        drilling.Must(acknowledged.Count == People * arranged.Sessions.Count && wrong == 0, $"{engine}: {arranged.Sessions.Count} rounds of {People} people after {Places} places, each with {Places} booked and a waiting list from 1 to {People - Places}: {wrong} wrong, {People * arranged.Sessions.Count - acknowledged.Count} unanswered");
        drilling.Must(found is { Oversold: 0, BookedTwice: 0, Missing: 0, HalfWritten: [] }, $"{engine}: oversold {found.Oversold}, booked twice {found.BookedTwice}, missing {found.Missing}, half-written {found.HalfWritten.Count}");
        drilling.Must(sink.Different == acknowledged.Count && sink.Twice == 0, $"{engine}: {sink.Different} messages of {acknowledged.Count} sent, twice {sink.Twice}");
    }

    /// <summary>
    /// A host dies as soon as it has answered that a register is closed, or at some moment while it closes one, so that the events of
    /// some lie undelivered, half delivered or claimed by the dead. The other host goes on.
    /// </summary>
    static async Task Crash(Drilling drilling, Arranged arranged, Func<Task<HostProcess>> start, int crashes, string engine, CancellationToken ct) {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var sessions = new Queue<Guid>(arranged.Held);
        var (closed, undelivered) = (0, 0);
        // How long a closing takes, so that the random moments fall before, into and after it.
        var takes = TimeSpan.FromMilliseconds(100);
        await using (var survivor = await start()) {
            // Two are being started while one is crashed: starting is what takes the time.
            var starting = new Queue<Task<HostProcess>>(Enumerable.Range(0, Math.Min(2, crashes)).Select(_ => start()));
            for (var i = 0; i < crashes; i++) {
                await using var victim = await starting.Dequeue();
                if (i + 2 < crashes) starting.Enqueue(start());
                var before = await Waiting();
                if (await CloseAndKill(victim, sessions.Dequeue(), i % 2 == 0 ? null : takes * (0.3 + random.NextDouble()))) closed++;
                if (await Waiting() > before) undelivered++;
            }
            await Drained();
        }
        var found = await OutboxAudit.Of(arranged);
        Drilling.Say($"{engine}: {crashes} crashes, {closed} after the answer; events lay undelivered after {undelivered} of them; {found.Settled} settled attendances; seed {seed}");
        drilling.Must(undelivered >= crashes / 4 && closed >= crashes / 2, $"{engine}: the crashes came between commit and dispatch");
        drilling.Must(found.Settled >= closed * OnRegister && found.WithoutEvent == 0 && found.WithoutEffect == 0, $"{engine}: events without effect: {found.WithoutEffect}; commits without event: {found.WithoutEvent}");
        drilling.Must(found.WithoutCommit == 0, $"{engine}: effects without commit: {found.WithoutCommit}");
        drilling.Must(found.Doubled == 0, $"{engine}: doubled effects: {found.Doubled}");

        // The control: once more, and one event that nobody has heard yet is taken out of the outbox.
        for (var tries = 0; tries < 5 && await Waiting() == 0; tries++) {
            await using var victim = await start();
            await CloseAndKill(victim, sessions.Dequeue(), null);
        }
        var lost = (await arranged.List<Guid>("SELECT Id FROM platform_Outbox WHERE DeliveredAt IS NULL"))[^1];
        await arranged.Execute("DELETE FROM platform_Outbox WHERE Id = @lost", new { lost });
        await using (await start()) await Drained();
        var without = await OutboxAudit.Of(arranged);
        drilling.Control(without is { WithoutEffect: 1, WithoutEvent: 1 }, $"{engine}: an event that is taken out of the outbox before it is delivered counts as without effect");

        async Task<bool> CloseAndKill(HostProcess host, Guid session, TimeSpan? after) {
            using var client = host.Client(arranged.OfficerKey);
            // A first answer, so that what is timed is the closing and not the warming up.
            (await client.GetAsync(new Uri($"/api/v1/sessions/{session}/bookings", UriKind.Relative), ct)).Dispose();
            var watch = Stopwatch.StartNew();
            var closing = client.PutAsJsonAsync($"/api/v1/sessions/{session}/register", new { walkIns = arranged.Staff.Take(OnRegister), close = true }, ct);
            if (after is { } moment) await Task.WhenAny(closing, Task.Delay(moment, ct));
            else await Task.WhenAny(closing);
            if (closing.IsCompletedSuccessfully) takes = watch.Elapsed;
            await host.Kill();
            try {
                using var response = await closing;
                return response.StatusCode == HttpStatusCode.OK;
            } catch (HttpRequestException) {
                return false;
            }
        }

        Task<int> Waiting() => arranged.Count("SELECT COUNT(*) FROM platform_Outbox WHERE DeliveredAt IS NULL");

        async Task Drained() {
            await Until(async () => {
                // What the dead had claimed is free when their lease ends; here that is now.
                await arranged.Execute("UPDATE platform_Outbox SET ClaimedUntil = NULL WHERE DeliveredAt IS NULL");
                return await Waiting() == 0;
            }, ct);
        }
    }

    static async Task Until(Func<Task<bool>> holds, CancellationToken ct) {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(250, ct))
            if (waited.Elapsed > TimeSpan.FromMinutes(2)) return;
    }
}
