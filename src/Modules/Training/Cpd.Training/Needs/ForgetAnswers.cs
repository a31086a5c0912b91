using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Needs;

/// <summary>Once a night the answers of sessions that ended 30 days ago are removed, and those of bookings that came to nothing. What people let the service remember stays until they erase it.</summary>
internal static class ForgetAnswers {
    internal static Schedule Schedule => new("training.forget-answers", "0 50 3 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Delete = """
            DELETE FROM training_BookingAnswer
            WHERE EXISTS (
                SELECT 1
                FROM training_Booking b
                JOIN training_Session s ON s.Id = b.SessionId
                WHERE b.Id = training_BookingAnswer.BookingId AND (b.CancelledAt IS NOT NULL OR s.EndsAt <= @Before))
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await db.Execute(Delete, new { Before = clock.GetUtcNow().UtcDateTime.AddDays(-ListNeeds.DaysAfter) }, cancellationToken);
            return Outcome.Done;
        }
    }
}
