using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Contracts;
using Cpd.Training.Reminders;
using Cpd.Training.Sessions;
using MediatR;

namespace Cpd.Training.Registers;

/// <summary>
/// The register of one session while it is written: whoever marks, in whatever way, does it through here. Attendance is what follows from the
/// marks; who is told of it, and when, is the same for all of them. The caller's transaction holds the session's row.
/// </summary>
internal sealed class Register(Db db, IMediator mediator, Allotment allotment, Outbox outbox, BookingLog history, SessionRounds rounds, CurrentUser me, TimeProvider clock) {
    /// <summary>What an authority that has said nothing lets pass at each end, in minutes.</summary>
    internal const int UsualTolerance = 10;

    const string SelectSession = """
        SELECT s.Id, s.CourseId, s.AuthorityId, s.StartsAt, s.EndsAt, s.State, s.RegisterClosedAt, s.TrainerPersonId,
            c.Title, c.LearningOutcomes, c.Mode, c.AgeRanges, c.Minutes, c.ParticipatoryMinutes, c.TrainingProviderId, r.Tolerance
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        LEFT JOIN training_RegisterRule r ON r.AuthorityId = s.AuthorityId
        WHERE s.Id = @SessionId AND s.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
        """;
    const string LeaveWaiting = "UPDATE training_Session SET WaitingCount = WaitingCount - @Count, PlacesTaken = PlacesTaken - @Held WHERE Id = @SessionId";
    const string CountHeld = "SELECT COUNT(*) FROM training_Hold WHERE BookingId IN @Ids AND EndedAt IS NULL";
    const string Close = "UPDATE training_Session SET RegisterClosedAt = @Now WHERE Id = @SessionId AND RegisterClosedAt IS NULL";
    const string SelectLive = """
        SELECT Id, PersonId, SettingId, State, Reference, Attendance, MinutesAttended, IsWalkIn, Revision
        FROM training_Booking
        WHERE SessionId = @SessionId AND CancelledAt IS NULL
        ORDER BY Id
        """;
    const string InsertWalkIn = """
        INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, State, Reference, BookedAt, BookedBy, CancelReason, Attendance, MinutesAttended, IsWalkIn, Revision)
        VALUES (@Id, @SessionId, @PersonId, @SettingId, @AuthorityId, 'Booked', @Reference, @Now, @Me, '', NULL, 0, 1, 0)
        """;
    const string LetIn = "UPDATE training_Booking SET State = 'Booked', IsWalkIn = 1, WaitingNumber = NULL WHERE Id = @Id AND State = 'Waiting'";
    const string Record = "UPDATE training_Booking SET Attendance = @Attendance, MinutesAttended = @MinutesAttended, Revision = @Revision WHERE Id = @Id";
    const string Remove = """
        UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = 'Removed from the register'
        WHERE Id = @Id
        """;
    internal const string SelectMarks = """
        SELECT Nonce, Number, BookingId AS EntryId, Kind, At, Until, Attendance, Minutes, Undoes, Source, MadeAt, MadeBy
        FROM training_Mark
        WHERE SessionId = @SessionId
        ORDER BY Number
        """;
    const string InsertMark = """
        INSERT INTO training_Mark (Nonce, SessionId, Number, BookingId, Kind, At, Until, Attendance, Minutes, Undoes, Source, MadeAt, MadeBy, ReceivedAt)
        VALUES (@Nonce, @SessionId, @Number, @BookingId, @Kind, @At, @Until, @Attendance, @Minutes, @Undoes, @Source, @MadeAt, @MadeBy, @Now)
        """;

    /// <summary>A session's register as it stands, locked.</summary>
    /// <param name="Live">Booked and waiting, by person.</param>
    internal sealed record Opened(Session Session, IReadOnlyList<SessionDate> Dates, Dictionary<Guid, Booking> Live, List<Mark> Marks) {
        internal IEnumerable<Booking> Booked => Live.Values.Where(b => b.State == BookingState.Booked);
    }

    /// <summary>What came of marks: how many are recorded and how many not, and whether the register is closed.</summary>
    internal sealed record Written(int Recorded, int NotRecorded, bool Closed);

    /// <param name="reach">Whose sessions; null where the caller has seen to it that this person may.</param>
    internal async Task<Opened?> Open(Guid sessionId, Reach? reach, CancellationToken ct) {
        var key = new { SessionId = sessionId, All = reach is null || reach.All ? 1 : 0, Authorities = db.Ids(reach?.Authorities ?? []), Self = reach?.Self ?? Guid.Empty };
        if (await db.One<Session>(SelectSession, key, ct) is null) return null;
        await allotment.Lock(sessionId, ct);
        var session = (await db.One<Session>(SelectSession, key, ct))!;
        return new(session, await db.List<SessionDate>(SessionParts.SelectDates, new { Id = sessionId }, ct), (await db.List<Booking>(SelectLive, new { SessionId = sessionId }, ct)).ToDictionary(b => b.PersonId),
            [.. await db.List<Mark>(SelectMarks, new { SessionId = sessionId }, ct)]);
    }

