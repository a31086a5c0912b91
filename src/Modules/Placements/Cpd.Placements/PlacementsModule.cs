using Cpd.Placements.Programmes;
using Cpd.Platform;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements;

/// <summary>Placement programmes and their hosts.</summary>
public sealed class PlacementsModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) {
        ListProgrammes.Map(api);
        OpenProgramme.Map(api);
    }

    public IEnumerable<string> Permissions => PlacementsPermissions.All;

    public IEnumerable<NavLink> Navigation => [new("Placements", PlacementsLinks.List, PlacementsPermissions.SeePlacements, "See placement programmes and the hosts that take part.")];

    public Task FillDemo(DemoBook book, CancellationToken ct) => PlacementsDemo.Fill(book, ct);
}
