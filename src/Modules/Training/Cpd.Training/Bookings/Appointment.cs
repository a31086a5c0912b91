using Cpd.Platform.Calendars;
using Cpd.Training.Sessions;

namespace Cpd.Training.Bookings;

/// <summary>
/// A booking as calendars hold it: an appointment for each date of the session, numbered by time. Not one with several dates, since
/// calendars in wide use leave out all but the first (docs/adr/0022).
/// </summary>
internal sealed record Appointment(Guid BookingId, string Title, string VenueName, string VenueAddress, string JoiningLink, string Reference, string PersonName, string Address, Revision Revision, bool IsCancelled) {
    /// <summary>For ever the same, whatever becomes of the booking and its session.</summary>
    internal static string Uid(Guid bookingId, int number) => $"{bookingId:N}-{number}@cpd";

    internal IReadOnlyList<CalendarEntry> Entries(IReadOnlyList<SessionDate> dates) => [.. dates.Select((d, i) => Entry(d, i + 1, dates.Count))];

    internal CalendarEntry Entry(SessionDate date, int number, int of) => new(
        Uid(BookingId, number), date.StartsAt, date.EndsAt,
        // Outlook shows a cancelled appointment of a subscribed calendar like any other.
        $"{(IsCancelled ? "Cancelled: " : "")}{Title}{(of > 1 ? $" (date {number} of {of})" : "")}",
        $"{(PersonName.Length > 0 ? PersonName + "\n" : "")}Reference: {Reference}\n{(JoiningLink.Length > 0 ? $"To join: {JoiningLink}\n" : "")}{Address}",
        string.Join(", ", new[] { VenueName, VenueAddress.ReplaceLineEndings(", "), VenueName.Length + VenueAddress.Length == 0 ? JoiningLink : "" }.Where(t => t.Length > 0)),
        Address, Revision.Sequence, Revision.ChangedAt, IsCancelled);
}
