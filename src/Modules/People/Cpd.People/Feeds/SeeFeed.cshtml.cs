using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Feeds;

[SignedIn]
internal sealed class SeeFeedPage(IMediator mediator) : CpdPage {
    internal SeeFeed.View? Found { get; private set; }

    /// <summary>Shown on the page that makes it, and never again.</summary>
    internal string? Address { get; private set; }

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new SeeFeed.Query(), ct);

    public async Task<IActionResult> OnPostMakeAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new MakeFeed.Command(), ct);
        Found = await mediator.Send(new SeeFeed.Query(), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        // No redirect: the secret would have to be kept somewhere until the next page.
        Address = outcome.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new EndFeed.Command(), ct);
        Found = await mediator.Send(new SeeFeed.Query(), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The address has been switched off. Calendars that read it find nothing there any more.");
        return Redirect(PeopleLinks.YourCalendar);
    }
}
