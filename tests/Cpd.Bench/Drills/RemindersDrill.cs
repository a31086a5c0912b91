using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Bench;

/// <summary>
/// Reminders that are due while the host is killed, while two hosts send, while sessions are cancelled between claim and sending, and while the mail
/// server misbehaves: each goes out at least once, twice hardly ever, not at all once it is no longer true, and none is lost.
/// </summary>
sealed class RemindersDrill : Drill {
    const int OnSession = 20;
    const string Kind = "training.session-tomorrow";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public override string Name => "reminders";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        await NotJustBeforeEight(ct);
        await Killed(drilling, drilling.Rounds(5_000, 100_000), drilling.Rounds(3, 20), ct);
        await TwoHosts(drilling, drilling.Rounds(1_000, 10_000), ct);
        await Cancelled(drilling, ct);
        await Misbehaving(drilling, drilling.Rounds(100, 1_000), ct);
    }

    /// <summary>The rounds of sessions are due; the host dies at random moments while it makes them into messages and sends those.</summary>
    static async Task Killed(Drilling drilling, int count, int kills, CancellationToken ct) {
        // What is being sent when a host dies may go out twice: with 4 side by side, 3 kills could already be more than one in a thousand of 5,000.
        var atOnce = drilling.Rounds(1, 4);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var arranged = await Arrange(drilling, "killed", count, ct);
        await using var sink = new MailSink();
        await Due(arranged, arranged.Sessions, rounds: true, ct);
        IReadOnlyList<string> arguments = [.. sink.Arguments, "--Jobs:Enabled=false", $"--Mail:AtOnce={atOnce}"];
        for (var life = 1; life <= kills; life++) {
            await using var host = await HostProcess.Start(arranged.Folder, arguments: arguments, ct: ct);
            // The shares of the lives are the same; where in its share one ends is random.
            var dies = count * (life - 1) / (kills + 1) + random.Next(1, Math.Max(2, count / (kills + 1)));
            for (var waited = Stopwatch.StartNew(); sink.Different < dies && waited.Elapsed < Patience; await Task.Delay(1, ct)) { }
            await Task.Delay(random.Next(0, 10), ct);
            await host.Kill();
        }
        await using (await HostProcess.Start(arranged.Folder, arguments: arguments, ct: ct)) await Until(async () => await Undone(arranged) == 0, ct);
        Drilling.Say($"{count:N0} due, {kills} kills, {sink.Different:N0} different messages taken, {sink.Twice} of them twice; seed {seed}");
        drilling.Must(sink.Different == count && await Undone(arranged) == 0, $"each at least once: {sink.Different:N0} of {count:N0}");
        drilling.Must(sink.Twice < count / 1000.0, $"twice: {sink.Twice}, less than one in a thousand");
        drilling.Must(sink.Twice <= kills * atOnce, $"twice: {sink.Twice}, no more than {kills} kills times {atOnce} sends in flight");

        // The controls: one that was sent is due once more, and one is taken away.
        // One that was sent to somebody: a round is as good as sent when it has become its messages.
        var ids = await arranged.List<Guid>("SELECT Id FROM platform_Message WHERE Kind = @Kind AND State = 'Sent' AND RecipientId <> @Everyone ORDER BY Id DESC", new { Kind, Planned.Everyone });
        var before = sink.Times(ids[0]);
        await arranged.Execute("UPDATE platform_Message SET State = 'Due' WHERE Id = @Id", new { Id = ids[0] });
        await using (await HostProcess.Start(arranged.Folder, arguments: arguments, ct: ct)) await Until(async () => await Undone(arranged) == 0, ct);
        drilling.Control(sink.Times(ids[0]) == before + 1, "a reminder that is made due again is seen to be sent twice");
        await arranged.Execute("DELETE FROM platform_Message WHERE Id = @Id", new { Id = ids[1] });
        drilling.Control(await Told(arranged) == count - 1, "a reminder that was taken away is missed");
    }

    static async Task TwoHosts(Drilling drilling, int count, CancellationToken ct) {
        await using var arranged = await Arrange(drilling, "two", count, ct);
        await using var sink = new MailSink();
        await Due(arranged, arranged.Sessions, rounds: true, ct);
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => HostProcess.Start(arranged.Folder, arguments: [.. sink.Arguments, "--Jobs:Enabled=false"], ct: ct)));
        try {
            await Until(async () => await Undone(arranged) == 0, ct);
        } finally {
            foreach (var host in hosts) await host.DisposeAsync();
        }
        drilling.Must(sink.Different == count && sink.Twice == 0, $"two hosts: {sink.Different:N0} of {count:N0} sent, twice {sink.Twice}");
    }

    /// <summary>A batch is claimed and the mail server keeps everyone waiting; then the sessions are cancelled, and the server takes everything again.</summary>
    static async Task Cancelled(Drilling drilling, CancellationToken ct) {
        const int Rounds = 13, Sessions = 4, InRound = Sessions * OnSession;
        await using var arranged = await Arrange(drilling, "cancelled", (Rounds + 2) * InRound, ct);
        var others = await arranged.List<Guid>("SELECT Id FROM training_Booking WHERE SessionId = @Last ORDER BY Id", new { Last = arranged.Sessions[^1] });
        await using var sink = new MailSink();
        await using var host = await HostProcess.Start(arranged.Folder, arguments: [.. sink.Arguments, "--Jobs:Enabled=false"], ct: ct);
        using var officer = host.Client(arranged.OfficerKey);
        var (claimed, cancelled) = (0, 0);
        for (var round = 0; round < Rounds; round++) {
            var sessions = arranged.Sessions.Skip(round * Sessions).Take(Sessions).ToList();
            sink.Close();
            await Due(arranged, sessions, rounds: false, ct);
            // Somebody cancels a booking of another session, so that the service has something to say and sees what else is due.
            using (await officer.DeleteAsync(new Uri($"/api/v1/bookings/{others[round]}?reason=Drill", UriKind.Relative), ct)) await Until(async () => await Claimed(arranged) == InRound, ct);
            claimed += await Claimed(arranged);
            foreach (var session in sessions) {
                using var response = await officer.PostAsJsonAsync(new Uri($"/api/v1/sessions/{session}/cancel", UriKind.Relative), new { reason = "Drill" }, ct);
                if (response.IsSuccessStatusCode) cancelled += OnSession;
            }
            // Whoever had begun to speak before the cancellation is at the gate by then, however busy the machine is.
            await Task.Delay(TimeSpan.FromMilliseconds(400), ct);
            sink.Open();
            // People are told of the cancellation through the same door: when that has been tried, nothing of the batch is left in hand.
            await Until(async () => await arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE State = 'Due' AND Attempts = 0") == 0, ct);
        }
        var sent = await SentOf(arranged);
        drilling.Must(claimed == Rounds * InRound && cancelled == Rounds * InRound, $"{claimed:N0} were claimed when {cancelled:N0} were cancelled");
        drilling.Must(sent == 0, $"cancelled between claim and sending: {sent} of {cancelled:N0} sent");

        // The control: the same, and nobody cancels.
        await Due(arranged, [.. arranged.Sessions.Skip(Rounds * Sessions).Take(Sessions)], rounds: false, ct);
        using (await officer.DeleteAsync(new Uri($"/api/v1/bookings/{others[Rounds]}?reason=Drill", UriKind.Relative), ct)) await Until(async () => await SentOf(arranged) == InRound, ct);
        drilling.Control(await SentOf(arranged) == InRound, "reminders of sessions that are not cancelled are seen to be sent");
    }

    /// <summary>Of some people each mail is treated badly, each manner at the same time as the others, and all of them are due before anybody else.</summary>
    static async Task Misbehaving(Drilling drilling, int bad, CancellationToken ct) {
        const int Good = 200;
        Manner[] manners = [Manner.Later, Manner.Refuse, Manner.Hang, Manner.Drop];
        var all = bad * manners.Length + Good;
        await using var arranged = await Arrange(drilling, "manners", all, ct, staff: all);
        await using var sink = new MailSink();
        // Staff are numbered from 1, in their addresses too.
        sink.Treats = line => int.Parse(string.Concat(line.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture) - 1 is var number && number < bad * manners.Length ? manners[number / bad] : Manner.Take;
        await Due(arranged, arranged.Sessions, rounds: false, ct);
        await using var host = await HostProcess.Start(arranged.Folder, arguments: [.. sink.Arguments, "--Jobs:Enabled=false", "--Mail:TimeoutSeconds=3"], ct: ct);
        var watch = Stopwatch.StartNew();
        await Until(async () => await SentOf(arranged) >= Good, ct);
        drilling.Must(watch.Elapsed < TimeSpan.FromMinutes(1), $"{Good} others went within {watch.Elapsed.TotalSeconds:0.0} s of {bad * manners.Length} that were not taken");
        await Until(async () => await arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE Attempts > 0 AND ClaimedUntil IS NULL") >= bad * manners.Length, ct);
        foreach (var (number, manner) in manners.Index()) {
            // What no server will ever take is parked at once and waits for somebody to put the address right.
            var state = manner == Manner.Refuse ? "Parked" : "Due";
            var kept = await arranged.Ask(db => db.One<int>("SELECT COUNT(*) FROM platform_Message WHERE RecipientId IN @People AND State = @state AND Attempts >= 1", new { People = db.Ids(arranged.Staff.Skip(number * bad).Take(bad)), state }, ct));
            drilling.Must(kept == bad, $"{manner}: {kept} of {bad} were kept ({state})");
        }
        sink.Treats = _ => Manner.Take;
        await arranged.Execute("UPDATE platform_Message SET State = 'Due', DueAt = @Now WHERE State IN ('Due', 'Parked')", new { Now = TimeProvider.System.GetUtcNow().UtcDateTime });
        await Until(async () => await Undone(arranged) == 0, ct);
        drilling.Must(await SentOf(arranged) == all && sink.Different == all, $"nothing is lost: {sink.Different} of {all} arrived once the server behaves");
    }

    /// <summary>Sessions of today with people booked; nothing is due yet.</summary>
    static async Task<Arranged> Arrange(Drilling drilling, string name, int count, CancellationToken ct, int staff = 500) {
        var folder = Directory.CreateDirectory(Path.Combine(drilling.Folder, name)).FullName;
        var arranged = await Arranged.Make(folder, new Plan(Sessions: count / OnSession, Places: OnSession, Staff: staff), ct: ct);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await arranged.Ask(async db => {
            await db.Execute("UPDATE training_Session SET StartsAt = @Starts, EndsAt = @Ends, PlacesTaken = @OnSession", new { Starts = now.AddHours(6), Ends = now.AddHours(8), OnSession }, ct);
            await db.Execute("DELETE FROM training_SessionDate", null, ct);
            await db.Execute("INSERT INTO training_SessionDate (SessionId, StartsAt, EndsAt) SELECT Id, StartsAt, EndsAt FROM training_Session", null, ct);
            return await db.Execute("""
                INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, State, Reference, BookedAt, BookedBy, CancelReason, MinutesAttended, IsWalkIn, Revision)
                VALUES (@Id, @SessionId, @PersonId, @SettingId, @AuthorityId, 'Booked', @Reference, @Now, @PersonId, '', 0, 0, 0)
                """, arranged.Sessions.SelectMany((session, s) => Enumerable.Range(0, OnSession).Select(i => new {
                Id = Ids.New(TimeProvider.System), SessionId = session, PersonId = arranged.Staff[(s * OnSession + i) % arranged.Staff.Count], arranged.SettingId, arranged.AuthorityId, Reference = $"D-{s}-{i}", Now = now,
            })).ToList(), ct);
        });
        return arranged;
    }

    /// <summary>Reminders of these sessions become due: as rounds, or as the messages that rounds become.</summary>
    static async Task Due(Arranged arranged, IReadOnlyList<Guid> sessions, bool rounds, CancellationToken ct) {
        var (now, until) = Moment();
        await arranged.Ask(async db => {
            var rows = rounds ? sessions.Select(s => (Cause: s, About: s, Recipient: Guid.Empty)).ToList()
                : (await db.List<Booked>("SELECT Id, SessionId, PersonId FROM training_Booking WHERE SessionId IN @Ids AND State = 'Booked' ORDER BY Id", new { Ids = db.Ids(sessions) }, ct)).Select(b => (Cause: b.Id, About: b.SessionId, Recipient: b.PersonId)).ToList();
            return await db.Execute("""
                INSERT INTO platform_Message (Id, Kind, CauseId, AboutId, AuthorityId, RecipientId, Recipient, Subject, Body, Priority, PlannedFor, GoodUntil, DueAt, State, Attempts)
                VALUES (@Id, @Kind, @Cause, @About, @AuthorityId, @Recipient, '', '', '', 2, @now, @until, @now, 'Due', 0)
                """, rows.Select(r => new { Id = Ids.New(TimeProvider.System), Kind, r.Cause, r.About, arranged.AuthorityId, r.Recipient, now, until }).ToList(), ct);
        });
    }

    /// <summary>Now, and until when a reminder is good so that it goes now whatever the hour: at night it goes only if the morning is too late.</summary>
    static (DateTime Now, DateTime Until) Moment() {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        var local = London.FromUtc(now);
        if (local.Hour is >= 8 and < 20) return (now, now.AddHours(2));
        var eight = London.ToUtc(DateOnly.FromDateTime(local).AddDays(local.Hour < 8 ? 0 : 1), new TimeOnly(8, 0));
        return (now, eight < now.AddHours(2) ? eight : now.AddHours(2));
    }

    static async Task NotJustBeforeEight(CancellationToken ct) {
        var local = London.FromUtc(TimeProvider.System.GetUtcNow().UtcDateTime).TimeOfDay;
        if (local > TimeSpan.FromHours(7.75) && local < TimeSpan.FromHours(8)) await Task.Delay(TimeSpan.FromHours(8) - local, ct);
    }

    static Task<int> Undone(Arranged arranged) => arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE State = 'Due'");
    static Task<int> SentOf(Arranged arranged) => arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE Kind = @Kind AND State = 'Sent'", new { Kind });
    static Task<int> Claimed(Arranged arranged) => arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE Kind = @Kind AND State = 'Due' AND ClaimedUntil IS NOT NULL", new { Kind });

    /// <summary>How many bookings have a reminder that was sent.</summary>
    static Task<int> Told(Arranged arranged) => arranged.Count("SELECT COUNT(*) FROM training_Booking b WHERE EXISTS (SELECT 1 FROM platform_Message m WHERE m.Kind = @Kind AND m.CauseId = b.Id AND m.State = 'Sent')", new { Kind });

    static async Task Until(Func<Task<bool>> holds, CancellationToken ct) {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(50, ct))
            if (waited.Elapsed > Patience) return;
    }

    sealed record Booked {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
    }
}
