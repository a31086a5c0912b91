using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Series;

[Public]
internal sealed class ListSeriesPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty(SupportsGet = true)] public bool Ended { get; set; }
    // From the query alone: "page" is also a route value, and that one is the path of the page's own file.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListSeries.View> Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal bool MayAdd => me.May(ForumsPermissions.ManageForums);
    internal bool HasOwn => me.IsSignedIn;

    public async Task OnGetAsync(CancellationToken ct) {
        Found = await mediator.Send(new ListSeries.Query(AuthorityId, new Paging(PageNumber), Ended), ct);
        Authorities = [new("All authorities", ""), .. (await mediator.Send(new ListAuthorities(), ct)).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
