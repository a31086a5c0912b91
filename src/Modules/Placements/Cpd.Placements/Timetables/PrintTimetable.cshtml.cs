using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Timetables;

/// <summary>All weeks of a timetable, a sheet each.</summary>
[Requires(PlacementsPermissions.SeeHours)]
internal sealed class PrintTimetablePage(IMediator mediator) : CpdPage {
    internal SeeTimetable.View Timetable { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeTimetable.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Timetable = outcome.Value;
        return Page();
    }
}
