using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Platform.Messages;

/// <summary>
/// Behind the link of a message, and behind the button that mail programs make of it (RFC 8058). Opening it changes nothing. The token alone says who asks:
/// such a program sends neither a cookie nor our form's token.
/// </summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts), IgnoreAntiforgeryToken(Order = 1001)]
internal sealed class RefuseLettersPage(IMediator mediator) : CpdPage {
    [BindProperty] public bool Again { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    internal RefuseLetters.View? Found { get; private set; }

    internal static string At(string token) => $"/no-more/{token}";

    public async Task OnGetAsync(string token, CancellationToken ct) => await Load(token, ct);

    // Answered at once and not with a redirect, which such programs do not follow.
    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await mediator.Send(new RefuseLetters.Command(token, Refuse: !Again), ct);
        await Load(token, ct);
        return Page();
    }

    async Task Load(string token, CancellationToken ct) {
        Response.Headers.CacheControl = "no-store";
        var outcome = await mediator.Send(new RefuseLetters.Query(token), ct);
        Found = outcome.Refusal is null ? outcome.Value : null;
        if (Found is null) Response.StatusCode = StatusCodes.Status410Gone;
    }
}
