using System.Text;
using Cpd.Platform;
using Cpd.Platform.Calendars;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Training.Bookings;

/// <summary>Behind the link of a message: a place as a calendar file, without signing in.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class CalendarByLinkPage(IMediator mediator, TimeProvider clock) : CpdPage {
    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        if (BehindLink(await mediator.Send(new SeePlace.ForCalendar(token), ct)) is not { } found) return Page();
        return File(Encoding.UTF8.GetBytes(CalendarFile.Publish(found.Dates, clock.GetUtcNow().UtcDateTime)), CalendarFile.ContentType, "booking.ics");
    }
}
