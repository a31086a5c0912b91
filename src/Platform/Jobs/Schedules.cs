using MediatR;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;
using Quartz.Impl.AdoJobStore;

namespace Cpd.Platform.Jobs;

/// <summary>A slice that runs by the clock: <paramref name="Cron"/> is Quartz's form with seconds, read in Europe/London.</summary>
public sealed record Schedule(string Name, string Cron, Func<IMediator, CancellationToken, Task> Run);

/// <summary>The only folder that names the scheduler. A job is a slice, sent through the mediator in a scope of its own; it must be idempotent.</summary>
static class Schedules {
    public static void AddSchedules(this IServiceCollection services, IConfiguration configuration, string dataFolder, IReadOnlyList<Schedule> schedules) {
        if (!configuration.GetValue("Jobs:Enabled", true)) return;
        services.AddSingleton(schedules);
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
                quartz.AddJob<SendOnSchedule>(job => job.WithIdentity(key).UsingJobData("name", schedule.Name).StoreDurably());
                quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(schedule.Name)
                    .WithCronSchedule(schedule.Cron, c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/London"))));
            }
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }

    [DisallowConcurrentExecution]
    sealed class SendOnSchedule(IReadOnlyList<Schedule> schedules, IServiceScopeFactory scopes, ILogger<SendOnSchedule> log) : IJob {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) {
            var name = context.MergedJobDataMap.GetString("name");
            // A schedule that an older version stored and this one no longer has.
            if (schedules.FirstOrDefault(s => s.Name == name) is not { } schedule) return;
            await using var scope = scopes.CreateAsyncScope();
            await schedule.Run(scope.ServiceProvider.GetRequiredService<IMediator>(), cancellationToken);
            log.LogInformation("Schedule {Schedule} ran", name);
        }
    }
}
