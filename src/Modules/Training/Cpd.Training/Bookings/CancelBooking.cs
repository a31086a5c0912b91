using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Charges;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>
/// Someone gives up a booking, or a place in the waiting list, before the session starts: their own, their staff's, or one at a
/// session of their authority. What becomes free goes to those who wait in the same moment. What it costs is agreed to before, and written
/// down at once.
/// </summary>
internal static class CancelBooking {
    /// <param name="Reason">In one's own words; needed where none of the list fits.</param>
    /// <param name="Cause">From the list; what is said only in one's own words is another reason.</param>
    /// <param name="Agreed">The charge in pence that was shown before. A higher one is not made.</param>
    /// <param name="Token">Of the link in a message: its reader cancels the place it names, signed in or not, and <paramref name="Id"/> is not looked at.</param>
    internal sealed record Command(Guid Id, string? Reason, CancelCause? Cause = null, int? Agreed = null, string? Token = null) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Cause).Must((c, cause) => cause is not null || !string.IsNullOrWhiteSpace(c.Reason)).WithMessage("Select why you are cancelling").Must(cause => cause is null || TrainingWording.CancelCauses.Contains(cause.Value)).WithMessage("Select why you are cancelling");
            RuleFor(c => c.Reason).Must((c, reason) => c.Cause != CancelCause.Other || !string.IsNullOrWhiteSpace(reason)).WithMessage("Enter why you are cancelling").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CancelToken tokens, Tariff tariff, Allotment allotment, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.BookedBy, b.State, b.Reference, b.IsWalkIn, b.BookedAt, s.StartsAt, s.AuthorityId AS SessionAuthorityId, h.Id AS HoldId
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
            """;
        const string Cancel = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, CancelCause = @Cause, IsLate = @IsLate, WaitingNumber = NULL
            WHERE Id = @Id AND CancelledAt IS NULL
            """;
        const string Count = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Taken, WaitingCount = WaitingCount - @Waiting WHERE Id = @SessionId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var place = request.Token is null ? null : tokens.Read(request.Token);
            if (request.Token is not null && place is null) return Outcome.NotFound;
            var (id, by) = (place?.BookingId ?? request.Id, place?.PersonId ?? me.PersonId);
            var reach = me.Reach(TrainingPermissions.Book);
            var key = new { Id = id, All = place is not null || reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Row>(Select, key, cancellationToken) is not { } seen) return Outcome.NotFound;
            // First the session, then the booking, as everywhere; what was read before the lock may be gone, so it is read again.
            await allotment.Lock(seen.SessionId, cancellationToken);
            if (await db.One<Row>(Select, key, cancellationToken) is not { } booking || (place is not null && booking.PersonId != place.PersonId)) return Outcome.NotFound;
            if (booking.SessionId != seen.SessionId) return Outcome.Conflict("The booking has been moved to another date meanwhile. Open it again.");
            var now = clock.GetUtcNow().UtcDateTime;
            if (booking.State == BookingState.Cancelled) return Outcome.Conflict("This booking has already been cancelled.");
            if (booking.StartsAt <= now) return Outcome.Conflict("The session has started, so the booking can no longer be cancelled.");

            var gaveUp = booking is { State: BookingState.Booked, IsWalkIn: false };
            var pence = gaveUp ? (await tariff.Terms(booking.SessionAuthorityId, booking.BookedAt, cancellationToken)).For(booking.StartsAt, now) : 0;
            if (pence > (request.Agreed ?? 0)) return Outcome.Conflict($"Cancelling now costs {Show.Money(pence)}. Confirm that before you cancel, or let a colleague take the place.");
            var late = gaveUp && now >= booking.StartsAt.AddHours(-(await tariff.Rules(booking.SessionAuthorityId, cancellationToken)).LateHours);

            // Those who wait are not asked why they leave; whoever gave up a place is.
            var cause = request.Cause ?? CancelCause.Other;
            var reason = Words(cause, request.Reason);
            await db.Execute(Cancel, new { Id = id, Now = now, Me = by, Reason = reason, Cause = gaveUp ? cause.ToString() : null, IsLate = late }, cancellationToken);
            if (pence > 0) await mediator.Send(new MakeCharge.Command(id, ChargeKind.LateCancellation, pence), cancellationToken);
            await history.Add([new Act(id, booking.State == BookingState.Waiting ? "Left waiting list" : late ? "Cancelled late" : "Cancelled", Cut(pence > 0 ? $"{reason}. Charged {Show.Money(pence)}" : reason))], cancellationToken, by);
            await allotment.EndHold([id], "Ended", cancellationToken);
            await db.Execute(Count, new {
                booking.SessionId, Taken = booking.HoldId is not null || booking is { State: BookingState.Booked, IsWalkIn: false } ? 1 : 0, Waiting = booking.State == BookingState.Waiting ? 1 : 0,
            }, cancellationToken);
            await allotment.Settle(booking.SessionId, booking.State == BookingState.Waiting ? "Someone left the waiting list" : "A booking was cancelled", null, cancellationToken);
            var told = new BookingMails.Booked { Id = booking.Id, PersonId = booking.PersonId, Reference = booking.Reference, Otherwise = booking.BookedBy };
            await mailbox.Add(await mails.Cancelled(booking.SessionId, [told], reason, cancellationToken, pence), cancellationToken);
            return Outcome.Done;
        }

        static string Words(CancelCause cause, string? own) =>
            Cut(cause == CancelCause.Other ? own!.Trim() : string.IsNullOrWhiteSpace(own) ? TrainingWording.Of(cause) : $"{TrainingWording.Of(cause)}. {own.Trim()}");

        static string Cut(string text) => text.Length <= 500 ? text : text[..500];
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/bookings/{id:guid}", async (Guid id, string? reason, CancelCause? cause, int? agreed, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, string.IsNullOrWhiteSpace(reason) && cause is null ? "No reason given" : reason, cause, agreed), ct)).ToHttp())
        .WithName("CancelBooking").WithSummary("Cancels a booking before its session starts. The query gives a reason from the list (cause), in one's own words (reason) or both, and the charge in pence that was shown before (agreed): a higher one is refused.")
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
        public DateTime BookedAt { get; init; }
        public Guid SessionAuthorityId { get; init; }
        public Guid? HoldId { get; init; }
        public DateTime StartsAt { get; init; }
    }
}
