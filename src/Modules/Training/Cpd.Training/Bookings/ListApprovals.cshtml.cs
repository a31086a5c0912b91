using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.ApproveBookings)]
internal sealed class ListApprovalsPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;
    [BindProperty] public Guid SettingId { get; set; }
    [BindProperty] public bool Asks { get; set; }

    internal PageOf<ListApprovals.View> Found { get; private set; } = null!;
    internal IReadOnlyList<AskForApproval.View> Settings { get; private set; } = [];

    public Task OnGetAsync(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        await Load(ct);
        var outcome = await mediator.Send(new AskForApproval.Command(SettingId, Asks), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Asks ? "From now on you are asked before staff take a place." : "From now on staff book without asking you.");
        return Redirect(TrainingLinks.Approvals);
    }

    async Task Load(CancellationToken ct) {
        Found = await mediator.Send(new ListApprovals.Query(new Paging(PageNumber)), ct);
        Settings = await mediator.Send(new AskForApproval.Query(), ct);
    }
}
