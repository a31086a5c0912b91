using System.Text.Json;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Platform.Messaging;

/// <summary>
/// Something that has happened, told to other modules. A record in the owner's Contracts, named in the past tense; fields are
/// only ever added. Delivered at least once, oldest first but with no promise across retries: carry a revision where order matters.
/// </summary>
public interface IEvent;

/// <summary>An event on its way to its handlers.</summary>
public sealed record Delivery<T>(Guid Id, T Event) : INotification where T : IEvent;

/// <summary>Writes events in the caller's transaction; they are published after it commits, and vanish with it if it does not.</summary>
public sealed class Outbox(Db db, TimeProvider clock, OutboxSignal signal) {
    const string Insert = "INSERT INTO platform_Outbox (Id, Type, Payload, OccurredAt, NextAttemptAt, Attempts) VALUES (@Id, @Type, @Payload, @Now, @Now, 0)";

    public async Task Add(IEvent happened, CancellationToken ct) => await Add([happened], ct);

    public async Task Add(IEnumerable<IEvent> happened, CancellationToken ct) {
        if (!db.IsWriting) throw new InvalidOperationException("An event is written in the transaction of its cause.");
        var now = clock.GetUtcNow().UtcDateTime;
        await db.Execute(Insert, happened.Select(e => new {
            Id = Ids.New(clock), Type = e.GetType().FullName, Payload = JsonSerializer.Serialize(e, e.GetType()), Now = now,
        }).ToList(), ct);
        db.AfterCommit(signal.Wake);
    }
}

/// <summary>
/// A reaction to another module's event. The effect and the receipt of the delivery commit together, so that a second delivery
/// of the same event changes nothing. Reactions are named When{Event}.
/// </summary>
public abstract class Reaction<T>(Db db, TimeProvider clock) : INotificationHandler<Delivery<T>> where T : IEvent {
    const string Receipt = """
        INSERT INTO platform_OutboxDelivery (EventId, Handler, DeliveredAt)
        SELECT @EventId, @Handler, @Now
        WHERE NOT EXISTS (SELECT 1 FROM platform_OutboxDelivery WHERE EventId = @EventId AND Handler = @Handler)
        """;

    protected abstract Task React(T happened, CancellationToken ct);

    async Task INotificationHandler<Delivery<T>>.Handle(Delivery<T> notification, CancellationToken cancellationToken) =>
        await db.Write(async () => {
            var receipt = new { EventId = notification.Id, Handler = GetType().FullName, Now = clock.GetUtcNow().UtcDateTime };
            if (await db.Execute(Receipt, receipt, cancellationToken) == 1) await React(notification.Event, cancellationToken);
        }, cancellationToken);
}
