using Cpd.Platform;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums;

/// <summary>Termly meetings of practitioners: series and their meetings.</summary>
public sealed class ForumsModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) { }

    public IEnumerable<string> Permissions => ForumsPermissions.All;
}
