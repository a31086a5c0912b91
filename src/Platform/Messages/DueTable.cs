using Cpd.Platform.Data;

namespace Cpd.Platform.Messages;

/// <summary>A message that this host has claimed.</summary>
sealed record ClaimedMessage {
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public Guid CauseId { get; init; }
    public Guid? AboutId { get; init; }
    public Guid? AuthorityId { get; init; }
    public Guid? RecipientId { get; init; }
    public string Recipient { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Body { get; init; } = "";
    public string? Calendar { get; init; }
    public string? CalendarMethod { get; init; }
    public int Priority { get; init; }
    public DateTime? PlannedFor { get; init; }
    public DateTime? GoodUntil { get; init; }
    public int Attempts { get; init; }
    /// <summary>It was tried before, or was claimed by somebody who never said what became of it.</summary>
    public bool Again { get; init; }
}

/// <summary>What became of a claimed message.</summary>
abstract record Fate(Guid Id) {
    /// <param name="Recipient">Null for what went to nobody in particular.</param>
    internal sealed record Sent(Guid Id, string? Recipient = null, TimeSpan? AskAfter = null) : Fate(Id);
    internal sealed record Failed(Guid Id, DateTime Next, bool Park, string Error, string Recipient, Delivery? Delivery = null) : Fate(Id);
    internal sealed record Dropped(Guid Id, string Why) : Fate(Id);
    internal sealed record Later(Guid Id, DateTime At) : Fate(Id);
    internal sealed record Round(Guid Id, IReadOnlyList<Planned> Planned) : Fate(Id);
    /// <summary>Nothing came of it; anyone may claim it again at once.</summary>
    internal sealed record Released(Guid Id) : Fate(Id);
}

/// <summary>
/// The due table, as the worker uses it. A batch is claimed by one guarded UPDATE with a lease, so that hosts share the work, and what became
/// of it is written in one transaction. Only who holds the claim writes.
/// </summary>
sealed class DueTable(Db db, Mailbox mailbox, DeadAddresses dead, TimeProvider clock) {
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    const int Batch = 500;

    // By priority, so that the index gives each lane in order and never walks over what is planned for later.
    const string SelectDue = """
        SELECT Id, Kind, CauseId, AboutId, AuthorityId, RecipientId, Recipient, Subject, Body, Calendar, CalendarMethod, Priority, PlannedFor, GoodUntil, Attempts,
            CASE WHEN Attempts > 0 OR ClaimedBy IS NOT NULL THEN 1 ELSE 0 END AS Again
        FROM platform_Message
        WHERE State = 'Due' AND Priority = @Priority AND DueAt <= @Now AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        ORDER BY DueAt, Id
        """;
    const string ClaimAll = """
        UPDATE platform_Message SET ClaimedUntil = @Until, ClaimedBy = @Me
        WHERE Id IN @Ids AND State = 'Due' AND DueAt <= @Now AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        """;
    const string SelectClaimed = "SELECT Id FROM platform_Message WHERE Id IN @Ids AND ClaimedBy = @Me AND ClaimedUntil = @Until";
    const string SelectMine = "SELECT Id FROM platform_Message WHERE Id IN @Ids AND State = 'Due' AND ClaimedBy = @Me AND ClaimedUntil > @Now";
    // Without a look at the state: what was withdrawn while it went out has gone out. The text is wiped: it may hold a secret link.
    const string MarkSent = "UPDATE platform_Message SET State = 'Sent', SentAt = @Now, AskAt = CASE WHEN Delivery IS NULL THEN @AskAt ELSE NULL END, Body = '', Calendar = NULL, Error = NULL, ClaimedUntil = NULL, ClaimedBy = NULL WHERE Id IN @Ids AND ClaimedBy = @Me";
    // What was planned has its address only now: whoever says later that there is none speaks of this one.
    const string MarkTo = "UPDATE platform_Message SET Recipient = @Recipient WHERE Id = @Id AND ClaimedBy = @Me";
    const string MarkFailed = """
        UPDATE platform_Message SET State = @State, Attempts = Attempts + 1, DueAt = @Next, Error = @Error, Delivery = COALESCE(@Delivery, Delivery), DeliveryAt = COALESCE(@DeliveryAt, DeliveryAt), ClaimedUntil = NULL, ClaimedBy = NULL
        WHERE Id = @Id AND ClaimedBy = @Me AND State = 'Due'
        """;
    const string MarkDropped = """
        UPDATE platform_Message SET State = 'Cancelled', Error = @Why, Body = '', Calendar = NULL, ClaimedUntil = NULL, ClaimedBy = NULL
        WHERE Id = @Id AND ClaimedBy = @Me AND State = 'Due'
        """;
    const string MarkLater = "UPDATE platform_Message SET DueAt = @At, ClaimedUntil = NULL, ClaimedBy = NULL WHERE Id = @Id AND ClaimedBy = @Me";
    const string Release = "UPDATE platform_Message SET ClaimedUntil = NULL, ClaimedBy = NULL WHERE Id IN @Ids AND ClaimedBy = @Me";
    // Who claimed it stays: the dead never said what became of it.
    const string ReleaseAll = "UPDATE platform_Message SET ClaimedUntil = NULL WHERE State = 'Due' AND Priority IN @Priorities AND DueAt <= @Now AND ClaimedBy = @Me";
    const string BeginSpan = """
        INSERT INTO platform_ChannelUse (Channel, Span, StartsAt, Used)
        SELECT @Channel, @Span, @StartsAt, 0
        WHERE NOT EXISTS (SELECT 1 FROM platform_ChannelUse WHERE Channel = @Channel AND Span = @Span AND StartsAt = @StartsAt)
        """;
    const string SelectUsed = "SELECT Used FROM platform_ChannelUse WHERE Channel = @Channel AND Span = @Span AND StartsAt = @StartsAt";
    const string Use = "UPDATE platform_ChannelUse SET Used = Used + @Count WHERE Channel = @Channel AND Span = @Span AND StartsAt = @StartsAt AND Used + @Count <= @Most";

