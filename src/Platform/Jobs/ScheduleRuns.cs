using System.Collections.Concurrent;
using Cpd.Platform.Data;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Jobs;

/// <summary>
/// Runs schedules, by the clock or because somebody says so, and keeps how it went. The row of a schedule is the claim: it runs on one host at a time, and
/// whoever finds it running leaves it. A run that its host did not survive counts as ended after an hour.
/// </summary>
sealed class ScheduleRuns(IServiceScopeFactory scopes, IReadOnlyList<Schedule> schedules, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ScheduleRuns> log) : IHostedService {
    const string Insert = """
        INSERT INTO platform_Schedule (Name, Cron, NextAt, Failures)
        SELECT @Name, @Cron, @NextAt, 0
        WHERE NOT EXISTS (SELECT 1 FROM platform_Schedule WHERE Name = @Name)
        """;
    const string Change = "UPDATE platform_Schedule SET Cron = @Cron, NextAt = @NextAt WHERE Name = @Name AND Cron <> @Cron";
    const string Forget = "DELETE FROM platform_Schedule WHERE Name NOT IN @Names";
    const string Begin = """
        UPDATE platform_Schedule SET StartedAt = @Now, EndedAt = NULL, NextAt = @NextAt
        WHERE Name = @Name AND (StartedAt IS NULL OR EndedAt IS NOT NULL OR StartedAt < @Lost)
        """;
    const string End = "UPDATE platform_Schedule SET EndedAt = @Now, Failures = CASE WHEN @Error IS NULL THEN 0 ELSE Failures + 1 END, Error = @Error WHERE Name = @Name";

    readonly ConcurrentDictionary<Task, bool> running = new();

    /// <summary>What is started here goes on by itself; this waits for it.</summary>
    internal Task Idle => Task.WhenAll(running.Keys);

    /// <summary>Every schedule has its row, and those that there are no more have none.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => InScope(async db => {
        var now = clock.GetUtcNow().UtcDateTime;
        var rows = schedules.Select(s => new { s.Name, s.Cron, NextAt = Schedules.Next(s.Cron, now) }).ToList();
        await db.Execute(Forget, new { Names = schedules.Select(s => s.Name) }, cancellationToken);
        await db.Execute(Insert, rows, cancellationToken);
        return await db.Execute(Change, rows, cancellationToken);
    }, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Idle.WaitAsync(cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Begins a run that nobody waits for.</summary>
    internal void Start(Schedule schedule) {
        var run = Task.Run(() => Run(schedule, lifetime.ApplicationStopping));
        running[run] = true;
        _ = run.ContinueWith(ended => running.TryRemove(ended, out _), TaskScheduler.Default);
    }

    /// <summary>Never throws: what failed is kept and logged, and runs again at its next time.</summary>
    internal async Task Run(Schedule schedule, CancellationToken ct) {
        try {
            var now = clock.GetUtcNow().UtcDateTime;
            var begin = new { schedule.Name, Now = now, Lost = now.AddHours(-1), NextAt = Schedules.Next(schedule.Cron, now) };
            if (await InScope(db => db.Execute(Begin, begin, ct), ct) == 0) {
                log.LogWarning("Schedule {Schedule} is running already", schedule.Name);
                return;
            }
            string? error = null;
            try {
                await using var scope = scopes.CreateAsyncScope();
                await schedule.Run(scope.ServiceProvider.GetRequiredService<IMediator>(), ct);
                log.LogInformation("Schedule {Schedule} ran", schedule.Name);
            } catch (Exception e) {
                error = e.GetType().Name;
                log.LogError(e, "Schedule {Schedule} failed", schedule.Name);
            }
            await InScope(db => db.Execute(End, new { schedule.Name, Now = clock.GetUtcNow().UtcDateTime, Error = error }, CancellationToken.None), CancellationToken.None);
        } catch (Exception e) {
            log.LogError(e, "Of schedule {Schedule} it could not be written how it ran", schedule.Name);
        }
    }

    async Task<int> InScope(Func<Db, Task<int>> work, CancellationToken ct) {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        return await db.Write(() => work(db), _ => true, ct);
    }
}