    /// <summary>Why nothing can be recorded now; null when it can.</summary>
    internal Refusal? NotNow(Session session) =>
        session.State != Publication.Published ? Outcome.Conflict("The session has been cancelled, so it has no register.")
        : London.Day(session.StartsAt) > London.Today(clock) ? Outcome.Conflict($"You can record attendance from the day of the session, {Show.Date(session.StartsAt)}.") : null;

    /// <summary>Adds people who came without a booking; whoever waits for a place is let in. Walk-ins take no place: the room has shown that it holds them.</summary>
    internal async Task<Refusal?> AddWalkIns(Opened opened, IReadOnlyList<Guid> walkIns, CancellationToken ct) {
        var (session, live) = (opened.Session, opened.Live);
        var ids = walkIns.Distinct().Where(id => live.GetValueOrDefault(id)?.State != BookingState.Booked).ToList();
        if (ids.Count == 0) return null;
        var reach = me.Reach(TrainingPermissions.KeepRegister);
        var places = (await mediator.Send(new FindStaff(ids, London.Day(session.StartsAt)), ct)).Where(p => reach.All || p.AuthorityId == session.AuthorityId || reach.Authorities.Contains(p.AuthorityId))
            .OrderBy(p => p.JoinedOn).DistinctBy(p => p.PersonId).ToDictionary(p => p.PersonId);
        var known = reach.All ? (await mediator.Send(new FindPeople(ids), ct)).Select(p => p.Id).ToHashSet() : [.. places.Keys];
        var waiting = new List<Booking>();
        var added = new List<(Booking Booking, Guid? AuthorityId)>();
        foreach (var id in ids) {
            if (live.TryGetValue(id, out var waits)) {
                waiting.Add(live[id] = waits with { State = BookingState.Booked, IsWalkIn = true });
            } else if (!known.Contains(id)) {
                return Outcome.Invalid("WalkIns", "Add people who work at a setting of the local authority");
            } else {
                var place = places.GetValueOrDefault(id);
                live[id] = new Booking { Id = Ids.New(clock), PersonId = id, SettingId = place?.SettingId, State = BookingState.Booked, Reference = Codes.ForPeople(2), IsWalkIn = true };
                added.Add((live[id], place?.AuthorityId));
            }
        }
        if (waiting.Count > 0) {
            var held = await db.One<int>(CountHeld, new { Ids = db.Ids(waiting.Select(b => b.Id)) }, ct);
            await allotment.EndHold([.. waiting.Select(b => b.Id)], "Ended", ct);
            await db.Execute(LeaveWaiting, new { SessionId = session.Id, waiting.Count, Held = held }, ct);
            await db.Execute(LetIn, waiting.Select(b => new { b.Id }).ToList(), ct);
            await allotment.Settle(session.Id, "Someone who waited came", null, ct);
        }
        await db.Execute(InsertWalkIn, added.Select(a => new {
            a.Booking.Id, SessionId = session.Id, a.Booking.PersonId, a.Booking.SettingId, a.AuthorityId, a.Booking.Reference, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId,
        }).ToList(), ct);
        await history.Add([.. waiting.Select(b => new Act(b.Id, "Walked in")), .. added.Select(a => new Act(a.Booking.Id, "Walked in"))], ct);
        return null;
    }

