using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>
/// Every night what is planned about sessions of the next weeks, and about those with an open register, is put right: the authority's calendar may have
/// changed since, and sessions from before there were reminders get theirs. A few in one transaction, so that nobody waits for the whole of it.
/// </summary>
internal static class CheckReminders {
    internal static Schedule Schedule => new("training.check-reminders", "0 10 2 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    // Not an IWrite: each batch is a transaction of its own.
    internal sealed record Command : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, SessionRounds rounds, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const int Batch = 50;
        const string Select = """
            SELECT Id FROM training_Session
            WHERE State = 'Published' AND StartsAt <= @Until AND (StartsAt > @Now OR (RegisterClosedAt IS NULL AND EndsAt > @Since)) AND Id > @After
            ORDER BY Id
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var (count, after) = (0, Guid.Empty);
            while (true) {
                var ids = await db.List<Guid>(db.Page(Select), new { Now = now, Until = now.AddDays(60), Since = now.AddDays(-30), After = after, Skip = 0, Take = Batch }, cancellationToken);
                if (ids.Count == 0) return count;
                await db.Write(() => rounds.Plan(ids, cancellationToken), cancellationToken);
                (count, after) = (count + ids.Count, ids[^1]);
            }
        }
    }
}
