using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Platform;

/// <summary>Something an operator runs from the command line instead of the web server; <paramref name="Run"/> gives the exit code.</summary>
public sealed record CliCommand(string Name, string Usage, Func<IServiceProvider, string[], CancellationToken, Task<int>> Run);

/// <summary>What the host knows of a module. Handlers, validators, event handlers and pages are found by scanning its assembly.</summary>
public interface IModule {
    /// <summary>Services of the module's own; most modules need none.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration) { }
    /// <summary>One line a slice that has a JSON endpoint. <paramref name="api"/> is the group /api/v1.</summary>
    void MapApi(IEndpointRouteBuilder api);
    /// <summary>The permissions that its pages and endpoints ask for; each has a row in Permissions.md.</summary>
    IEnumerable<string> Permissions { get; }
    /// <summary>Links of the service navigation, in the order shown.</summary>
    IEnumerable<NavLink> Navigation => [];
    IEnumerable<Schedule> Schedules => [];
    /// <summary>The kinds of message that it sends, in the order in which officers read of them.</summary>
    IEnumerable<LetterKind> Letters => [];
    IEnumerable<CliCommand> Commands => [];
    /// <summary>Runs after the migrations at every start, in the order of the modules; must be idempotent (reference data).</summary>
    Task Prepare(IServiceProvider services, CancellationToken ct) => Task.CompletedTask;
    /// <summary>Fills an empty database for a demonstration, through the module's own commands.</summary>
    Task FillDemo(DemoBook book, CancellationToken ct) => Task.CompletedTask;
}
