using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Hosts;

[Requires(PlacementsPermissions.AnswerForHost)]
internal sealed class ListComingPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    internal ListComing.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListComing.Query(id, new(Number)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
