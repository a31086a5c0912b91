using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Training.Registers;

/// <summary>Behind the link of a message: join an online session with one button, without signing in. Only the button notes that somebody came.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class JoinByLinkPage(IMediator mediator) : CpdPage {
    /// <summary>Null when the link is of no use.</summary>
    internal SeePlace.Joinable? Found { get; private set; }

    /// <summary>Where the session is held, once the button was pressed.</summary>
    internal string? OpenAt { get; private set; }

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        if (Found is null) return Page();
        var outcome = await mediator.Send(new JoinSession.Command(Guid.Empty, token), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        // Not a redirect: a form of this service may not lead to another site. The browser goes on by itself, and the link stands there for one that does not.
        if (BookingLetters.IsAddress(outcome.Value)) Response.Headers["Refresh"] = $"0; url={new Uri(outcome.Value).AbsoluteUri}";
        OpenAt = outcome.Value;
        return Page();
    }

    async Task Load(string token, CancellationToken ct) => Found = BehindLink(await mediator.Send(new SeePlace.ToJoin(token), ct));
}
