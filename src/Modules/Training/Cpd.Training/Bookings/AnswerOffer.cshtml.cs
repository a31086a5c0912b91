using Cpd.Platform;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Training.Bookings;

/// <summary>Behind the link of a message: accept, decline or leave the list with one button, without signing in. Opening it changes nothing, whoever opens it.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class AnswerOfferPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty] public AnswerOffer.Reply? Reply { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    internal SeeOffer.View? Found { get; private set; }
    internal bool Offered => Found?.Standing is { Hold: HoldKind.Offer } standing && standing.Until > clock.GetUtcNow().UtcDateTime;
    internal bool MayTake => Found?.Standing is { MayTake: true };

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        if (Found is null) return Page();
        if (Reply is not { } reply) return Refused(Outcome.Invalid("", "Press one of the buttons to answer"));
        var outcome = await mediator.Send(new AnswerOffer.Command(Guid.Empty, reply, token), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(reply == AnswerOffer.Reply.Accept ? "The place is yours. We have sent you an email." : "Thank you for telling us. You are no longer on the waiting list.");
        return Redirect(TrainingLinks.Answer(token));
    }

    async Task Load(string token, CancellationToken ct) => Found = BehindLink(await mediator.Send(new SeeOffer.Query(token), ct));
}
