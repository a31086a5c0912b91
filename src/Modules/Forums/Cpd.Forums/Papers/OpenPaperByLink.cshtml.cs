using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Forums.Papers;

/// <summary>A file behind the link of a message.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class OpenPaperByLinkPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(string token, Guid id, CancellationToken ct) {
        Response.Headers.CacheControl = "no-store";
        return (await mediator.Send(new OpenPaper.Query(id, token), ct)) is { Refusal: null } found ? found.Value : NotFound();
    }
}
