using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.Book)]
internal sealed class OpenBookingPage(IMediator mediator) : CpdPage {
    /// <summary>It has just been made: the page is its confirmation.</summary>
    [BindProperty(SupportsGet = true, Name = "made")] public bool Made { get; set; }

    internal OpenBooking.View Found { get; private set; } = null!;
    internal OpenBooking.Booking Booking => Found.Booking;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenBooking.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
