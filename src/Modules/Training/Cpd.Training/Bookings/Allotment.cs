using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Training.Bookings;

/// <summary>
/// Gives out a session's free places, as the last part of whatever may have changed who gets one. The caller holds the session's row
/// (<see cref="Lock(Guid, CancellationToken)"/>), so that nobody else reads or writes its bookings meanwhile. Holds whose time is over end first.
/// </summary>
internal sealed class Allotment(Db db, WaitingList waitingList, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) {
    // Writes nothing new, but takes the row's lock on both engines, so that what is read of the session and its bookings after it stays so.
    const string LockSession = "UPDATE training_Session SET PlacesTaken = PlacesTaken WHERE Id = @SessionId";
    const string SelectLapsed = """
        SELECT h.Id AS HoldId, h.Kind, b.Id, b.PersonId, b.Reference, b.SettingId, b.BookedBy
        FROM training_Hold h
        JOIN training_Booking b ON b.Id = h.BookingId
        WHERE h.SessionId = @SessionId AND h.EndedAt IS NULL AND h.ExpiresAt <= @Now
        """;
    const string EndHolds = "UPDATE training_Hold SET EndedAt = @Now, Ending = @Ending WHERE BookingId IN @Ids AND EndedAt IS NULL";
    const string EndEntries = """
        UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, WaitingNumber = NULL
        WHERE Id IN @Ids AND State = 'Waiting'
        """;
    const string Book = "UPDATE training_Booking SET State = 'Booked', PromotedAt = @PromotedAt, WaitingNumber = NULL WHERE Id IN @Ids AND State = 'Waiting'";
    const string CountSession = """
        UPDATE training_Session SET PlacesTaken = PlacesTaken + @Taken, WaitingCount = WaitingCount + @Waiting, DueAt = @DueAt
        WHERE Id = @SessionId AND PlacesTaken + @Taken BETWEEN 0 AND Places AND WaitingCount + @Waiting >= 0
        """;
    const string InsertHold = """
        INSERT INTO training_Hold (Id, SessionId, BookingId, Kind, MadeAt, ExpiresAt) VALUES (@Id, @SessionId, @BookingId, @Kind, @Now, @ExpiresAt)
        """;
    const string CountPasses = "UPDATE training_BookingGroup SET Passes = Passes + 1 WHERE Id IN @Ids";
    const string MarkTold = "UPDATE training_Booking SET LastCallAt = @Now WHERE Id IN @Ids";
    const string InsertDecision = """
        INSERT INTO training_Decision (Id, SessionId, At, MadeBy, Cause, FreeBefore, FreeAfter, Behind) VALUES (@Id, @SessionId, @Now, @Me, @Cause, @FreeBefore, @FreeAfter, @Behind)
        """;
    const string InsertLine = "INSERT INTO training_DecisionLine (DecisionId, Number, BookingId, Band, Verdict, Why) VALUES (@DecisionId, @Number, @BookingId, @Band, @Verdict, @Why)";

    static readonly HashSet<Guid> Nobody = [];

    /// <param name="Verdicts">For each who waited.</param>
    /// <param name="Positions">In the list, of those who wait on.</param>
    internal sealed record Settled(IReadOnlyDictionary<Guid, Verdict> Verdicts, IReadOnlyDictionary<Guid, int> Positions, IReadOnlyDictionary<Guid, Held> Held);

    /// <summary>A place that was kept for someone just now.</summary>
    internal sealed record Held(Guid Id, DateTime Until);

    /// <summary>Takes the session's row; false when there is none.</summary>
    internal async Task<bool> Lock(Guid sessionId, CancellationToken ct) => await db.Execute(LockSession, new { SessionId = sessionId }, ct) == 1;

    /// <summary>Takes the rows of two sessions, in the same order whoever asks, so that two who go opposite ways never wait for each other.</summary>
    internal async Task<bool> Lock(Guid one, Guid other, CancellationToken ct) {
        var (first, second) = one.CompareTo(other) < 0 ? (one, other) : (other, one);
        return await Lock(first, ct) && await Lock(second, ct);
    }

    /// <summary>Writes that entries of the waiting list have come to an end or become bookings; what they held is free, or is their place from now on.</summary>
    internal async Task EndHold(IReadOnlyList<Guid> bookingIds, string ending, CancellationToken ct) {
        if (bookingIds.Count > 0) await db.Execute(EndHolds, new { Now = clock.GetUtcNow().UtcDateTime, Ending = ending, Ids = db.Ids(bookingIds) }, ct);
    }

