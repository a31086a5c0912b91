using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Reminders;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Sessions;

/// <summary>
/// An officer calls off a session and everyone is told why. Those who wait may be carried over to another date of the course, in their
/// order; with a merge those who are booked go there too, with their places. Everyone else is shown the dates they can go to instead.
/// </summary>
internal static class CancelSession {
    /// <param name="CarryTo">Another session of the course, whose waiting list the people who wait here join.</param>
    /// <param name="Merge">Those who are booked move there as well; refused when it has not enough free places for them.</param>
    internal sealed record Command(Guid Id, string? Reason, Guid? CarryTo = null, bool Merge = false) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why the session is cancelled").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
            RuleFor(c => c.CarryTo).Must((c, to) => !c.Merge || to is not null).WithMessage("Select the date to move people to");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, Allotment allotment, Mailbox mailbox, BookingMails mails, BookingLog history, SessionRounds rounds, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Session
            SET State = 'Cancelled', CancelledAt = @Now, CancelReason = @Reason, PlacesTaken = 0, WaitingCount = 0, DueAt = NULL, Version = Version + 1
            WHERE Id = @Id AND State <> 'Cancelled' AND RegisterClosedAt IS NULL AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectSession = "SELECT State, CourseId, StartsAt, WaitingTail FROM training_Session WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectLive = "SELECT Id, PersonId, BookedBy AS Otherwise, Reference, State, IsWalkIn FROM training_Booking WHERE SessionId = @Id AND CancelledAt IS NULL ORDER BY Id";
        const string EndHolds = "UPDATE training_Hold SET EndedAt = @Now, Ending = 'Ended' WHERE SessionId = @Id AND EndedAt IS NULL";
        const string CancelBookings = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, WaitingNumber = NULL
            WHERE SessionId = @Id AND CancelledAt IS NULL
            """;
        // The order they had stays, behind those who wait there already.
        const string MoveWaiting = """
            UPDATE training_Booking SET SessionId = @To, WaitingNumber = WaitingNumber + @Tail, LastCallAt = NULL
            WHERE SessionId = @Id AND State = 'Waiting' AND Id IN @Ids
            """;
        const string MoveBooked = "UPDATE training_Booking SET SessionId = @To WHERE SessionId = @Id AND State = 'Booked' AND Id IN @Ids";
        const string MoveGroups = "UPDATE training_BookingGroup SET SessionId = @To WHERE SessionId = @Id";
        const string Take = """
            UPDATE training_Session SET PlacesTaken = PlacesTaken + @Taken, WaitingCount = WaitingCount + @Waiting, WaitingTail = WaitingTail + @Tail
            WHERE Id = @To AND PlacesTaken + @Taken <= Places
            """;
        const string SelectTail = "SELECT WaitingTail FROM training_Session WHERE Id = @To";
        const string SelectFree = "SELECT Places - PlacesTaken FROM training_Session WHERE Id = @To";
        const string SelectTheirs = """
            SELECT b.Id, b.PersonId, b.State, h.Id AS HoldId
            FROM training_Booking b
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.SessionId = @To AND b.PersonId IN @People AND b.CancelledAt IS NULL
            """;
        const string EndTheirs = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = 'Moved here with a booking', WaitingNumber = NULL
            WHERE Id IN @Ids AND State = 'Waiting'
            """;
        const string CountTheirs = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Held, WaitingCount = WaitingCount - @Waiting WHERE Id = @To";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var row = new {
                request.Id, Reason = request.Reason!.Trim(), Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities),
            };
            if (await db.One<Session>(SelectSession, row, cancellationToken) is not { } session) return Outcome.NotFound;
            // Before asking whether it is one of the other dates: nobody can cancel it from now on.
            if (request.CarryTo is { } target) await allotment.Lock(target, request.Id, cancellationToken);
            var others = await mediator.Send(new ListAlternatives.Query(session.CourseId, request.Id), cancellationToken);
            if (request.CarryTo is { } chosen && others.All(o => o.Id != chosen)) return Outcome.Invalid(nameof(request.CarryTo), "Select one of the other dates of the course");
            if (await db.Execute(Update, row, cancellationToken) == 0) {
                session = (await db.One<Session>(SelectSession, row, cancellationToken))!;
                return Outcome.Conflict(session.State == Publication.Cancelled ? "The session has already been cancelled." : "The register is closed: the session has taken place.");
            }
            await db.Execute(EndHolds, row, cancellationToken);
            await rounds.Plan(request.Id, cancellationToken);
            var live = await db.List<Booking>(SelectLive, row, cancellationToken);
            var moved = new HashSet<Guid>();
            if (request.CarryTo is { } to) {
                var carried = await Carry(request, to, session, live, row.Reason, row.Now, cancellationToken);
                if (carried.Refusal is { } refusal) return refusal;
                moved = carried.Value;
            }
            var left = live.Where(b => !moved.Contains(b.Id)).ToList();
            await db.Execute(CancelBookings, row, cancellationToken);
            await history.Add([.. left.Select(b => new Act(b.Id, "Session cancelled", row.Reason))], cancellationToken);
            await mailbox.Add(await mails.SessionCancelled(request.Id, [.. left.Select(Told)], row.Reason, others.Count > 0, cancellationToken), cancellationToken);
            return Outcome.Done;
        }

        async Task<Outcome<HashSet<Guid>>> Carry(Command request, Guid to, Session session, IReadOnlyList<Booking> live, string reason, DateTime now, CancellationToken ct) {
            var theirs = (await db.List<Theirs>(SelectTheirs, new { To = to, People = db.Ids(live.Select(b => b.PersonId)) }, ct)).ToDictionary(t => t.PersonId);
            var waiting = live.Where(b => b.State == BookingState.Waiting && !theirs.ContainsKey(b.PersonId)).ToList();
            var booked = request.Merge ? live.Where(b => b is { State: BookingState.Booked, IsWalkIn: false } && theirs.GetValueOrDefault(b.PersonId)?.State != BookingState.Booked).ToList() : [];
            // Whoever is booked here and waits there comes with the booking.
            var ended = booked.Select(b => theirs.GetValueOrDefault(b.PersonId)).OfType<Theirs>().ToList();
            if (ended.Count > 0) {
                await allotment.EndHold([.. ended.Select(t => t.Id)], "Ended", ct);
                await db.Execute(EndTheirs, new { Now = now, Me = me.PersonId, Ids = db.Ids(ended.Select(t => t.Id)) }, ct);
                await db.Execute(CountTheirs, new { To = to, Held = ended.Count(t => t.HoldId is not null), Waiting = ended.Count }, ct);
                await history.Add([.. ended.Select(t => new Act(t.Id, "Left waiting list", "Moved here with a booking"))], ct);
            }
            var tail = (await db.One<Session>(SelectTail, new { To = to }, ct))!.WaitingTail;
            if (await db.Execute(Take, new { To = to, Taken = booked.Count, Waiting = waiting.Count, Tail = session.WaitingTail }, ct) == 0)
                return Outcome.Invalid(nameof(request.CarryTo), $"That date has {Show.Count(await db.One<int>(SelectFree, new { To = to }, ct), "free place")} and {Show.Count(booked.Count, "person is", "people are")} booked here. Add places there first");
            await db.Execute(MoveGroups, new { request.Id, To = to }, ct);
            if (waiting.Count > 0) await db.Execute(MoveWaiting, new { request.Id, To = to, Tail = tail, Ids = db.Ids(waiting.Select(b => b.Id)) }, ct);
            if (booked.Count > 0) await db.Execute(MoveBooked, new { request.Id, To = to, Ids = db.Ids(booked.Select(b => b.Id)) }, ct);
            var from = $"From {Show.Date(session.StartsAt)}. {reason}";
            if (from.Length > 500) from = from[..500];
            await history.Add([.. booked.Select(b => new Act(b.Id, "Moved to new date", from)), .. waiting.Select(b => new Act(b.Id, "Carried over", from))], ct);
            var before = await db.List<SessionDate>(SessionParts.SelectDates, new { request.Id }, ct);
            await mailbox.Add(await mails.Carried(to, [.. booked.Select(Told)], booked: true, reason, before, ct), ct);
            await mailbox.Add(await mails.Carried(to, [.. waiting.Select(Told)], booked: false, reason, before, ct), ct);
            await allotment.Settle(to, "A waiting list was carried over", null, ct);
            return booked.Concat(waiting).Select(b => b.Id).ToHashSet();
        }

        static BookingMails.Booked Told(Booking b) => new() { Id = b.Id, PersonId = b.PersonId, Reference = b.Reference, Otherwise = b.Otherwise };
    }

    internal sealed record Body(string? Reason, Guid? CarryTo, bool Merge);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/{id:guid}/cancel", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reason, body.CarryTo, body.Merge), ct)).ToHttp())
        .WithName("CancelSession").WithSummary("Cancels a session and tells everyone. With carryTo its waiting list joins that of another session of the course; with merge those who are booked move there too.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ManageCourses);

    sealed record Session {
        public Publication State { get; init; }
        public Guid CourseId { get; init; }
        public DateTime StartsAt { get; init; }
        public int WaitingTail { get; init; }
    }

    sealed record Booking {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid Otherwise { get; init; }
        public string Reference { get; init; } = "";
        public BookingState State { get; init; }
        public bool IsWalkIn { get; init; }
    }

    sealed record Theirs {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public Guid? HoldId { get; init; }
    }
}
