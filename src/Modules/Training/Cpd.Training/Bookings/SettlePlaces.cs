using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Cpd.Training.Bookings;

/// <summary>
/// What time alone changes at a session: an offer or a manager's answer is overdue, a limit falls away, places set aside are released,
/// the time for offers is over. Every minute those sessions are served for which such a moment has come.
/// </summary>
internal static class SettlePlaces {
    internal static Schedule Schedule => new("training.settle-places", "20 * * * * ?", (mediator, ct) => mediator.Send(new DueCommand(), ct));

    internal sealed record Command(Guid SessionId) : IRequest<Outcome<Done>>, IWrite;

    /// <summary>All sessions for which a moment has come; gives how many. Each is served in a transaction of its own.</summary>
    internal sealed record DueCommand : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SessionId).NotEmpty();
    }

    internal sealed class Handler(Allotment allotment) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (!await allotment.Lock(request.SessionId, cancellationToken)) return Outcome.NotFound;
            await allotment.Settle(request.SessionId, "The clock", null, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed class DueHandler(Db db, IMediator mediator, TimeProvider clock, ILogger<DueHandler> log) : IRequestHandler<DueCommand, Outcome<int>> {
        const string SelectDue = "SELECT Id FROM training_Session WHERE DueAt <= @Now ORDER BY DueAt, Id";

        public async Task<Outcome<int>> Handle(DueCommand request, CancellationToken cancellationToken) {
            var due = await db.List<Guid>(db.Page(SelectDue), new { Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = 500 }, cancellationToken);
            foreach (var session in due) {
                try {
                    await mediator.Send(new Command(session), cancellationToken);
                } catch (Exception e) when (e is not OperationCanceledException) {
                    // A session whose rows are damaged must not keep all the others waiting.
                    log.LogError(e, "The places of session {Session} could not be given out", session);
                }
            }
            return due.Count;
        }
    }
}
