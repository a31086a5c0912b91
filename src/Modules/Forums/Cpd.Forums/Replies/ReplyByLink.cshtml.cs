using Cpd.Platform;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Forums.Replies;

/// <summary>Behind the link of a message: say that one comes or send apologies with one button, without signing in.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class ReplyByLinkPage(IMediator mediator) : ReplyPage(mediator) {
    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        if (await Open(token, ct)) Fill();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) => await Open(token, ct) ? await Send(Guid.Empty, token, ForumsLinks.ReplyByLink(token), ct) : Page();

    async Task<bool> Open(string token, CancellationToken ct) {
        Response.Headers.CacheControl = "no-store";
        if (await Load(Guid.Empty, token, ct) is null) return true;
        Response.StatusCode = StatusCodes.Status410Gone;
        return false;
    }
}
