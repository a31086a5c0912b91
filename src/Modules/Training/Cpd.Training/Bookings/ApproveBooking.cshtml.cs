using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.ApproveBookings)]
internal sealed class ApproveBookingPage(IMediator mediator) : CpdPage {
    [BindProperty] public bool? Approves { get; set; }
    [BindProperty] public string? Reason { get; set; }

    internal ListApprovals.View Found { get; private set; } = null!;
    internal static IReadOnlyList<SelectListItem> Answers => [new("Approve", "true"), new("Do not approve", "false")];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new ApproveBooking.Command(id, Approves, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Approves == true ? $"You have approved {Found.PersonName}." : $"You have not approved {Found.PersonName}. They have been told.");
        return Redirect(TrainingLinks.Approvals);
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListApprovals.OneQuery(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
