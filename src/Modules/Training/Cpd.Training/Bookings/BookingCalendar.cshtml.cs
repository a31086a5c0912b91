using System.Text;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

/// <summary>A booking as a calendar file: an appointment for each of its dates.</summary>
[Requires(TrainingPermissions.Book)]
internal sealed class BookingCalendarPage(IMediator mediator, TimeProvider clock) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenBooking.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var (booking, dates, person) = (outcome.Value.Booking, outcome.Value.Dates, outcome.Value.PersonName);
        var status = booking.State switch { BookingState.Booked => "CONFIRMED", BookingState.Waiting => "TENTATIVE", _ => "CANCELLED" };
        var address = UriHelper.BuildAbsolute(Request.Scheme, Request.Host, Request.PathBase, TrainingLinks.Booking(id));
        var text = CalendarFile.Write(dates.Select((d, i) => new CalendarEntry(
            $"{booking.Id:N}-{i + 1}@cpd", d.StartsAt, d.EndsAt, booking.CourseTitle, $"{person}\nReference: {booking.Reference}\n{address}",
            string.Join(", ", new[] { booking.VenueName, booking.VenueAddress.ReplaceLineEndings(", "), booking.JoiningLink }.Where(t => t.Length > 0)), address, booking.SessionVersion, status)), clock.GetUtcNow().UtcDateTime);
        return File(Encoding.UTF8.GetBytes(text), CalendarFile.ContentType, $"booking-{booking.Reference}.ics");
    }
}
