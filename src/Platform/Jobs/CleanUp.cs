using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Jobs;

/// <summary>Once a night, what the platform has finished with is removed: delivered events and sent messages after 30 days, kept answers after theirs.</summary>
static class CleanUp {
    internal static IEnumerable<Schedule> Schedules =>
        [new("platform.clean-up", "0 15 3 * * ?", async (mediator, ct) => {
            await mediator.Send(new Command(), ct);
            await mediator.Send(new RemoveOldAnswers.Command(), ct);
        }), CountRows.Schedule, AskForDeliveries.Schedule];

    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string DeleteReceipts = """
            DELETE FROM platform_OutboxDelivery
            WHERE EventId IN (SELECT Id FROM platform_Outbox WHERE DeliveredAt < @Before)
            """;
        const string DeleteEvents = "DELETE FROM platform_Outbox WHERE DeliveredAt < @Before";
        const string DeleteMessages = "DELETE FROM platform_Message WHERE State IN ('Sent', 'Cancelled') AND DueAt < @Before";
        const string DeleteUse = "DELETE FROM platform_ChannelUse WHERE StartsAt < @Before";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var before = new { Before = clock.GetUtcNow().UtcDateTime.AddDays(-30) };
            await db.Execute(DeleteReceipts, before, cancellationToken);
            await db.Execute(DeleteEvents, before, cancellationToken);
            await db.Execute(DeleteMessages, before, cancellationToken);
            await db.Execute(DeleteUse, before, cancellationToken);
            return Outcome.Done;
        }
    }
}
