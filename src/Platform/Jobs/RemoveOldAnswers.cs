using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Jobs;

/// <summary>Kept answers whose 24 hours are over are removed, a few hundred in one transaction, so that nobody who writes waits for the whole of it.</summary>
static class RemoveOldAnswers {
    // Not an IWrite: each batch is a transaction of its own.
    internal sealed record Command : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const int Batch = 500;
        const string SelectExpired = "SELECT Id FROM platform_KeptAnswer WHERE ExpiresAt <= @Now ORDER BY ExpiresAt, Id";
        const string Delete = "DELETE FROM platform_KeptAnswer WHERE Id IN @Ids AND ExpiresAt <= @Now";

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            for (var removed = 0; ;) {
                var expired = await db.List<Guid>(db.Page(SelectExpired), new { Now = now, Skip = 0, Take = Batch }, cancellationToken);
                if (expired.Count == 0) return removed;
                var ids = db.Ids(expired);
                await db.Write(() => db.Execute(Delete, new { Ids = ids, Now = now }, cancellationToken), cancellationToken);
                removed += expired.Count;
            }
        }
    }
}
