using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Supervisors;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class HandOverPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid? ToId { get; set; }

    internal HandOver.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Candidates => [.. Found.Candidates.Select(c => new SelectListItem(c.Name, c.Id.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new HandOver.Command(id, ToId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Show.Count(outcome.Value, "slot")} handed over to {Found.Candidates.First(c => c.Id == ToId).Name}.{(Found.Ahead > 0 ? " Everyone whose dates lie ahead is told by email." : "")}");
        return Redirect(PlacementsLinks.Supervisors(Found.ProgrammeId));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new HandOver.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return null;
    }
}
