using System.Reflection;
using System.Threading.RateLimiting;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Telemetry;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cpd.Platform;

/// <summary>Puts the platform's services together for the host.</summary>
public static class PlatformSetup {
    /// <summary>The rate limit of pages on which somebody could try secrets (sign-in, links, certificate numbers): per network address.</summary>
    public const string Attempts = "attempts";
    /// <summary>The rate limit of the addresses that calendars read: per network address, and wide, since one of Google's or Microsoft's reads for thousands. Their secrets have 256 bits.</summary>
    public const string Feeds = "feeds";

    public static void AddPlatform(this IServiceCollection services, IConfiguration configuration, string dataFolder, IReadOnlyList<IModule> modules, IReadOnlyList<Migration> migrations, Matrix matrix, bool demo = false) {
        SqlTypes.Register();
        var options = new DatabaseOptions();
        configuration.GetSection("Database").Bind(options);
        services.AddSingleton(_ => Dialect.For(options, dataFolder));
        if (EmbeddedFile.Of(options, dataFolder) is { } file) services.AddSingleton(_ => HostLock.Share(file));
        services.AddSingleton(migrations);
        services.AddSingleton<Migrator>();
        services.AddScoped<Db>();
        services.TryAddSingleton(TimeProvider.System);

        SharedKeys.Add(services, configuration, dataFolder);
        services.AddSingleton(matrix);
        services.AddScoped<CurrentUser>();
        services.AddScoped<PageFrame>();
        services.AddScoped<KeptAnswers>();
        services.AddSingleton<Site>();
        services.AddPublicPages(configuration);
        services.AddPageCompression();

        services.AddSingleton(modules);
        services.AddMessaging(Assemblies(modules));
        services.AddScoped<Mailbox>();
        services.AddSingleton<PostMaker>();
        services.AddSingleton<RefusalToken>();
        services.AddScoped<Refusals>();
        services.AddSingleton(new LetterKinds(modules.SelectMany(m => m.Letters)));
        services.AddScoped<Appointments>();
        services.AddScoped<CalendarFeeds>();
        services.AddScoped<DueTable>();
        services.AddScoped<DeadAddresses>();
        services.AddScoped<Deliveries>();
        services.Scan(scan => scan.FromAssemblies(Assemblies(modules)).AddClasses(c => c.AssignableTo<IReminder>(), publicOnly: false).As<IReminder>().WithScopedLifetime());
        services.AddSingleton(SendingOptions.Read(configuration, dataFolder));
        services.AddSingleton<MailSignal>();
        services.AddChannels(configuration, dataFolder, demo);
        services.AddSingleton<MailWorker>();
        services.AddHostedService(p => p.GetRequiredService<MailWorker>());
        services.AddSchedules(configuration, dataFolder, [.. modules.SelectMany(m => m.Schedules)]);
        services.AddTelemetry(configuration);
        // What a program sends wrongly is answered with 400 everywhere; in development the framework would throw instead.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);
        services.AddSingleton<WriteHealth>();
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database")
            .AddCheck<WriteHealth>("writing")
            .AddCheck<OutboxHealth>("outbox")
            .AddCheck<SchedulesHealth>("schedules");

        var attempts = configuration.GetValue("Limits:AttemptsPerMinute", 30);
        var feeds = configuration.GetValue("Limits:FeedsPerMinute", 600);
        services.AddRateLimiter(limiter => {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(Attempts, context => PerMinute(context, attempts));
            limiter.AddPolicy(Feeds, context => PerMinute(context, feeds));
        });
        foreach (var module in modules) module.AddServices(services, configuration);
    }

    static RateLimitPartition<string> PerMinute(HttpContext context, int permits) => RateLimitPartition.GetFixedWindowLimiter(
        context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) });

    public static Assembly[] Assemblies(IEnumerable<IModule> modules) => [.. modules.Select(m => m.GetType().Assembly).Prepend(typeof(PlatformSetup).Assembly).Distinct()];

    /// <summary>
    /// Migrates, lets every module put its reference data in place, and refuses to start when something is undeclared: a request
    /// without handler, a write without validator, a page or endpoint without permission, a permission without a row in the matrix.
    /// </summary>
    public static async Task Prepare(this WebApplication app, CancellationToken ct) {
        // Held until the application is disposed: nobody restores a backup under a running host.
        app.Services.GetService<HostLock>();
        await app.Services.GetRequiredService<Migrator>().Migrate(ct);
        await app.Services.GetRequiredService<SharedKeys>().TakeOver(ct);
        // The first key is made now: made in the middle of a write, it would wait for the turn that this write has.
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("start").Protect([]);
        var modules = app.Services.GetRequiredService<IReadOnlyList<IModule>>();
        foreach (var module in modules) await module.Prepare(app.Services, ct);

        var problems = MediatorSetup.Problems(app.Services, Assemblies(modules)).ToList();
        var declared = await Access.Declared(app.Services);
        var matrix = app.Services.GetRequiredService<Matrix>();
        var known = modules.SelectMany(m => m.Permissions).ToHashSet();
        problems.AddRange(declared.Where(d => d.Permission is not null && !known.Contains(d.Permission)).Select(d => $"{d.Route} asks for {d.Permission}, which no module declares"));
        problems.AddRange(known.Except(matrix.Permissions).Select(p => $"{p} has no row in Permissions.md"));
        problems.AddRange(matrix.Permissions.Except(known).Select(p => $"{p} stands in Permissions.md and no module declares it"));
        var kinds = app.Services.GetRequiredService<LetterKinds>();
        await using (var scope = app.Services.CreateAsyncScope()) {
            problems.AddRange(scope.ServiceProvider.GetServices<IReminder>().Where(r => kinds.Find(r.Kind) is null).Select(r => $"Reminder {r.Kind} is no kind of message that a module lists"));
            problems.AddRange(scope.ServiceProvider.GetServices<IReminder>().GroupBy(r => r.Kind).Where(g => g.Count() > 1).Select(g => $"Several reminders are of kind {g.Key}"));
        }
        if (problems.Count > 0) throw new InvalidOperationException("The program is not put together rightly:\n" + string.Join('\n', problems));
    }
}
