using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Letterheads;

/// <summary>The example as the HTML that is sent, alone: no script, nothing from elsewhere but the logo, and in a frame of ours only.</summary>
[Requires(PeoplePermissions.WordLetters)]
internal sealed class ReadLetterPage(IMediator mediator, Site site, CurrentUser me) : LetterPage(mediator, me) {
    readonly IMediator mediator = mediator;

    public async Task<IActionResult> OnGetAsync(string kind, CancellationToken ct) {
        await ChooseAuthority(ct);
        var outcome = await mediator.Send(new SeeLetter.Query(AuthorityId ?? Guid.Empty, kind), ct);
        if (outcome.Refusal is { } refusal) return AuthorityId is null ? Redirect(PeopleLinks.Letters) : Refused(refusal);
        if (outcome.Value.Kind.IsText) return NotFound();
        Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' {site.Absolute("/")}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox";
        return Content(outcome.Value.Example.Html, "text/html; charset=utf-8");
    }
}
