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
/// A manager approves that one of their staff takes part, or refuses with a reason. Approved, the place that is held becomes theirs; who
/// still waits for one can have it from now on. Refused, the place goes to the next person.
/// </summary>
internal static class ApproveBooking {
    internal sealed record Command(Guid Id, bool? Approves, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Approves).NotNull().WithMessage("Select whether you approve");
            RuleFor(c => c.Reason).Must((c, reason) => c.Approves != false || !string.IsNullOrWhiteSpace(reason)).WithMessage("Enter why you do not approve").MaximumLength(400).WithMessage("The reason must be 400 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, Allotment allotment, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.BookedBy AS Otherwise, b.Reference, b.State, b.Approval, h.Kind, h.ExpiresAt
            FROM training_Booking b
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.Id = @Id AND b.Approval IS NOT NULL AND (@All = 1 OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities)
            """;
        const string Give = """
            UPDATE training_Booking SET Approval = 'Given', State = @State, PromotedAt = @PromotedAt, WaitingNumber = CASE WHEN @State = 'Booked' THEN NULL ELSE WaitingNumber END
            WHERE Id = @Id AND State = 'Waiting'
            """;
        const string Refuse = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, WaitingNumber = NULL
            WHERE Id = @Id AND State = 'Waiting'
            """;
        const string Count = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Taken, WaitingCount = WaitingCount - @Waiting WHERE Id = @SessionId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ApproveBookings);
            var key = new { request.Id, All = reach.All ? 1 : 0, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Entry>(Select, key, cancellationToken) is not { } seen) return Outcome.NotFound;
            await allotment.Lock(seen.SessionId, cancellationToken);
            var entry = (await db.One<Entry>(Select, key, cancellationToken))!;
            var now = clock.GetUtcNow().UtcDateTime;
            if (entry.State == BookingState.Cancelled || entry.ExpiresAt <= now) return Outcome.Conflict("The request has come to an end: the place is no longer held.");
            if (entry.Approval == Approval.Given) return request.Approves == true ? Outcome.Done : Outcome.Conflict("It has been approved already. Cancel the booking instead.");

            var told = new BookingMails.Booked { Id = entry.Id, PersonId = entry.PersonId, Reference = entry.Reference, Otherwise = entry.Otherwise };
            if (request.Approves == true) {
                var held = entry.Kind == HoldKind.Approval;
                await allotment.EndHold(held ? [entry.Id] : [], "Taken", cancellationToken);
                await db.Execute(Give, new { entry.Id, State = (held ? BookingState.Booked : BookingState.Waiting).ToString(), PromotedAt = held ? now : (DateTime?)null }, cancellationToken);
                await db.Execute(Count, new { entry.SessionId, Taken = 0, Waiting = held ? 1 : 0 }, cancellationToken);
                await history.Add([new Act(entry.Id, "Approved")], cancellationToken);
                await mailbox.Add(await mails.Approved(entry.SessionId, [told], held, cancellationToken), cancellationToken);
            } else {
                var reason = request.Reason!.Trim();
                await allotment.EndHold([entry.Id], "Declined", cancellationToken);
                await db.Execute(Refuse, new { entry.Id, Now = now, Me = me.PersonId, Reason = "Not approved: " + reason }, cancellationToken);
                await db.Execute(Count, new { entry.SessionId, Taken = entry.Kind is null ? 0 : 1, Waiting = 1 }, cancellationToken);
                await history.Add([new Act(entry.Id, "Not approved", reason)], cancellationToken);
                await mailbox.Add(await mails.NotApproved(entry.SessionId, [told], "Your manager did not approve: " + reason, cancellationToken), cancellationToken);
            }
            await allotment.Settle(entry.SessionId, request.Approves == true ? "A manager approved" : "A manager did not approve", null, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(bool? Approves, string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id:guid}/approval", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Approves, body.Reason), ct)).ToHttp())
        .WithName("ApproveBooking").WithSummary("Approves that a member of staff takes part, or refuses with a reason.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ApproveBookings);

    sealed record Entry {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid Otherwise { get; init; }
        public string Reference { get; init; } = "";
        public BookingState State { get; init; }
        public Approval? Approval { get; init; }
        public HoldKind? Kind { get; init; }
        public DateTime? ExpiresAt { get; init; }
    }
}
