using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Hours;

[Requires(PlacementsPermissions.SeeHours)]
internal sealed class SumHoursPage(IMediator mediator) : CpdPage {
    internal SumHours.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SumHours.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
