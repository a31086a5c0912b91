using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Settings;

[Requires(PeoplePermissions.SeeSettings)]
internal sealed class ListSettingsPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty(SupportsGet = true)] public string? Search { get; set; }
    [BindProperty(SupportsGet = true)] public ListSettings.Status Status { get; set; }
    // From the query alone: "page" is also the name under which the framework routes.
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListSettings.View> Found { get; private set; } = null!;
    internal bool MayChange => me.May(PeoplePermissions.ChangeSettings);
    internal static IReadOnlyList<SelectListItem> Statuses => [new("Open", nameof(ListSettings.Status.Open)), new("Closed", nameof(ListSettings.Status.Closed)), new("Open and closed", nameof(ListSettings.Status.All))];

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListSettings.Query(Search, Status, new Paging(PageNumber)), ct);
}