    const string BulkShare = "Bulk";

    static readonly int[] Priorities = [.. Enum.GetValues<MessagePriority>().Select(p => (int)p)];

    internal async Task<IReadOnlyList<ClaimedMessage>> Claim(Guid me, int most, CancellationToken ct) {
        var now = Now();
        // Read first: an idle host must not take the writer's turn.
        var due = new List<ClaimedMessage>();
        foreach (var priority in Priorities)
            if (due.Count < most) due.AddRange(await db.List<ClaimedMessage>(db.Page(SelectDue), new { Now = now, Priority = priority, Skip = 0, Take = most - due.Count }, ct));
        if (due.Count == 0) return due;
        var claim = new { Ids = db.Ids(due.Select(m => m.Id)), Now = now, Until = now + Lease, Me = me };
        if (await db.Write(() => db.Execute(ClaimAll, claim, ct), _ => true, ct) == due.Count) return due;
        var mine = (await db.List<Guid>(SelectClaimed, claim, ct)).ToHashSet();
        return [.. due.Where(m => mine.Contains(m.Id))];
    }

    /// <summary>Those of them that are still due and still this host's: what was withdrawn or moved meanwhile is not.</summary>
    internal async Task<HashSet<Guid>> StillMine(Guid me, IEnumerable<Guid> ids, CancellationToken ct) =>
        [.. await db.List<Guid>(SelectMine, new { Ids = db.Ids(ids), Me = me, Now = Now() }, ct)];

    internal Task Record(Guid me, IReadOnlyList<Fate> fates, CancellationToken ct) => db.Write(async () => {
        var now = Now();
        var sent = fates.OfType<Fate.Sent>().ToList();
        if (fates.OfType<Fate.Round>().ToList() is { Count: > 0 } rounds) {
            var mine = await StillMine(me, rounds.Select(r => r.Id), ct);
            await mailbox.Plan(rounds.Where(r => mine.Contains(r.Id)).SelectMany(r => r.Planned), ct);
            sent.AddRange(mine.Select(id => new Fate.Sent(id)));
        }
        if (sent.Where(f => f.AskAfter is not null && f.Recipient is not null).Select(f => new { f.Id, f.Recipient, Me = me }).ToList() is { Count: > 0 } asked) await db.Execute(MarkTo, asked, ct);
        await dead.Remove(sent.Where(f => f.AskAfter is null).Select(f => f.Recipient).OfType<string>(), ct);
        await dead.Add(fates.OfType<Fate.Failed>().Where(f => f.Delivery == Delivery.PermanentFailure).Select(f => f.Recipient), ct);
        foreach (var some in sent.GroupBy(f => f.AskAfter)) await db.Execute(MarkSent, new { Ids = db.Ids(some.Select(f => f.Id)), Now = now, AskAt = now + some.Key, Me = me }, ct);
        if (fates.OfType<Fate.Failed>().Select(f => new { f.Id, f.Next, f.Error, Delivery = f.Delivery?.ToString(), DeliveryAt = f.Delivery is null ? (DateTime?)null : now, Me = me, State = f.Park ? "Parked" : "Due" }).ToList() is { Count: > 0 } failed) await db.Execute(MarkFailed, failed, ct);
        if (fates.OfType<Fate.Dropped>().Select(f => new { f.Id, f.Why, Me = me }).ToList() is { Count: > 0 } dropped) await db.Execute(MarkDropped, dropped, ct);
        if (fates.OfType<Fate.Later>().Select(f => new { f.Id, f.At, Me = me }).ToList() is { Count: > 0 } later) await db.Execute(MarkLater, later, ct);
        if (fates.OfType<Fate.Released>().Select(f => f.Id).ToList() is { Count: > 0 } released) await db.Execute(Release, new { Ids = db.Ids(released), Me = me }, ct);
    }, ct);

