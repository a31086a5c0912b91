using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Letterheads;

/// <summary>Read by mail programs, which keep it for an hour. It is a picture and can be nothing else, whatever its bytes say.</summary>
[Public]
internal sealed class ReadLogoPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid authorityId, CancellationToken ct) {
        var outcome = await mediator.Send(new ReadLogo.Query(authorityId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Response.Headers.CacheControl = "public, max-age=3600";
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return new FileContentResult(Convert.FromBase64String(outcome.Value.Content), outcome.Value.ContentType) { LastModified = outcome.Value.ChangedAt };
    }
}
