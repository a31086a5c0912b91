using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Newsletters;

/// <summary>The newsletter as the HTML that is sent, alone: no script, nothing from elsewhere but the logo, and in a frame of ours only.</summary>
[Requires(PeoplePermissions.SendNewsletters)]
internal sealed class ReadNewsletterPage(IMediator mediator, Site site) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeNewsletter.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' {site.Absolute("/")}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox";
        return Content(outcome.Value.Preview.Html, "text/html; charset=utf-8");
    }
}