    /// <param name="cause">What gave occasion, in the words of the decision's record.</param>
    /// <param name="fresh">Bookings that ask at this very moment; the caller tells their people and writes their history.</param>
    internal async Task<Settled> Settle(Guid sessionId, string cause, IReadOnlySet<Guid>? fresh, CancellationToken ct) {
        fresh ??= Nobody;
        var now = clock.GetUtcNow().UtcDateTime;
        var lapsed = await Lapse(sessionId, now, ct);
        var list = await waitingList.Read(sessionId, fresh, ct) ?? throw new InvalidOperationException("A session that was locked is not there.");
        if (list.People.Count == 0) {
            if (list.Session.DueAt is not null) await Count(sessionId, 0, 0, null, ct);
            return new(new Dictionary<Guid, Verdict>(), new Dictionary<Guid, int>(), new Dictionary<Guid, Held>());
        }
        var result = list.Decide();
        var held = await Apply(list, result, now, ct);
        var told = result.With(Verdict.LastCall).Where(l => list[l.Person.BookingId].LastCallAt is null).Select(l => l.Person.BookingId).ToHashSet();
        await Record(list, result, told, lapsed > 0 ? cause + ", time over" : cause, now, ct);
        await Tell(list, result, told, held, now, ct);
        var served = result.Lines.Where(l => l.Verdict is Verdict.Booked or Verdict.Offered or Verdict.Approval or Verdict.Holds && l.Person.Hold != HoldKind.Kept).Select(l => l.Person.BookingId).ToHashSet();
        var positions = list.Turns.SelectMany(t => t.People).Where(p => !served.Contains(p.BookingId)).Select((p, i) => (p.BookingId, Position: i + 1)).ToDictionary(p => p.BookingId, p => p.Position);
        return new(result.Lines.ToDictionary(l => l.Person.BookingId, l => l.Verdict), positions, held);
    }

    /// <summary>Ends the holds whose time is over: who did not accept, or was not approved, gives the place up for ever; places kept for a group are let go.</summary>
    async Task<int> Lapse(Guid sessionId, DateTime now, CancellationToken ct) {
        var lapsed = await db.List<Lapsed>(SelectLapsed, new { SessionId = sessionId, Now = now }, ct);
        if (lapsed.Count == 0) return 0;
        await EndHold([.. lapsed.Select(l => l.Id)], "Lapsed", ct);
        var offers = lapsed.Where(l => l.Kind == HoldKind.Offer).ToList();
        var approvals = lapsed.Where(l => l.Kind == HoldKind.Approval).ToList();
        await End([.. offers.Select(l => l.Id)], "The offer of a place was not accepted in time", now, ct);
        await End([.. approvals.Select(l => l.Id)], "The manager did not approve in time", now, ct);
        await Count(sessionId, -lapsed.Count, -(offers.Count + approvals.Count), now, ct);
        await history.Add([.. lapsed.Select(l => new Act(l.Id, l.Kind switch { HoldKind.Offer => "Offer lapsed", HoldKind.Approval => "Approval lapsed", _ => "Kept place let go" }))], ct, by: Guid.Empty);
        await mailbox.Add(await mails.Lapsed(sessionId, [.. offers.Select(Booked)], ct), ct);
        await mailbox.Add(await mails.NotApproved(sessionId, [.. approvals.Select(Booked)], "Your manager did not answer in time.", ct), ct);
        return lapsed.Count;

        static BookingMails.Booked Booked(Lapsed l) => new() { Id = l.Id, PersonId = l.PersonId, Reference = l.Reference, Otherwise = l.BookedBy };
    }

    async Task End(IReadOnlyList<Guid> ids, string reason, DateTime now, CancellationToken ct) {
        if (ids.Count > 0) await db.Execute(EndEntries, new { Ids = db.Ids(ids), Now = now, Me = Guid.Empty, Reason = reason }, ct);
    }

    async Task Count(Guid sessionId, int taken, int waiting, DateTime? due, CancellationToken ct) {
        if (await db.Execute(CountSession, new { SessionId = sessionId, Taken = taken, Waiting = waiting, DueAt = due }, ct) == 0)
            throw new InvalidOperationException("A session's places and what was decided about them disagree.");
    }

    /// <summary>Writes what was decided; gives the places that are held now.</summary>
    async Task<IReadOnlyDictionary<Guid, Held>> Apply(WaitingList.List list, Allocation.Result result, DateTime now, CancellationToken ct) {
        var sessionId = list.Session.Id;
        var given = result.Lines.Where(l => l.Verdict is Verdict.Booked or Verdict.Offered or Verdict.Approval or Verdict.Kept).ToList();
        var booked = given.Where(l => l.Verdict == Verdict.Booked).ToList();
        await EndHold([.. given.Where(l => l.Person.Hold == HoldKind.Kept).Select(l => l.Person.BookingId)], "Taken", ct);
        foreach (var some in booked.GroupBy(l => l.Person.Fresh))
            if (await db.Execute(Book, new { Ids = db.Ids(some.Select(l => l.Person.BookingId)), PromotedAt = some.Key ? (DateTime?)null : now }, ct) != some.Count())
                throw new InvalidOperationException("The waiting list and what was decided about it disagree.");
        var holds = given.Where(l => l.Verdict != Verdict.Booked).Select(l => new {
            Id = Ids.New(clock), SessionId = sessionId, l.Person.BookingId, Kind = Kind(l.Verdict).ToString(), Now = now, ExpiresAt = list.Expires(Kind(l.Verdict)),
        }).ToList();
        if (holds.Count > 0) await db.Execute(InsertHold, holds, ct);
        if (result.Passed.Count > 0) await db.Execute(CountPasses, new { Ids = db.Ids(result.Passed) }, ct);
        var open = list.People.Where(p => p.ExpiresAt is not null).Select(p => p.ExpiresAt!.Value).Concat(holds.Select(h => h.ExpiresAt));
        await Count(sessionId, given.Count(l => l.Person.Hold is null), -booked.Count, list.People.Count > booked.Count ? list.NextChange(open) : null, ct);
        return holds.ToDictionary(h => h.BookingId, h => new Held(h.Id, h.ExpiresAt));

        static HoldKind Kind(Verdict verdict) => verdict switch { Verdict.Offered => HoldKind.Offer, Verdict.Approval => HoldKind.Approval, _ => HoldKind.Kept };
    }

