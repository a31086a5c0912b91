using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Slots;

[Requires(PlacementsPermissions.SignHours)]
internal sealed class RescheduleSlotPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Choice { get; set; }

    internal FindFree.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Options => [.. Found.Options.Select(o => new SelectListItem($"{Show.DayAndPeriod(o.StartsAt, o.EndsAt)}, with {o.SupervisorName}", o.Value))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new RescheduleSlot.Command(id, Choice), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The slot has another time. The student and the supervisor are told.");
        return Redirect(PlacementsLinks.Slot(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new FindFree.Query(id), ct);
        if (outcome.Refusal is Conflict) return Redirect(PlacementsLinks.Slot(id));
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return null;
    }
}
