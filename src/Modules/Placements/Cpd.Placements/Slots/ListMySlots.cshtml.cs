using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Placements.Slots;

[Requires(PlacementsPermissions.LogHours)]
internal sealed class ListMySlotsPage(IMediator mediator, TimeProvider clock) : CpdPage {
    internal IReadOnlyList<ListMySlots.Placement> Placements { get; private set; } = [];
    internal DateTime Now => clock.GetUtcNow().UtcDateTime;

    public async Task OnGetAsync(CancellationToken ct) => Placements = await mediator.Send(new ListMySlots.Query(), ct);
}
