using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Messages;

/// <summary>GOV.UK Notify is asked what became of the messages of which it has not said so by itself: soon after they were taken, then less and less often, for three days.</summary>
static class AskForDeliveries {
    internal static Schedule Schedule => new("platform.ask-for-deliveries", "0 4/5 * * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    // Not an IWrite: it talks to Notify, and what it hears is written by a command of its own.
    internal sealed record Command : IRequest<Outcome<int>>;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, IMediator mediator, IEnumerable<NotifyChannel> channels, TimeProvider clock, ILogger<NotifyChannel> log) : IRequestHandler<Command, Outcome<int>> {
        const int AtOnce = 100;
        // Notify tries for so long.
        static readonly TimeSpan GiveUp = TimeSpan.FromHours(73);
        // The next run goes on where this one stops.
        static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
        const string SelectDue = "SELECT Id, SentAt FROM platform_Message WHERE AskAt IS NOT NULL AND AskAt <= @Now ORDER BY AskAt, Id";
        const string AskAgain = "UPDATE platform_Message SET AskAt = @AskAt WHERE Id = @Id AND AskAt IS NOT NULL";

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            if (channels.FirstOrDefault() is not { } notify) return 0;
            var (began, count) = (clock.GetTimestamp(), 0);
            while (clock.GetElapsedTime(began) < Longest) {
                var now = clock.GetUtcNow().UtcDateTime;
                var due = await db.List<Row>(db.Page(SelectDue), new { Now = now, Skip = 0, Take = AtOnce }, cancellationToken);
                if (due.Count == 0) break;
                var (heard, again) = (new List<RecordDelivery.Heard>(), new List<object>());
                try {
                    foreach (var row in due) {
                        var status = await notify.Find(row.Id, cancellationToken);
                        if (status?.Delivery is { } delivery) heard.Add(new(row.Id, delivery, now));
                        else again.Add(new { row.Id, AskAt = status is null || now - row.SentAt > GiveUp ? (DateTime?)null : now + (now - row.SentAt) });
                    }
                } catch (Exception e) when (e is ChannelDownException or MessageRefusedException or HttpRequestException) {
                    log.LogWarning(e, "GOV.UK Notify could not be asked what became of messages");
                    due = [];
                }
                if (heard.Count > 0) await mediator.Send(new RecordDelivery.Command(heard), cancellationToken);
                if (again.Count > 0) await db.Write(() => db.Execute(AskAgain, again, cancellationToken), _ => true, cancellationToken);
                count += heard.Count;
                if (due.Count < AtOnce) break;
            }
            return count;
        }

        sealed record Row {
            public Guid Id { get; init; }
            public DateTime SentAt { get; init; }
        }
    }
}
