using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Changes;

/// <summary>
/// Someone who moves to another date has a place there, so the one they had is given up and goes to those who wait for it. Nothing is
/// charged. Who got the place from the waiting list keeps both for a minute at most: it takes the rows of both sessions, in an order
/// that the list of one of them, already locked when it gives places out, could not keep.
/// </summary>
internal static class ReleaseMoved {
    internal static Schedule Schedule => new("training.release-moved", "40 * * * * ?", (mediator, ct) => mediator.Send(new DueCommand(), ct));

    /// <param name="Id">The booking at the new date. Does nothing when it has no place yet, or the old one is gone, begun or somebody else's.</param>
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    /// <summary>All for whom it is time; gives how many. Each in a transaction of its own.</summary>
    internal sealed record DueCommand : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, Allotment allotment, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT n.SessionId, n.PersonId, n.BookedBy, n.Reference, n.State, t.StartsAt AS NewStartsAt, o.Id AS OldId, o.SessionId AS OldSessionId, o.PersonId AS OldPersonId, o.Reference AS OldReference, o.State AS OldState, o.IsWalkIn, o.Attendance, s.StartsAt
            FROM training_Booking n
            JOIN training_Session t ON t.Id = n.SessionId
            JOIN training_Booking o ON o.Id = n.MovesFrom
            JOIN training_Session s ON s.Id = o.SessionId
            WHERE n.Id = @Id
            """;
        const string GiveUp = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, CancelCause = 'Moved', MovedTo = @Id
            WHERE Id = @OldId AND State = 'Booked'
            """;
        const string Unlink = "UPDATE training_Booking SET MovesFrom = NULL WHERE Id = @Id";
        // What was answered for the other date holds here too, unless it has been answered anew.
        const string TakeAnswers = """
            UPDATE training_BookingAnswer SET BookingId = @Id
            WHERE BookingId = @OldId AND NOT EXISTS (SELECT 1 FROM training_BookingAnswer a WHERE a.BookingId = @Id AND a.Kind = training_BookingAnswer.Kind)
            """;
        const string Count = "UPDATE training_Session SET PlacesTaken = PlacesTaken - 1 WHERE Id = @OldSessionId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Pair>(Select, request, cancellationToken) is not { } seen) return Outcome.Done;
            await allotment.Lock(seen.SessionId, seen.OldSessionId, cancellationToken);
            var now = clock.GetUtcNow().UtcDateTime;
            // A merge may have carried one of them to another session between the two readings; the next minute comes.
            if (await db.One<Pair>(Select, request, cancellationToken) is not { State: BookingState.Booked, OldState: BookingState.Booked, IsWalkIn: false, Attendance: null } pair
                || pair.OldPersonId != pair.PersonId || pair.StartsAt <= now || pair.SessionId != seen.SessionId || pair.OldSessionId != seen.OldSessionId) return Outcome.Done;
            var reason = $"Moved to {Show.Date(pair.NewStartsAt)}: reference {pair.Reference}";
            await db.Execute(GiveUp, new { pair.OldId, request.Id, Now = now, Me = me.PersonId, Reason = reason }, cancellationToken);
            await db.Execute(Unlink, request, cancellationToken);
            await db.Execute(TakeAnswers, new { request.Id, pair.OldId }, cancellationToken);
            await db.Execute(Count, new { pair.OldSessionId }, cancellationToken);
            await history.Add([new Act(pair.OldId, "Moved away", reason)], cancellationToken);
            await mailbox.Add(await mails.MovedHere(pair.SessionId, new() { Id = request.Id, PersonId = pair.PersonId, Reference = pair.Reference, Otherwise = pair.BookedBy }, pair.StartsAt, cancellationToken), cancellationToken);
            await mailbox.Add(await mails.MovedAway(pair.OldSessionId, new() { Id = pair.OldId, PersonId = pair.PersonId, Reference = pair.OldReference }, pair.NewStartsAt, cancellationToken), cancellationToken);
            await allotment.Settle(pair.OldSessionId, "A booking was moved away", null, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed class DueHandler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<DueCommand, Outcome<int>> {
        const string SelectDue = """
            SELECT n.Id
            FROM training_Booking n
            JOIN training_Booking o ON o.Id = n.MovesFrom
            JOIN training_Session s ON s.Id = o.SessionId
            WHERE n.MovesFrom IS NOT NULL AND n.State = 'Booked' AND o.State = 'Booked' AND o.PersonId = n.PersonId AND o.IsWalkIn = 0 AND o.Attendance IS NULL AND s.StartsAt > @Now
            ORDER BY n.Id
            """;

        public async Task<Outcome<int>> Handle(DueCommand request, CancellationToken cancellationToken) {
            var due = await db.List<Guid>(db.Page(SelectDue), new { Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = 500 }, cancellationToken);
            foreach (var id in due) await mediator.Send(new Command(id), cancellationToken);
            return due.Count;
        }
    }

    sealed record Pair {
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid BookedBy { get; init; }
        public string Reference { get; init; } = "";
        public BookingState State { get; init; }
        public DateTime NewStartsAt { get; init; }
        public Guid OldId { get; init; }
        public Guid OldSessionId { get; init; }
        public Guid OldPersonId { get; init; }
        public string OldReference { get; init; } = "";
        public BookingState OldState { get; init; }
        public bool IsWalkIn { get; init; }
        public Attendance? Attendance { get; init; }
        public DateTime StartsAt { get; init; }
    }
}
