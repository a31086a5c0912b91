using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Schemes;

[Requires(AccreditationPermissions.ManageSchemes)]
internal sealed class OpenSchemePage(IMediator mediator) : SchemePage(mediator) {
    // From the query by name: "page" is also a word of the page's own route.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct, PageNumber) ?? Page();
}
