using Cpd.Platform.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cpd.Platform.Web;

/// <summary>Ready means: the database answers and has every migration that this build knows.</summary>
sealed class DatabaseHealth(Migrator migrator) : IHealthCheck {
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await migrator.Pending(cancellationToken)).Count is var pending and > 0
            ? HealthCheckResult.Unhealthy($"{pending} migrations are missing.") : HealthCheckResult.Healthy();
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
