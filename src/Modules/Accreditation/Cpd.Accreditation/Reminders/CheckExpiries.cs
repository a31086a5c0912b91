using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Reminders;

/// <summary>
/// Every night the certificates that run out in the next hundred days get the reminders that they do not have yet: those that were issued before there
/// were any. What is planned is left alone. A few in one transaction.
/// </summary>
internal static class CheckExpiries {
    internal static Schedule Schedule => new("accreditation.check-expiries", "0 20 2 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    // Not an IWrite: each batch is a transaction of its own.
    internal sealed record Command : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const int Batch = 200;
        const string Select = """
            SELECT Id, PersonId, AuthorityId, ValidUntil FROM accreditation_Certificate
            WHERE RevokedAt IS NULL AND ValidUntil >= @Today AND ValidUntil <= @Until AND Id > @After
            ORDER BY Id
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var today = London.Day(now);
            var (count, after) = (0, Guid.Empty);
            while (true) {
                var ending = await db.List<Row>(db.Page(Select), new { Today = today, Until = today.AddDays(100), After = after, Skip = 0, Take = Batch }, cancellationToken);
                if (ending.Count == 0) return count;
                await db.Write(() => mailbox.Plan(ending.SelectMany(c => RemindOfExpiry.Plan(c.Id, c.PersonId, c.AuthorityId, c.ValidUntil, now)), cancellationToken), cancellationToken);
                (count, after) = (count + ending.Count, ending[^1].Id);
            }
        }

        sealed record Row {
            public Guid Id { get; init; }
            public Guid PersonId { get; init; }
            public Guid AuthorityId { get; init; }
            public DateOnly ValidUntil { get; init; }
        }
    }
}