    /// <summary>Writes marks that are new, and what follows from them. A closed register tells the other modules of whoever has changed.</summary>
    /// <param name="marks">Of people who are booked, each with a nonce that is not known yet.</param>
    /// <param name="close">Settle it, once everyone is recorded: that tells of everyone.</param>
    internal async Task<Outcome<Written>> Write(Opened opened, IReadOnlyList<Mark> marks, bool close, CancellationToken ct) {
        var (session, dates, now) = (opened.Session, opened.Dates, clock.GetUtcNow().UtcDateTime);
        var booked = opened.Booked.ToDictionary(b => b.Id);
        var fresh = new List<Mark>();
        var number = opened.Marks.Count == 0 ? 0 : opened.Marks.Max(m => m.Number);
        // What was recorded before there were marks is the first of them.
        var marked = opened.Marks.Select(m => m.EntryId).ToHashSet();
        foreach (var old in marks.Select(m => m.EntryId).Distinct().Where(id => !marked.Contains(id) && booked[id].Attendance is not null).Select(id => booked[id]))
            fresh.Add(new Mark { Nonce = old.Id, Number = ++number, EntryId = old.Id, Kind = MarkKind.Whole, Attendance = old.Attendance, Minutes = old.MinutesAttended, Source = MarkSource.List, MadeAt = London.StartOf(London.Day(session.StartsAt)), MadeBy = me.PersonId });
        fresh.AddRange(marks.Select(m => m with { Number = ++number }));
        await db.Execute(InsertMark, fresh.Select(m => new {
            m.Nonce, SessionId = session.Id, m.Number, BookingId = m.EntryId, Kind = m.Kind.ToString(), m.At, m.Until, Attendance = m.Attendance?.ToString(), m.Minutes, m.Undoes, Source = m.Source.ToString(), m.MadeAt, m.MadeBy, Now = now,
        }).ToList(), ct);

        var changed = new List<Booking>();
        foreach (var group in opened.Marks.Concat(fresh).ToLookup(m => m.EntryId).Where(g => marks.Any(m => m.EntryId == g.Key))) {
            var (before, after) = (booked[group.Key], Presence.Of(group, dates).Counted(dates, session.Minutes, session.Tolerance ?? UsualTolerance));
            if (before.Attendance != after.Attendance || before.MinutesAttended != after.Minutes || before is { IsWalkIn: true } && after.Attendance is null)
                changed.Add(booked[group.Key] = before with { Attendance = after.Attendance, MinutesAttended = after.Minutes });
        }
        var removed = changed.Where(b => b is { IsWalkIn: true, Attendance: null }).ToList();
        foreach (var walkIn in removed) booked.Remove(walkIn.Id);

        var missing = booked.Values.Where(b => b.Attendance is null).ToList();
        var closes = close && session.RegisterClosedAt is null;
        if (closes && session.StartsAt > now) return Outcome.Conflict("The session has not started yet, so its register can't be closed.");
        if (closes && missing.Count > 0) return Outcome.Conflict($"Record everyone before you close the register. Not recorded yet: {await Names(missing, ct)}.");

        var told = (closes ? booked.Values.Concat(removed.Where(b => b.Revision > 0)) : session.RegisterClosedAt is null ? [] : changed)
            .Select(b => b with { Revision = b.Revision + 1 }).ToDictionary(b => b.Id);
        await db.Execute(Record, changed.Select(b => told.GetValueOrDefault(b.Id, b)).Concat(told.Values).DistinctBy(b => b.Id)
            .Select(b => new { b.Id, Attendance = b.Attendance?.ToString(), b.MinutesAttended, b.Revision }).ToList(), ct);
        await db.Execute(Remove, removed.Select(b => new { b.Id, Now = now, Me = me.PersonId }).ToList(), ct);
        await history.Add([.. changed.Select(b => new Act(b.Id, "Register", Words(b)))], ct);
        if (closes) {
            await db.Execute(Close, new { SessionId = session.Id, Now = now }, ct);
            await rounds.Plan(session.Id, ct);
        }
        if (told.Count > 0) {
            var trainer = session.TrainerPersonId is { } id ? await mediator.Send(new FindPeople([id]), ct) is [var person, ..] ? person.Name : null : null;
            await outbox.Add(told.Values.Select(b => Event(session, b, trainer, now)), ct);
        }
        return new Written(booked.Count - missing.Count, missing.Count, closes || session.RegisterClosedAt is not null);
    }

    static string Words(Booking b) => b.Attendance is not { } a ? "Not recorded" : a == Attendance.Part ? $"{TrainingWording.Of(a)}, {Show.Duration(b.MinutesAttended)}" : TrainingWording.Of(a);

    async Task<string> Names(List<Booking> missing, CancellationToken ct) {
        var names = (await mediator.Send(new FindPeople([.. missing.Take(10).Select(b => b.PersonId)]), ct)).Select(p => p.Name).Order(StringComparer.Ordinal);
        return string.Join(", ", names) + (missing.Count > 10 ? $" and {missing.Count - 10} more" : "");
    }

    static AttendanceRecorded Event(Session s, Booking b, string? trainer, DateTime now) => new(
        b.Id, b.Revision, b.PersonId, b.SettingId, s.Id, s.CourseId, s.AuthorityId, s.TrainingProviderId, s.Title, s.LearningOutcomes, s.Mode, s.AgeRanges, s.StartsAt, s.EndsAt,
        b.MinutesAttended, SaveRegister.Participatory(b.MinutesAttended, s.Minutes, s.ParticipatoryMinutes), b.Attendance == Attendance.Attended, trainer, now);

    internal sealed record Session {
        public Guid Id { get; init; }
        public Guid CourseId { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public Publication State { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
        public Guid? TrainerPersonId { get; init; }
        public string Title { get; init; } = "";
        public string LearningOutcomes { get; init; } = "";
        public CourseMode Mode { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public Guid? TrainingProviderId { get; init; }
        public int? Tolerance { get; init; }
    }

    internal sealed record Booking {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public bool IsWalkIn { get; init; }
        public int Revision { get; init; }
    }
}
