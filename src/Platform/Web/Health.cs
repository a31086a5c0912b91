using System.Data.Common;
using Cpd.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cpd.Platform.Web;

/// <summary>Ready means: the database answers and has every migration that this build knows.</summary>
sealed class DatabaseHealth(Migrator migrator) : IHealthCheck {
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await migrator.Pending(cancellationToken)).Count is var pending and > 0
            ? HealthCheckResult.Unhealthy($"{pending} migrations are missing.") : HealthCheckResult.Healthy();
}

/// <summary>
/// Degraded when nothing can be written (the disk is full or broken). Not unhealthy: what reads goes on, and every host on that disk
/// would be taken out at once. It really writes, at most every two seconds whoever asks, since anyone may.
/// </summary>
sealed class WriteHealth(IServiceScopeFactory scopes, TimeProvider clock) : IHealthCheck, IDisposable {
    static readonly TimeSpan Often = TimeSpan.FromSeconds(2);
    // A row that comes and goes in one transaction: nobody sees it, and the page still has to reach the disk. An update that changes
    // nothing would not: SQLite compares and leaves the page alone.
    const string Come = "INSERT INTO platform_OutboxDelivery (EventId, Handler, DeliveredAt) VALUES (@Id, 'health', @Now)";
    const string Go = "DELETE FROM platform_OutboxDelivery WHERE EventId = @Id AND Handler = 'health'";

    readonly SemaphoreSlim turn = new(1, 1);
    (long At, HealthCheckResult Result)? last;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) {
        await turn.WaitAsync(cancellationToken);
        try {
            if (last is { } known && clock.GetElapsedTime(known.At) < Often) return known.Result;
            var result = await Try(cancellationToken);
            last = (clock.GetTimestamp(), result);
            return result;
        } finally {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    async Task<HealthCheckResult> Try(CancellationToken ct) {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        try {
            var row = new { Id = Ids.New(clock), Now = clock.GetUtcNow().UtcDateTime };
            await db.Write(async () => {
                await db.Execute(Come, row, ct);
                await db.Execute(Go, row, ct);
            }, ct);
            return HealthCheckResult.Healthy();
        } catch (DbException e) {
            return HealthCheckResult.Degraded("Nothing can be written to the database.", e);
        }
    }
}

/// <summary>Degraded when an event has waited over five minutes or was parked: what one module said, another has not heard.</summary>
sealed class OutboxHealth(Db db, TimeProvider clock) : IHealthCheck {
    const string Select = """
        SELECT SUM(CASE WHEN ParkedAt IS NOT NULL THEN 1 ELSE 0 END) AS Parked,
               SUM(CASE WHEN ParkedAt IS NULL AND OccurredAt < @Late THEN 1 ELSE 0 END) AS Late
        FROM platform_Outbox
        WHERE DeliveredAt IS NULL
        """;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) {
        var row = await db.One<Row>(Select, new { Late = clock.GetUtcNow().UtcDateTime.AddMinutes(-5) }, cancellationToken) ?? new();
        return row.Parked + row.Late > 0
            ? HealthCheckResult.Degraded($"{row.Parked} events are parked and {row.Late} have waited over five minutes.") : HealthCheckResult.Healthy();
    }

    sealed record Row {
        public int Parked { get; init; }
        public int Late { get; init; }
    }
}
