using MediatR;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Quartz.Impl.AdoJobStore;

namespace Cpd.Platform.Jobs;

/// <summary>A slice that runs by the clock: <paramref name="Cron"/> is Quartz's form with seconds, read in Europe/London. The setting <c>Schedules:{Name}</c> puts another in its place, or "off".</summary>
public sealed record Schedule(string Name, string Cron, Func<IMediator, CancellationToken, Task> Run);

/// <summary>The only folder that names the scheduler. A job is a slice, sent through the mediator in a scope of its own; it must be idempotent.</summary>
static class Schedules {
    static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static void AddSchedules(this IServiceCollection services, IConfiguration configuration, string dataFolder, IReadOnlyList<Schedule> declared) {
        var schedules = Chosen(configuration, declared);
        services.AddSingleton<IReadOnlyList<Schedule>>(schedules);
        services.AddSingleton<ScheduleRuns>();
        if (!configuration.GetValue("Jobs:Enabled", true)) return;
        services.AddHostedService(p => p.GetRequiredService<ScheduleRuns>());
        services.AddQuartz(quartz => {
            quartz.ConfigureScheduler(o => { o.InstanceName = "cpd"; o.GenerateInstanceId = true; });
            quartz.UsePersistentStore(store => {
                // SQLite has one writer and the scheduler refuses to cluster on it, so there it keeps its tables in a file of its own.
                if (configuration["Database:Engine"] == "SqlServer") {
                    store.UseSqlServer(SqlClientFactory.Instance, configuration["Database:ConnectionString"]!);
                    store.UseClustering();
                    // The lock that works by writing a row; the usual one here is a SELECT with lock hints, which some servers take and ignore.
                    store.UseLockHandler<UpdateRowLockHandler>();
                } else {
                    store.UseSqlite(SqliteFactory.Instance, $"Data Source={Path.Combine(dataFolder, "jobs.db")}");
                }
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
            });
            foreach (var schedule in schedules) {
                var key = new JobKey(schedule.Name);
                quartz.AddJob<RunOnSchedule>(job => job.WithIdentity(key).UsingJobData("name", schedule.Name).StoreDurably());
                quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(schedule.Name).WithCronSchedule(schedule.Cron, c => c.InTimeZone(London)));
            }
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }

    /// <summary>When it runs next after a moment (UTC).</summary>
    internal static DateTime Next(string cron, DateTime after) =>
        new CronExpression(cron, London).GetNextValidTimeAfter(new DateTimeOffset(after, TimeSpan.Zero))?.UtcDateTime ?? DateTime.MaxValue;

    /// <summary>The schedules as the settings want them.</summary>
    /// <exception cref="InvalidOperationException">A setting names no schedule, or is no cron expression.</exception>
    static List<Schedule> Chosen(IConfiguration configuration, IReadOnlyList<Schedule> declared) {
        var settings = configuration.GetSection("Schedules").GetChildren().ToDictionary(c => c.Key, c => c.Value ?? "", StringComparer.OrdinalIgnoreCase);
        if (settings.Keys.FirstOrDefault(k => declared.All(s => !s.Name.Equals(k, StringComparison.OrdinalIgnoreCase))) is { } unknown)
            throw new InvalidOperationException($"Schedules:{unknown} names no schedule. There are: {string.Join(", ", declared.Select(s => s.Name).Order(StringComparer.Ordinal))}.");
        var chosen = declared.Select(s => settings.TryGetValue(s.Name, out var cron) ? s with { Cron = cron } : s).Where(s => s.Cron != "off").ToList();
        foreach (var schedule in chosen) {
            try {
                _ = Next(schedule.Cron, DateTime.UnixEpoch);
            } catch (FormatException e) {
                throw new InvalidOperationException($"Schedules:{schedule.Name} is '{schedule.Cron}'; it must be a cron expression with seconds, like \"0 30 2 * * ?\" for half past two every night, or off.", e);
            }
        }
        return chosen;
    }

    [DisallowConcurrentExecution]
    sealed class RunOnSchedule(IReadOnlyList<Schedule> schedules, ScheduleRuns runs) : IJob {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) {
            var name = context.MergedJobDataMap.GetString("name");
            // A schedule that an older version stored and this one no longer has.
            if (schedules.FirstOrDefault(s => s.Name == name) is { } schedule) await runs.Run(schedule, cancellationToken);
        }
    }
}
