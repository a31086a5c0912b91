using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.Book)]
internal sealed class CancelBookingPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal OpenBooking.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        return Found.MayCancel ? Page() : Redirect(TrainingLinks.Booking(id));
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new CancelBooking.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The booking has been cancelled.");
        return Redirect(TrainingLinks.Booking(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenBooking.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
