using System.Text;
using Cpd.Platform.Calendars;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

/// <summary>A booking as a calendar file: an appointment for each of its dates. Who waits has no place yet, and so nothing for a calendar.</summary>
[Requires(TrainingPermissions.Book)]
internal sealed class BookingCalendarPage(IMediator mediator, TimeProvider clock) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenBooking.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        if (outcome.Value.Entries.Count == 0) return NotFound();
        return File(Encoding.UTF8.GetBytes(CalendarFile.Publish(outcome.Value.Entries, clock.GetUtcNow().UtcDateTime)), CalendarFile.ContentType, $"booking-{outcome.Value.Booking.Reference}.ics");
    }
}
