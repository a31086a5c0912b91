using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Charges;

/// <summary>
/// What a late cancellation or a missed session costs is written down once, at the moment it arises, and the amount never changes. A
/// session that is cancelled, a place handed to a colleague and a booking moved to another date cost nothing.
/// </summary>
internal static class MakeCharge {
    internal sealed record Command(Guid BookingId, ChargeKind Kind, int Pence) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.BookingId).NotEmpty();
            RuleFor(c => c.Pence).GreaterThan(0);
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = """
            INSERT INTO training_Charge (Id, BookingId, SessionId, AuthorityId, SettingId, PersonId, Kind, Pence, State, MadeAt, Reason)
            SELECT @Id, b.Id, b.SessionId, s.AuthorityId, b.SettingId, b.PersonId, @Kind, @Pence, 'Due', @Now, ''
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE b.Id = @BookingId AND NOT EXISTS (SELECT 1 FROM training_Charge c WHERE c.BookingId = b.Id)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await db.Execute(Insert, new { Id = Ids.New(clock), request.BookingId, Kind = request.Kind.ToString(), request.Pence, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);
            return Outcome.Done;
        }
    }
}
