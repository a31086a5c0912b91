using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Bookings;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>An officer calls off a session: every booking of it is cancelled and everyone is told why.</summary>
internal static class CancelSession {
    internal sealed record Command(Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why the session is cancelled").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Session
            SET State = 'Cancelled', CancelledAt = @Now, CancelReason = @Reason, PlacesTaken = 0, WaitingCount = 0, Version = Version + 1
            WHERE Id = @Id AND State <> 'Cancelled' AND RegisterClosedAt IS NULL AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectState = "SELECT State FROM training_Session WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectBooked = "SELECT Id, PersonId, Reference FROM training_Booking WHERE SessionId = @Id AND CancelledAt IS NULL ORDER BY Id";
        const string CancelBookings = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason
            WHERE SessionId = @Id AND CancelledAt IS NULL
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var row = new {
                request.Id, Reason = request.Reason!.Trim(), Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities),
            };
            if (await db.Execute(Update, row, cancellationToken) == 0) {
                return await db.One<string>(SelectState, row, cancellationToken) switch {
                    null => Outcome.NotFound,
                    nameof(Publication.Cancelled) => Outcome.Conflict("The session has already been cancelled."),
                    _ => Outcome.Conflict("The register is closed: the session has taken place."),
                };
            }
            var booked = await db.List<BookingMails.Booked>(SelectBooked, row, cancellationToken);
            await db.Execute(CancelBookings, row, cancellationToken);
            await history.Add([.. booked.Select(b => new Act(b.Id, "Session cancelled", row.Reason))], cancellationToken);
            await mailbox.Add(await mails.SessionCancelled(request.Id, booked, row.Reason, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }
}
