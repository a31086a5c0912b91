using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Platform.Operations;

/// <summary>What those see who keep the service running: what runs by the clock, and what could not be delivered.</summary>
public sealed class PlatformModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) => RecordDelivery.Map(api);

    public IEnumerable<string> Permissions => OperationsPermissions.All;

    public IEnumerable<Schedule> Schedules => CleanUp.Schedules;

    public IEnumerable<NavLink> Navigation => [
        new("Unsent messages", OperationsLinks.Messages, OperationsPermissions.RetryMessages, "See which emails could not be sent, and send them again.", Rank: 1),
        new("Schedules", OperationsLinks.Schedules, OperationsPermissions.Operate, "See what runs by the clock, how it went, and run it now.", Rank: 1),
        new("Parked events", OperationsLinks.Events, OperationsPermissions.Operate, "See what one part of the service could not tell another, and try again.", Rank: 1),
    ];
}

static class OperationsPermissions {
    internal const string Operate = "platform.operate";
    internal const string RetryMessages = "platform.retry-messages";

    internal static IReadOnlyList<string> All { get; } = [Operate, RetryMessages];
}

/// <summary>The addresses of these pages.</summary>
static class OperationsLinks {
    internal const string Schedules = "/operations/schedules";
    internal const string Messages = "/operations/messages";
    internal const string Events = "/operations/events";
}
