using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SeeHours)]
internal sealed class OpenCohortPage(IMediator mediator) : CpdPage {
    internal OpenCohort.View Cohort { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCohort.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Cohort = outcome.Value;
        return Page();
    }
}
