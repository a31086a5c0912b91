using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Contracts;
using Cpd.Training.Reminders;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Registers;

/// <summary>
/// Who attended is recorded from the day of the session on, walk-ins included. Closing the register, once everyone is recorded,
/// tells the other modules; whoever is corrected after that is told of again with a higher revision.
/// </summary>
internal static class SaveRegister {
    internal sealed record Command(Guid SessionId, IReadOnlyList<Entry>? Entries, IReadOnlyList<Guid>? WalkIns, bool Close) : IRequest<Outcome<Saved>>, IWrite;

    /// <param name="Attendance">Null takes back what was recorded; a walk-in is then removed.</param>
    /// <param name="Minutes">For those who attended part.</param>
    /// <param name="Keep">Leave this person as they are recorded now: what another has recorded meanwhile stands.</param>
    internal sealed record Entry(Guid PersonId, Attendance? Attendance, int? Minutes, bool Keep = false);

    internal sealed record Saved(int Recorded, int NotRecorded, bool Closed);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleForEach(c => c.Entries).Where(e => !e.Keep).ChildRules(entry => {
                entry.RuleFor(e => e.Attendance).IsInEnum().WithMessage("Select what to record");
                entry.RuleFor(e => e.Minutes).Must((e, minutes) => e.Attendance != Part || minutes is > 0).WithMessage("Enter how many minutes they attended");
            });
            RuleFor(c => c.Entries).Must(e => e is null || e.Select(x => x.PersonId).Distinct().Count() == e.Count).WithMessage("Name each person once");
            RuleFor(c => c.WalkIns).Must(w => w is null || w.Count <= 200).WithMessage("Add at most 200 people at a time");
        }
    }

    const Attendance Part = Attendance.Part;

    internal sealed class Handler(Db db, IMediator mediator, Allotment allotment, Outbox outbox, BookingLog history, SessionRounds rounds, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Saved>> {
        const string SelectSession = """
            SELECT s.Id, s.CourseId, s.AuthorityId, s.StartsAt, s.EndsAt, s.State, s.RegisterClosedAt, s.TrainerPersonId,
                c.Title, c.LearningOutcomes, c.Mode, c.AgeRanges, c.Minutes, c.ParticipatoryMinutes, c.TrainingProviderId
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @SessionId AND s.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;
        const string Lock = "UPDATE training_Session SET PlacesTaken = PlacesTaken WHERE Id = @SessionId";
        const string LeaveWaiting = "UPDATE training_Session SET WaitingCount = WaitingCount - @Count, PlacesTaken = PlacesTaken - @Held WHERE Id = @SessionId";
        const string CountHeld = "SELECT COUNT(*) FROM training_Hold WHERE BookingId IN @Ids AND EndedAt IS NULL";
        const string Close = "UPDATE training_Session SET RegisterClosedAt = @Now WHERE Id = @SessionId AND RegisterClosedAt IS NULL";
        const string SelectLive = """
            SELECT Id, PersonId, SettingId, State, Attendance, MinutesAttended, IsWalkIn, Revision
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

        public async Task<Outcome<Saved>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            var key = new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty };
            if (await db.One<Session>(SelectSession, key, cancellationToken) is null) return Outcome.NotFound;
            await db.Execute(Lock, new { request.SessionId }, cancellationToken);
            var session = (await db.One<Session>(SelectSession, key, cancellationToken))!;
            var now = clock.GetUtcNow().UtcDateTime;
            if (session.State != Publication.Published) return Outcome.Conflict("The session has been cancelled, so it has no register.");
            if (London.Day(session.StartsAt) > London.Day(now)) return Outcome.Conflict($"You can record attendance from the day of the session, {Show.Date(session.StartsAt)}.");

            var live = (await db.List<Booking>(SelectLive, new { request.SessionId }, cancellationToken)).ToDictionary(b => b.PersonId);
            if (await AddWalkIns(session, request.WalkIns ?? [], live, cancellationToken) is { } stranger) return stranger;
            var booked = live.Values.Where(b => b.State == BookingState.Booked).ToDictionary(b => b.PersonId);

            var changed = new List<Booking>();
            var entries = request.Entries ?? [];
            for (var i = 0; i < entries.Count; i++) {
                var entry = entries[i];
                if (entry.Keep) continue;
                if (!booked.TryGetValue(entry.PersonId, out var before)) return Outcome.Invalid($"Entries[{i}].PersonId", "This person is not booked at the session: add them as a walk-in");
                if (entry.Attendance == Part && entry.Minutes > session.Minutes) return Outcome.Invalid($"Entries[{i}].Minutes", $"The minutes must be between 1 and {session.Minutes}, the length of the course");
                var minutes = Counted(entry.Attendance, entry.Minutes, session.Minutes);
                if (before.Attendance != entry.Attendance || before.MinutesAttended != minutes || before is { IsWalkIn: true, Attendance: null })
                    changed.Add(booked[entry.PersonId] = before with { Attendance = entry.Attendance, MinutesAttended = minutes });
            }
            // Someone who walked in was there; whoever knows better says so in an entry.
            foreach (var id in (request.WalkIns ?? []).Where(id => entries.All(e => e.PersonId != id)).Distinct())
                if (booked[id] is { Attendance: null } added) changed.Add(booked[id] = added with { Attendance = Attendance.Attended, MinutesAttended = session.Minutes });
            var removed = changed.Where(b => b is { IsWalkIn: true, Attendance: null }).ToList();
            foreach (var walkIn in removed) booked.Remove(walkIn.PersonId);

            var missing = booked.Values.Where(b => b.Attendance is null).ToList();
            var closes = request.Close && session.RegisterClosedAt is null;
            if (closes && session.StartsAt > now) return Outcome.Conflict("The session has not started yet, so its register can't be closed.");
            if (closes && missing.Count > 0) return Outcome.Conflict($"Record everyone before you close the register. Not recorded yet: {await Names(missing, cancellationToken)}.");

            var told = (closes ? booked.Values.Concat(removed.Where(b => b.Revision > 0)) : session.RegisterClosedAt is null ? [] : changed)
                .Select(b => b with { Revision = b.Revision + 1 }).ToDictionary(b => b.Id);
            await db.Execute(Record, changed.Select(b => told.GetValueOrDefault(b.Id, b)).Concat(told.Values).DistinctBy(b => b.Id)
                .Select(b => new { b.Id, Attendance = b.Attendance?.ToString(), b.MinutesAttended, b.Revision }).ToList(), cancellationToken);
            await db.Execute(Remove, removed.Select(b => new { b.Id, Now = now, Me = me.PersonId }).ToList(), cancellationToken);
            await history.Add([.. changed.Select(b => new Act(b.Id, "Register", b.Attendance is { } a ? TrainingWording.Of(a) : "Not recorded"))], cancellationToken);
            if (closes) {
                await db.Execute(Close, new { request.SessionId, Now = now }, cancellationToken);
                await rounds.Plan(request.SessionId, cancellationToken);
            }
            if (told.Count > 0) {
                var trainer = session.TrainerPersonId is { } id ? await mediator.Send(new FindPeople([id]), cancellationToken) is [var person, ..] ? person.Name : null : null;
                await outbox.Add(told.Values.Select(b => Event(session, b, trainer, now)), cancellationToken);
            }
            return new Saved(booked.Count - missing.Count, missing.Count, closes || session.RegisterClosedAt is not null);
        }

        /// <summary>Adds people who came without a booking; whoever waits for a place is let in. Walk-ins take no place: the room has shown that it holds them.</summary>
        async Task<Refusal?> AddWalkIns(Session session, IReadOnlyList<Guid> walkIns, Dictionary<Guid, Booking> live, CancellationToken ct) {
            var ids = walkIns.Distinct().Where(id => live.GetValueOrDefault(id)?.State != BookingState.Booked).ToList();
            if (ids.Count == 0) return null;
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            var places = (await mediator.Send(new FindStaff(ids, London.Day(session.StartsAt)), ct)).Where(p => reach.All || p.AuthorityId == session.AuthorityId || reach.Authorities.Contains(p.AuthorityId))
                .OrderBy(p => p.JoinedOn).DistinctBy(p => p.PersonId).ToDictionary(p => p.PersonId);
            var known = reach.All ? (await mediator.Send(new FindPeople(ids), ct)).Select(p => p.Id).ToHashSet() : [.. places.Keys];
            var waiting = new List<Booking>();
            var added = new List<(Booking Booking, Guid? SettingId, Guid? AuthorityId)>();
            foreach (var id in ids) {
                if (live.TryGetValue(id, out var waits)) {
                    waiting.Add(live[id] = waits with { State = BookingState.Booked, IsWalkIn = true });
                } else if (!known.Contains(id)) {
                    return Outcome.Invalid("WalkIns", "Add people who work at a setting of the local authority");
                } else {
                    var place = places.GetValueOrDefault(id);
                    live[id] = new Booking { Id = Ids.New(clock), PersonId = id, SettingId = place?.SettingId, State = BookingState.Booked, IsWalkIn = true };
                    added.Add((live[id], place?.SettingId, place?.AuthorityId));
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
                a.Booking.Id, SessionId = session.Id, a.Booking.PersonId, a.SettingId, a.AuthorityId, Reference = Codes.ForPeople(2), Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId,
            }).ToList(), ct);
            await history.Add([.. waiting.Select(b => new Act(b.Id, "Walked in")), .. added.Select(a => new Act(a.Booking.Id, "Walked in"))], ct);
            return null;
        }

        async Task<string> Names(List<Booking> missing, CancellationToken ct) {
            var names = (await mediator.Send(new FindPeople([.. missing.Take(10).Select(b => b.PersonId)]), ct)).Select(p => p.Name).Order(StringComparer.Ordinal);
            return string.Join(", ", names) + (missing.Count > 10 ? $" and {missing.Count - 10} more" : "");
        }

        static AttendanceRecorded Event(Session s, Booking b, string? trainer, DateTime now) => new(
            b.Id, b.Revision, b.PersonId, b.SettingId, s.Id, s.CourseId, s.AuthorityId, s.TrainingProviderId, s.Title, s.LearningOutcomes, s.Mode, s.AgeRanges, s.StartsAt, s.EndsAt,
            b.MinutesAttended, Participatory(b.MinutesAttended, s.Minutes, s.ParticipatoryMinutes), b.Attendance == Attendance.Attended, trainer, now);
    }

    /// <summary>The minutes that count: the course's for those who attended all of it.</summary>
    internal static int Counted(Attendance? attendance, int? typed, int course) => attendance switch {
        Attendance.Attended => course, Part => typed ?? 0, _ => 0,
    };

    /// <summary>Participatory minutes in proportion to the minutes attended, rounded down, never above them.</summary>
    internal static int Participatory(int minutes, int course, int participatory) =>
        minutes >= course ? Math.Min(participatory, minutes) : (int)Math.Min(minutes, (long)participatory * minutes / course);

    internal sealed record Body(IReadOnlyList<BodyEntry>? Entries, IReadOnlyList<Guid>? WalkIns, bool Close);
    internal sealed record BodyEntry(Guid PersonId, Attendance? Attendance, int? Minutes);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/sessions/{id:guid}/register", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, [.. (body.Entries ?? []).Select(e => new Entry(e.PersonId, e.Attendance, e.Minutes))], body.WalkIns, body.Close), ct)).ToHttp())
        .WithName("SaveRegister").WithSummary("Records who attended: Attended, Part (with minutes), DidNotAttend, or null to take it back. With close, the register is closed and CPD records are made.")
        .Produces<Saved>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.KeepRegister);

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
    }

    internal sealed record Booking {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public BookingState State { get; init; }
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public bool IsWalkIn { get; init; }
        public int Revision { get; init; }
    }
}