    /// <summary>Keeps who got a place and who did not, and why. What concerns nobody but those who asked just now stands in their history alone.</summary>
    async Task Record(WaitingList.List list, Allocation.Result result, HashSet<Guid> told, string cause, DateTime now, CancellationToken ct) {
        var lines = result.Lines.Where(l => l.Verdict is not (Verdict.Behind or Verdict.Holds) && (l.Verdict != Verdict.LastCall || told.Contains(l.Person.BookingId))).ToList();
        if (lines.All(l => l.Verdict == Verdict.PassedOver) || lines.All(l => l.Person.Fresh)) return;
        var id = Ids.New(clock);
        await db.Execute(InsertDecision, new {
            Id = id, SessionId = list.Session.Id, Now = now, Me = me.PersonId, Cause = cause, FreeBefore = list.Rules.Places - list.Tally.Taken, result.FreeAfter, Behind = result.With(Verdict.Behind).Count(),
        }, ct);
        await db.Execute(InsertLine, lines.Select((l, i) => new {
            DecisionId = id, Number = i + 1, l.Person.BookingId, Band = l.Turn.Band is { Length: > 100 } band ? band[..100] : l.Turn.Band, Verdict = l.Verdict.ToString(), l.Why,
        }).ToList(), ct);
    }

    async Task Tell(WaitingList.List list, Allocation.Result result, HashSet<Guid> told, IReadOnlyDictionary<Guid, Held> held, DateTime now, CancellationToken ct) {
        var sessionId = list.Session.Id;
        var lines = result.Lines.Where(l => !l.Person.Fresh).ToList();
        await history.Add([.. lines.Select(l => l.Verdict switch {
            Verdict.Booked => new Act(l.Person.BookingId, "Got a free place"),
            Verdict.Offered => new Act(l.Person.BookingId, "Place offered", $"Until {Show.DateAndTime(held[l.Person.BookingId].Until)}"),
            Verdict.Approval => new Act(l.Person.BookingId, "Approval asked", $"A place is held until {Show.DateAndTime(held[l.Person.BookingId].Until)}"),
            Verdict.Kept => new Act(l.Person.BookingId, "Place kept", "Until there are enough for the whole group"),
            Verdict.LastCall when told.Contains(l.Person.BookingId) => new Act(l.Person.BookingId, "Told of last places"),
            _ => null,
        }).OfType<Act>()], ct, by: Guid.Empty);
        if (told.Count > 0) await db.Execute(MarkTold, new { Now = now, Ids = db.Ids(told) }, ct);
        await mailbox.Add(await mails.Promoted(sessionId, [.. Of(Verdict.Booked)], ct), ct);
        // A group is asked once, and whoever asked for it answers.
        await mailbox.Add(await mails.Offered(sessionId, [.. Of(Verdict.Offered).DistinctBy(b => b.GroupId ?? b.Id)], ct), ct);
        await mailbox.Add(await mails.ApprovalAsked(sessionId, [.. Of(Verdict.Approval)], ct), ct);
        await mailbox.Add(await mails.LastCall(sessionId, [.. Of(Verdict.LastCall).Where(b => told.Contains(b.Id))], ct), ct);

        IEnumerable<BookingMails.Booked> Of(Verdict verdict) => lines.Where(l => l.Verdict == verdict).Select(l => list[l.Person.BookingId]).Select(p => new BookingMails.Booked {
            Id = p.Id, PersonId = p.PersonId, Reference = p.Reference, SettingId = p.SettingId, GroupId = p.GroupId, Otherwise = p.BookedBy, Instead = p.MadeBy, Hold = held.GetValueOrDefault(p.Id), Cause = Ids.New(clock),
        });
    }

    sealed record Lapsed {
        public Guid HoldId { get; init; }
        public HoldKind Kind { get; init; }
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Reference { get; init; } = "";
        public Guid? SettingId { get; init; }
        public Guid BookedBy { get; init; }
    }
}
