using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Programmes;

[Requires(PlacementsPermissions.SeePlacements)]
internal sealed class OpenProgrammePage(IMediator mediator) : CpdPage {
    internal OpenProgramme.View Programme { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenProgramme.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Programme = outcome.Value;
        return Page();
    }
}
