using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Schemes;

[Requires(AccreditationPermissions.ManageSchemes)]
internal sealed class ListSchemesPage(IMediator mediator) : CpdPage {
    // From the query by name: "page" is also a word of the page's own route.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListSchemes.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) {
        ModelState.Clear();
        Found = await mediator.Send(new ListSchemes.Query(new Paging(PageNumber)), ct);
    }
}
