using Cpd.Platform.Web;

namespace Cpd.Training.Bookings;

/// <summary>The addresses that messages about a booking hold, most of which work without signing in.</summary>
internal sealed class PlaceLinks(AnswerToken answers, InsteadToken instead, CancelToken cancels, CalendarToken calendars, JoinToken joins, Site site, TimeProvider clock) {
    // Whoever lost their place may choose another date for so long.
    static readonly TimeSpan Choosing = TimeSpan.FromDays(90);

    /// <param name="theirs">Whoever is told may open the booking.</param>
    internal BookingLetters.Place On(BookingLetters.Place place, Guid bookingId, Guid personId, bool theirs = true) {
        var (starts, ends) = (place.Dates.Min(d => d.StartsAt), place.Dates.Max(d => d.EndsAt));
        return place with {
            Open = theirs ? site.Absolute(TrainingLinks.Booking(bookingId)) : null,
            Answer = site.Absolute(TrainingLinks.Answer(answers.For(bookingId, starts))),
            Instead = site.Absolute(TrainingLinks.Instead(instead.For(bookingId, clock.GetUtcNow().UtcDateTime + Choosing))),
            Cancel = site.Absolute(TrainingLinks.CancelByLink(cancels.For(bookingId, personId, starts))),
            Calendar = site.Absolute(TrainingLinks.CalendarByLink(calendars.For(bookingId, personId, ends))),
            // By way of this service, so that whoever joins is noted.
            Join = place.Join is { } link && BookingLetters.IsAddress(link) ? site.Absolute(TrainingLinks.JoinByLink(joins.For(bookingId, personId, ends))) : place.Join,
        };
    }
}
