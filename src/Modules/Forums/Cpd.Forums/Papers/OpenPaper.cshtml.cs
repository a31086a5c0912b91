using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Papers;

// Members have any role: the slice answers those who are.
[SignedIn]
internal sealed class OpenPaperPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => (await mediator.Send(new OpenPaper.Query(id), ct)) is { Refusal: null } found ? found.Value : NotFound();
}
