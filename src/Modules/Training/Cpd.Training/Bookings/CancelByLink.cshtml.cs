using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Training.Bookings;

/// <summary>Behind the link of a message: cancel a place with one button, without signing in, after seeing what it costs. Opening it changes nothing.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class CancelByLinkPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public CancelCause? Cause { get; set; }
    /// <summary>What the page said that it costs.</summary>
    [BindProperty] public int? Agreed { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    internal SeePlace.Cancellable? Found { get; private set; }

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        if (Found is null) return Page();
        var outcome = await mediator.Send(new CancelBooking.Command(Guid.Empty, Reason, Cause, Agreed, token), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The booking has been cancelled. We have sent you an email.");
        return Redirect(TrainingLinks.CancelByLink(token));
    }

    async Task Load(string token, CancellationToken ct) => Found = BehindLink(await mediator.Send(new SeePlace.ToCancel(token), ct));
}
