using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Training.Evaluations;

/// <summary>Behind the link of a message: answered without signing in.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class AnswerImpactPage(IMediator mediator) : CpdPage {
    [BindProperty] public bool? Changed { get; set; }
    [BindProperty] public string? Words { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    internal AnswerImpact.View? Found { get; private set; }
    internal static IReadOnlyList<SelectListItem> Answers => [new("Yes", "true"), new("No", "false")];

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        if (Found is null) return Page();
        var outcome = await mediator.Send(new AnswerImpact.Command(Guid.Empty, Changed, Words, token), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Thank you. What you wrote is in your CPD record, as a reflection.");
        return Redirect(TrainingLinks.Impact(token));
    }

    async Task Load(string token, CancellationToken ct) => Found = BehindLink(await mediator.Send(new AnswerImpact.Query(token), ct));
}