    /// <summary>Writes down what a process that is dead had handed over, and frees what else it had claimed.</summary>
    internal Task TakeOver(Guid dead, IReadOnlyList<Guid> sent, CancellationToken ct) => db.Write(async () => {
        var now = Now();
        foreach (var batch in sent.Chunk(Batch)) await db.Execute(MarkSent, new { Ids = db.Ids(batch), Now = now, AskAt = (DateTime?)null, Me = dead }, ct);
        await db.Execute(ReleaseAll, new { Priorities, Now = now, Me = dead }, ct);
    }, ct);

    /// <summary>Books so many messages, or as many as the limits leave, on what a channel may be given.</summary>
    /// <param name="bulk">How many of them, the last, yield to all others: on a day they get half of what may be sent, so that what comes up later in it still goes out.</param>
    /// <returns>How many may be sent; when there will be more if that is not all; and how many of the bulk go on another day.</returns>
    internal Task<(int Granted, DateTime More, int NotToday)> Reserve(string channel, int count, int bulk, int? perMinute, int? perDay, CancellationToken ct) => db.Write(async () => {
        var now = Now();
        var share = new { Channel = BulkShare, Span = "Day", StartsAt = now.Date };
        var (most, notToday) = ((perDay + 1) / 2, 0);
        if (bulk > 0 && most is { } half) {
            await db.Execute(BeginSpan, share, ct);
            notToday = Math.Max(bulk - Math.Max(half - await db.One<int>(SelectUsed, share, ct), 0), 0);
        }
        count -= notToday;
        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var spans = new[] { (Span: "Minute", StartsAt: minute, Ends: minute.AddMinutes(1), Most: perMinute), (Span: "Day", StartsAt: now.Date, Ends: now.Date.AddDays(1), Most: perDay) }.Where(s => s.Most is not null).ToList();
        var (granted, more) = (count, now);
        foreach (var span in spans) {
            var key = new { Channel = channel, span.Span, span.StartsAt };
            await db.Execute(BeginSpan, key, ct);
            var left = Math.Max(span.Most!.Value - await db.One<int>(SelectUsed, key, ct), 0);
            if (left > granted || left == count) continue;
            // Of two that are used up together, the later end counts: the spans are in the order of their length.
            (granted, more) = (left, span.Ends);
        }
        // Another host may have been faster between the two statements: then nobody gets anything of this round.
        foreach (var span in granted > 0 ? spans : [])
            if (await db.Execute(Use, new { Channel = channel, span.Span, span.StartsAt, Count = granted, Most = span.Most!.Value }, ct) == 0) return (Granted: -1, More: now, NotToday: 0);
        if (granted - (count - (bulk - notToday)) is > 0 and var ofBulk && most is { } limit
            && await db.Execute(Use, new { share.Channel, share.Span, share.StartsAt, Count = ofBulk, Most = limit }, ct) == 0) return (Granted: -1, More: now, NotToday: 0);
        return (Granted: granted, More: more, NotToday: notToday);
    }, result => result.Granted >= 0, ct);

    // To the millisecond, as the column keeps it: what is written is compared with what was written.
    DateTime Now() => clock.GetUtcNow().UtcDateTime is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)) : default;
}
