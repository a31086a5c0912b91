using Cpd.Platform.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Jobs;

/// <summary>Degraded when something that runs by the clock should have begun more than ten minutes ago: no host runs it, or it hangs.</summary>
sealed class SchedulesHealth(Db db, TimeProvider clock, ILogger<SchedulesHealth> log) : IHealthCheck {
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);
    const string Select = "SELECT Name FROM platform_Schedule WHERE NextAt < @Late ORDER BY Name";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) {
        var late = await db.List<string>(Select, new { Late = clock.GetUtcNow().UtcDateTime - Grace }, cancellationToken);
        if (late.Count == 0) return HealthCheckResult.Healthy();
        log.LogWarning("Schedules are late: {Schedules}", string.Join(", ", late));
        return HealthCheckResult.Degraded($"Late: {string.Join(", ", late)}.");
    }
}
