using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Cohorts;

[SignedIn]
internal sealed class GiveFeedbackPage(IMediator mediator) : CpdPage {
    [BindProperty] public int? Rating { get; set; }
    [BindProperty] public string? Comment { get; set; }

    internal GiveFeedback.View Found { get; private set; } = null!;
    internal static IReadOnlyList<SelectListItem> Ratings => [new("Very good", "5"), new("Good", "4"), new("Fair", "3"), new("Poor", "2"), new("Very poor", "1")];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Rating, Comment) = (Found.Rating, Found.Comment);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new GiveFeedback.Command(id, Rating, Comment), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Thank you. Your feedback has been saved.");
        return Redirect(Found.IsHost ? PlacementsLinks.ToSign : PlacementsLinks.MyPlacement);
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new GiveFeedback.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return null;
    }
}
