using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>
/// Someone gives up a booking, or a place in the waiting list, before the session starts: their own, their staff's, or one at a
/// session of their authority. What becomes free goes to those who wait in the same moment.
/// </summary>
internal static class CancelBooking {
    internal sealed record Command(Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why you are cancelling").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, Allotment allotment, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.BookedBy, b.State, b.Reference, b.IsWalkIn, s.StartsAt, h.Id AS HoldId
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
            """;
        const string Cancel = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, WaitingNumber = NULL
            WHERE Id = @Id AND CancelledAt IS NULL
            """;
        const string Count = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Taken, WaitingCount = WaitingCount - @Waiting WHERE Id = @SessionId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            var key = new { request.Id, All = reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Row>(Select, key, cancellationToken) is not { } seen) return Outcome.NotFound;
            // First the session, then the booking, as everywhere; what was read before the lock may be gone, so it is read again.
            await allotment.Lock(seen.SessionId, cancellationToken);
            var booking = (await db.One<Row>(Select, key, cancellationToken))!;
            var now = clock.GetUtcNow().UtcDateTime;
            if (booking.State == BookingState.Cancelled) return Outcome.Conflict("This booking has already been cancelled.");
            if (booking.StartsAt <= now) return Outcome.Conflict("The session has started, so the booking can no longer be cancelled.");

            var reason = request.Reason!.Trim();
            await db.Execute(Cancel, new { request.Id, Now = now, Me = me.PersonId, Reason = reason }, cancellationToken);
            await history.Add([new Act(request.Id, booking.State == BookingState.Waiting ? "Left waiting list" : "Cancelled", reason)], cancellationToken);
            await allotment.EndHold([request.Id], "Ended", cancellationToken);
            await db.Execute(Count, new {
                booking.SessionId, Taken = booking.HoldId is not null || booking is { State: BookingState.Booked, IsWalkIn: false } ? 1 : 0, Waiting = booking.State == BookingState.Waiting ? 1 : 0,
            }, cancellationToken);
            await allotment.Settle(booking.SessionId, booking.State == BookingState.Waiting ? "Someone left the waiting list" : "A booking was cancelled", null, cancellationToken);
            var told = new BookingMails.Booked { Id = booking.Id, PersonId = booking.PersonId, Reference = booking.Reference, Otherwise = booking.BookedBy };
            await mailbox.Add(await mails.Cancelled(booking.SessionId, [told], reason, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/bookings/{id:guid}", async (Guid id, string? reason, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, string.IsNullOrWhiteSpace(reason) ? "No reason given" : reason), ct)).ToHttp())
        .WithName("CancelBooking").WithSummary("Cancels a booking before its session starts. A reason may be given in the query.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.Book);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid BookedBy { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public bool IsWalkIn { get; init; }
        public Guid? HoldId { get; init; }
        public DateTime StartsAt { get; init; }
    }
}
