using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Training.Bookings;

/// <summary>Behind the link of the message that a session is cancelled: a button for each other date books it, without signing in.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class BookInsteadPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid SessionId { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    internal BookInstead.View? Found { get; private set; }
    internal BookPlaces.Answer? Answer { get; private set; }

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        if (Found is null) return Page();
        var outcome = await mediator.Send(new BookPlaces.Command(SessionId, null, Token: token), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Answer = outcome.Value[0];
        await Load(token, ct);
        return Page();
    }

    async Task Load(string token, CancellationToken ct) => Found = BehindLink(await mediator.Send(new BookInstead.Query(token), ct));
}
