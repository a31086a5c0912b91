using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Charges;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.Book)]
internal sealed class CancelBookingPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    [BindProperty] public CancelCause? Cause { get; set; }
    /// <summary>What the page said that it costs.</summary>
    [BindProperty] public int? Agreed { get; set; }

    internal static IReadOnlyList<SelectListItem> Causes => [.. TrainingWording.CancelCauses.Select(c => new SelectListItem(TrainingWording.Of(c), c.ToString()))];
    internal PreviewCancellation.View Cost { get; private set; } = null!;
    internal OpenBooking.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        return Found.MayCancel ? Page() : Redirect(TrainingLinks.Booking(id));
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new CancelBooking.Command(id, Reason, Cause, Agreed), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The booking has been cancelled.");
        return Redirect(TrainingLinks.Booking(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenBooking.Query(id), ct);
        if (outcome.Refusal is { } unseen) return unseen;
        Found = outcome.Value;
        var cost = await mediator.Send(new PreviewCancellation.Query(id), ct);
        if (cost.Refusal is null) Cost = cost.Value;
        return cost.Refusal;
    }
}
