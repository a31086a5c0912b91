using Cpd.Platform;
using Cpd.Platform.Calendars;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Net.Http.Headers;

namespace Cpd.People.Feeds;

/// <summary>A person's calendar at its secret address. Calendars read it without cookies; who asks with an ETag or a date that is still right gets 304.</summary>
[Public, EnableRateLimiting(PlatformSetup.Feeds)]
internal sealed class ReadFeedPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(string secret, CancellationToken ct) {
        Response.Headers["X-Robots-Tag"] = "noindex";
        Response.Headers.CacheControl = "private, no-cache";
        var outcome = await mediator.Send(new ReadFeed.Query(secret), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        return new FileContentResult(outcome.Value.Text, CalendarFile.ContentType) { LastModified = outcome.Value.ChangedAt, EntityTag = new EntityTagHeaderValue(outcome.Value.ETag) };
    }
}
