using Cpd.Forums.Series;
using Cpd.Platform;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums;

/// <summary>Termly meetings of practitioners: series and their meetings.</summary>
public sealed class ForumsModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) {
        ListSeries.Map(api);
        OpenSeries.Map(api);
    }

    public IEnumerable<NavLink> Navigation => [new("Forums", ForumsLinks.List, null, "See when practitioners meet, and set the meetings of your forums.")];

    public IEnumerable<string> Permissions => ForumsPermissions.All;

    public Task FillDemo(DemoBook book, CancellationToken ct) => ForumsDemo.Fill(book, ct);
}
