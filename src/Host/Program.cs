using System.Globalization;
using System.Text.Json.Serialization;
using Cpd.Accreditation;
using Cpd.Forums;
using Cpd.Host;
using Cpd.People;
using Cpd.Placements;
using Cpd.Platform;
using Cpd.Platform.Data;
using Cpd.Platform.Operations;
using Cpd.Platform.Security;
using Cpd.Platform.Telemetry;
using Cpd.Platform.Web;
using Cpd.Training;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.HttpOverrides;
using Serilog;

var line = CommandLine.Parse(args);
var demo = line.Flags.Contains("--demo");
if (BareCommand.All.FirstOrDefault(c => c.Name == line.Command) is { } bare)
    return await bare.Run(Where(line.Settings), line.Words, line.Flags, CancellationToken.None);
var command = Modules.SelectMany(m => m.Commands).FirstOrDefault(c => c.Name == line.Command);
if (line.Command is not null && command is null) return SayCommands();

if (demo) await Demonstration.FillIfEmpty(line.Settings, TimeProvider.System.GetUtcNow());
var app = Build(line.Settings, TimeProvider.System, demo);
await app.Prepare(CancellationToken.None);
if (command is not null) return await command.Run(app.Services, [.. line.Words], CancellationToken.None);
if (demo) app.Lifetime.ApplicationStarted.Register(() => Demonstration.SayWhereToClick(app));
await app.RunAsync();
return 0;

/// <summary>Composition only: which modules there are, and the order in which a request passes what stands around them.</summary>
public partial class Program {
    internal static IReadOnlyList<IModule> Modules { get; } = [new PeopleModule(), new TrainingModule(), new AccreditationModule(), new ForumsModule(), new PlacementsModule(), new PlatformModule()];

    static IReadOnlyList<Migration> Migrations => Migration.In(typeof(Program).Assembly);

    /// <summary>The whole application; demonstrations and tests build it with a clock of their own.</summary>
    /// <param name="demo">No message leaves the machine, and whoever comes by reads them all.</param>
    internal static WebApplication Build(string[] args, TimeProvider clock, bool demo = false) {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        var data = DataFolder(builder.Configuration);
        Directory.CreateDirectory(data);

        var console = builder.Configuration.GetValue("Logs:Console", true);
        var logger = new LoggerConfiguration().ReadFrom.Configuration(builder.Configuration).Enrich.With<SecretPaths>()
            .WriteTo.Conditional(_ => console, to => to.Console(outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj} {TraceId}{NewLine}{Exception}", formatProvider: CultureInfo.InvariantCulture))
            .WriteTo.File(Path.Combine(data, "logs", "cpd-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14, shared: true,
                outputTemplate: "{Timestamp:o} {Level:u3} {SourceContext} {Message:lj} {TraceId} {Properties:j}{NewLine}{Exception}", formatProvider: CultureInfo.InvariantCulture)
            .CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(logger, dispose: true);

        var services = builder.Services;
        services.AddSingleton(clock);
        services.AddPlatform(builder.Configuration, data, Modules, Migrations, Matrix.Parse(Embedded("Permissions.md")), demo);
        services.AddAntiforgery(o => o.Cookie.Name = "__Host-antiforgery");
        services.Configure<Microsoft.AspNetCore.Mvc.CookieTempDataProviderOptions>(o => o.Cookie.Name = "__Host-banner");
        // Every cookie is Secure and for this host alone; browsers take Secure cookies from http://localhost too.
        services.Configure<CookiePolicyOptions>(o => {
            o.Secure = CookieSecurePolicy.Always;
            o.HttpOnly = Microsoft.AspNetCore.CookiePolicy.HttpOnlyPolicy.Always;
            o.MinimumSameSitePolicy = SameSiteMode.Lax;
        });
        var pages = services.AddRazorPages().WithRazorPagesAtContentRoot().AddMvcOptions(o => o.UseFormBinding());
        foreach (var module in Modules) pages.AddApplicationPart(module.GetType().Assembly);
        services.Configure<RouteOptions>(o => o.LowercaseUrls = true);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddProblemDetails();
        services.AddOpenApi(OpenApiDocument.Configure);
        services.Configure<ForwardedHeadersOptions>(o => {
            o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            foreach (var proxy in builder.Configuration.GetSection("Proxies").Get<string[]>() ?? []) {
                if (proxy.Contains('/', StringComparison.Ordinal)) o.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy)); else o.KnownProxies.Add(System.Net.IPAddress.Parse(proxy));
            }
        });

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseRequestSpans();
        app.UseHeaders();
        app.UseErrors();
        app.UseCookiePolicy();
        app.UseRouting();
        app.UseRequestRoutes();
        // A page that is kept is kept as it was compressed, and needs nothing of what follows.
        app.UseOutputCache();
        app.UseResponseCompression();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAccess();
        app.UseFrame();
        app.UseMiddleware<Once>();
        app.MapStaticAssets().IsPublic();
        app.MapRazorPages().WithStaticAssets();
        app.MapOpenApi("/openapi/{documentName}.json").IsPublic();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).IsPublic();
        app.MapHealthChecks("/health/ready").IsPublic();
        var api = app.MapGroup("/api/v1");
        foreach (var module in Modules) module.MapApi(api);
        return app;
    }

    static string DataFolder(ConfigurationManager configuration) => Path.GetFullPath(configuration["data"] ?? "var");

    static CommandSite Where(string[] settings) {
        var configuration = WebApplication.CreateBuilder(settings).Configuration;
        return new(configuration, DataFolder(configuration), Migrations, TimeProvider.System);
    }

    static int SayCommands() {
        Console.Error.WriteLine("Without a command the service starts. The commands are:");
        foreach (var usage in Modules.SelectMany(m => m.Commands).Select(c => c.Usage).Concat(BareCommand.All.Select(c => c.Usage))) Console.Error.WriteLine($"  {usage}");
        return 2;
    }

    static string Embedded(string name) {
        using var reader = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
