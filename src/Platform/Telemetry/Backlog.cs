using System.Diagnostics.Metrics;
using Cpd.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Telemetry;

/// <summary>
/// What waits in the database, read every 15 seconds while telemetry is on. Every host of a database tells the same figures: take their
/// maximum, not their sum.
/// </summary>
sealed class Backlog : BackgroundService {
    const string SelectOutbox = """
        SELECT COUNT(*) AS Waiting, MIN(OccurredAt) AS Since, SUM(CASE WHEN ParkedAt IS NOT NULL THEN 1 ELSE 0 END) AS Parked
        FROM platform_Outbox
        WHERE DeliveredAt IS NULL
        """;
    const string SelectMessages = """
        SELECT COUNT(*) AS Waiting, MIN(DueAt) AS Since, 0 AS Parked
        FROM platform_Message
        WHERE State = 'Due' AND Priority IN (0, 1, 2, 3) AND DueAt <= @Now
        """;
    static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    readonly IServiceScopeFactory scopes;
    readonly TimeProvider clock;
    readonly ILogger<Backlog> log;
    Figures? outbox, messages;

    public Backlog(IServiceScopeFactory scopes, TimeProvider clock, IMeterFactory meters, ILogger<Backlog> log) {
        (this.scopes, this.clock, this.log) = (scopes, clock, log);
        var meter = meters.Create(Measures.Name);
        meter.CreateObservableGauge("cpd.outbox.waiting", () => Told(outbox?.Waiting), "{event}", "Events that are not delivered yet, parked ones among them");
        meter.CreateObservableGauge("cpd.outbox.parked", () => Told(outbox?.Parked), "{event}", "Events that failed too often and wait for somebody to look at them");
        meter.CreateObservableGauge("cpd.outbox.age", () => Told(Age(outbox)), "s", "How long the oldest undelivered event has waited");
        meter.CreateObservableGauge("cpd.messages.due", () => Told(messages?.Waiting), "{message}", "Messages that are due and not sent");
        meter.CreateObservableGauge("cpd.messages.age", () => Told(Age(messages)), "s", "How long the oldest due message has waited");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) {
        using var timer = new PeriodicTimer(Every);
        do {
            try {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<Db>();
                outbox = await db.One<Figures>(SelectOutbox, null, stoppingToken);
                messages = await db.One<Figures>(SelectMessages, new { Now = clock.GetUtcNow().UtcDateTime }, stoppingToken);
            } catch (Exception e) when (!stoppingToken.IsCancellationRequested) {
                // A figure that can't be read is left out; an old one would look like a quiet service.
                outbox = messages = null;
                log.LogWarning(e, "What waits could not be read for telemetry");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    double? Age(Figures? figures) => figures is null ? null : figures.Since is { } since ? (clock.GetUtcNow().UtcDateTime - since).TotalSeconds : 0;

    static IEnumerable<Measurement<T>> Told<T>(T? value) where T : struct => value is { } known ? [new(known)] : [];

    sealed record Figures {
        public int Waiting { get; init; }
        public DateTime? Since { get; init; }
        public int Parked { get; init; }
    }
}
