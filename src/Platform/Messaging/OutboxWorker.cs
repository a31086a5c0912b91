using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using Cpd.Platform.Data;
using Cpd.Platform.Telemetry;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Messaging;

/// <summary>
/// Publishes what the outbox holds, oldest first. Rows are claimed by a guarded UPDATE with a lease, so several hosts share the
/// work; a host that dies leaves its rows to the next one when the lease ends. After eight failures a message is parked and said so.
/// </summary>
public sealed class OutboxWorker(IServiceScopeFactory scopes, OutboxSignal signal, TimeProvider clock, EventTypes types, ILogger<OutboxWorker> log) : BackgroundService {
    const int Batch = 50;
    const int MostAttempts = 8;
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    const string SelectDue = """
        SELECT Id, Type, Payload, Attempts
        FROM platform_Outbox
        WHERE DeliveredAt IS NULL AND ParkedAt IS NULL AND NextAttemptAt <= @Now AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        ORDER BY Id
        """;
    const string Claim = """
        UPDATE platform_Outbox SET ClaimedUntil = @Until, ClaimedBy = @Me
        WHERE Id IN @Ids AND DeliveredAt IS NULL AND ParkedAt IS NULL AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        """;
    const string SelectClaimed = "SELECT Id FROM platform_Outbox WHERE Id IN @Ids AND ClaimedBy = @Me AND ClaimedUntil = @Until";
    const string MarkDelivered = "UPDATE platform_Outbox SET DeliveredAt = @Now, ClaimedUntil = NULL, ClaimedBy = NULL WHERE Id IN @Ids";
    const string MarkFailed = """
        UPDATE platform_Outbox
        SET Attempts = Attempts + 1, NextAttemptAt = @Next, ParkedAt = @Parked, Error = @Error, ClaimedUntil = NULL, ClaimedBy = NULL
        WHERE Id = @Id
        """;

    readonly Guid me = Ids.New(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) {
        while (!stoppingToken.IsCancellationRequested) {
            try {
                while (await DeliverBatch(stoppingToken) > 0) { }
                await signal.Wait(Poll, stoppingToken);
            } catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) {
                return;
            } catch (Exception e) {
                log.LogError(e, "The outbox could not be read; trying again");
                await Task.Delay(Poll, stoppingToken);
            }
        }
    }

    /// <summary>Delivers until nothing is due. For tests and for filling the demonstration, which then read what events have done.</summary>
    public async Task Drain(CancellationToken ct) {
        while (await DeliverBatch(ct) > 0) { }
    }

    async Task<int> DeliverBatch(CancellationToken ct) {
        var claimed = await ClaimDue(ct);
        var delivered = new List<Guid>();
        foreach (var message in claimed) {
            // The type's name is data of an older or newer version: only one that this build knows may become a name.
            var name = types.ShortName(message.Type);
            using var span = Measures.Spans.StartActivity($"deliver {name}", ActivityKind.Consumer);
            try {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<IMediator>().Publish(types.Read(message.Id, message.Type, message.Payload), ct);
                delivered.Add(message.Id);
                Measures.Delivered(name, "delivered");
            } catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested) {
                span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
                Measures.Delivered(name, message.Attempts + 1 >= MostAttempts ? "parked" : "failed");
                await Fail(message, e, ct);
            }
        }
        if (delivered.Count > 0) await InScope(db => db.Execute(MarkDelivered, new { Ids = db.Ids(delivered), Now = Now() }, ct), ct);
        return claimed.Count;
    }

    async Task<IReadOnlyList<Row>> ClaimDue(CancellationToken ct) {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var now = Now();
        // Read first: an idle host must not take the writer's turn.
        var due = await db.List<Row>(db.Page(SelectDue), new { Now = now, Skip = 0, Take = Batch }, ct);
        if (due.Count == 0) return [];
        var claim = new { Ids = db.Ids(due.Select(r => r.Id)), Now = now, Until = now + Lease, Me = me };
        await db.Write(() => db.Execute(Claim, claim, ct), ct);
        var mine = (await db.List<Guid>(SelectClaimed, claim, ct)).ToHashSet();
        return [.. due.Where(r => mine.Contains(r.Id))];
    }

    async Task Fail(Row message, Exception e, CancellationToken ct) {
        var attempts = message.Attempts + 1;
        var park = attempts >= MostAttempts;
        if (park) log.LogError(e, "Event {EventId} of type {EventType} is parked after {Attempts} attempts", message.Id, message.Type, attempts);
        else log.LogWarning(e, "Event {EventId} of type {EventType} failed at attempt {Attempts}", message.Id, message.Type, attempts);
        var wait = TimeSpan.FromSeconds(Math.Pow(2, attempts) + Random.Shared.NextDouble());
        var error = e.GetType().Name + ": " + e.Message;
        await InScope(db => db.Execute(MarkFailed, new {
            message.Id, Next = Now() + wait, Parked = park ? Now() : (DateTime?)null, Error = error[..Math.Min(error.Length, 1000)],
        }, ct), ct);
    }

    async Task InScope(Func<Db, Task> work, CancellationToken ct) {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        await db.Write(() => work(db), ct);
    }

    DateTime Now() => clock.GetUtcNow().UtcDateTime is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)) : default;

    sealed record Row {
        public Guid Id { get; init; }
        public string Type { get; init; } = "";
        public string Payload { get; init; } = "";
        public int Attempts { get; init; }
    }
}

/// <summary>The events this build knows, by full name. A name once written in an outbox is kept for ever.</summary>
public sealed class EventTypes(IEnumerable<Type> events) {
    readonly FrozenDictionary<string, Type> byName = events.ToFrozenDictionary(t => t.FullName!);

    /// <summary>Without the namespace, for people; "unknown" for what no type of this build is called.</summary>
    public string ShortName(string name) => byName.TryGetValue(name, out var type) ? type.Name : "unknown";

    public INotification Read(Guid id, string name, string payload) {
        var type = byName.GetValueOrDefault(name) ?? throw new InvalidOperationException($"No event type is called {name}.");
        var happened = JsonSerializer.Deserialize(payload, type)!;
        return (INotification)Activator.CreateInstance(typeof(Delivery<>).MakeGenericType(type), id, happened)!;
    }
}
