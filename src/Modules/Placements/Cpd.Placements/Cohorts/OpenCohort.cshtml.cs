using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SeeHours)]
internal sealed class OpenCohortPage(IMediator mediator) : CpdPage {
    internal const int PageSize = 50;

    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    internal OpenCohort.View Cohort { get; private set; } = null!;
    internal int Pages => Math.Max(1, (Cohort.Total + PageSize - 1) / PageSize);

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCohort.Query(id, new(Number, PageSize)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Cohort = outcome.Value;
        if (Number < 1 || Number > Pages) Number = 1;
        return Page();
    }
}
