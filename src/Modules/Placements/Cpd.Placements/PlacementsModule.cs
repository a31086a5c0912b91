using Cpd.Platform;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements;

/// <summary>Placement programmes and their hosts.</summary>
public sealed class PlacementsModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) { }

    public IEnumerable<string> Permissions => PlacementsPermissions.All;
}
