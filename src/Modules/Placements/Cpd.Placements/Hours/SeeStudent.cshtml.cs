using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Hours;

[Requires(PlacementsPermissions.SeeHours)]
internal sealed class SeeStudentPage(IMediator mediator, TimeProvider clock) : CpdPage {
    internal DateTime Now => clock.GetUtcNow().UtcDateTime;
    internal SeeStudent.View Student { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeStudent.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Student = outcome.Value;
        return Page();
    }
}
