using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>
/// Every night what is planned about the meetings of the next weeks is put right: the authority's closed days may have changed since. A few in one transaction, so that
/// nobody waits for the whole of it.
/// </summary>
internal static class CheckReminders {
    internal static Schedule Schedule => new("forums.check-reminders", "0 20 2 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    // Not an IWrite: each batch is a transaction of its own.
    internal sealed record Command : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, MeetingRounds rounds, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const int Batch = 50;
        const string Select = "SELECT Id FROM forums_Meeting WHERE State = 'Published' AND StartsAt > @Now AND StartsAt <= @Until AND Id > @After ORDER BY Id";

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var (count, after) = (0, Guid.Empty);
            while (true) {
                var ids = await db.List<Guid>(db.Page(Select), new { Now = now, Until = now.AddDays(60), After = after, Skip = 0, Take = Batch }, cancellationToken);
                if (ids.Count == 0) return count;
                await db.Write(() => rounds.Plan(ids, cancellationToken), cancellationToken);
                (count, after) = (count + ids.Count, ids[^1]);
            }
        }
    }
}
