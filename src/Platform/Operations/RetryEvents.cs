using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Operations;

/// <summary>An administrator has one parked event, or all, delivered again; whoever has heard it already changes nothing.</summary>
static class RetryEvents {
    /// <param name="Id">Null for all.</param>
    internal sealed record Command(Guid? Id) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, OutboxSignal signal, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Update = "UPDATE platform_Outbox SET ParkedAt = NULL, Attempts = 0, NextAttemptAt = @Now, Error = NULL WHERE ParkedAt IS NOT NULL AND (@Id IS NULL OR Id = @Id)";

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var count = await db.Execute(Update, new { request.Id, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);
            if (count == 0 && request.Id is not null) return Outcome.NotFound;
            db.AfterCommit(signal.Wake);
            return count;
        }
    }
}
