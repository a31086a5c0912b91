using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Supervisors;

[Requires(PlacementsPermissions.AnswerForHost)]
internal sealed class ListSupervisorsPage(IMediator mediator) : CpdPage {
    internal ListSupervisors.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListSupervisors.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
