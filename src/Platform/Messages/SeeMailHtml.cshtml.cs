using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Messages;

[Public, FromThisMachine]
internal sealed class SeeMailHtmlPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenMail.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        if (outcome.Value.Mail.Html is not { } html) return NotFound();
        // As little as a mail program allows: its own styles and pictures, no script, and nothing of this service's cookies.
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-top-navigation allow-popups allow-popups-to-escape-sandbox";
        return Content(html, "text/html; charset=utf-8");
    }
}
