using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Programmes;

[Requires(PlacementsPermissions.SeePlacements)]
internal sealed class ListProgrammesPage(IMediator mediator, CurrentUser me) : CpdPage {
    // From the query alone: "page" is also a route value, and that one is the path of the page's own file.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListProgrammes.View> Found { get; private set; } = null!;
    internal bool MayAdd => me.May(PlacementsPermissions.ManagePlacements);

    /// <summary>The user neither plans nor hosts: they send students.</summary>
    internal bool OnlySends => me.Reach(PlacementsPermissions.SeePlacements) is { All: false, Authorities.Count: 0, PlacementHosts.Count: 0 };

    internal string Room(ListProgrammes.View programme) {
        var students = $"{Show.Count(programme.Capacity, "student")} at once";
        return me.Reach(PlacementsPermissions.SeePlacements) is { All: false, Authorities.Count: 0, PlacementHosts.Count: > 0 } ? $"Your organisation takes {students}"
            : programme.Hosts == 0 ? "No hosts yet"
            : $"{Show.Count(programme.Hosts, "host")}, with room for {students}";
    }

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListProgrammes.Query(new Paging(PageNumber)), ct);
}
