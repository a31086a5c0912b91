using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Training.Sessions;

namespace Cpd.Training.Bookings;

/// <summary>A person's bookings for their calendar. Who waits has nothing there, and what was called off stays only if they had a place.</summary>
internal sealed class BookingCalendarSource(Db db, Appointments appointments, Site site) : ICalendarSource {
    const string Select = """
        SELECT b.Id, b.SessionId, b.State, b.Reference, b.BookedAt, s.VenueName, s.VenueAddress, s.JoiningLink, c.Title
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.PersonId = @PersonId AND ((b.State = 'Booked' AND s.EndsAt >= @From) OR (b.State = 'Cancelled' AND b.CancelledAt >= @From))
        ORDER BY s.StartsAt, b.Id
        """;
    const string SelectDates = """
        SELECT d.SessionId, d.StartsAt, d.EndsAt
        FROM training_SessionDate d
        WHERE d.SessionId IN (SELECT b.SessionId FROM training_Booking b WHERE b.PersonId = @PersonId)
        ORDER BY d.SessionId, d.StartsAt
        """;

    public async Task<IReadOnlyList<CalendarEntry>> Entries(Guid personId, DateTime from, CancellationToken ct) {
        var bookings = await db.List<Row>(Select, new { PersonId = personId, From = from }, ct);
        if (bookings.Count == 0) return [];
        var dates = (await db.List<DateRow>(SelectDates, new { PersonId = personId }, ct)).ToLookup(d => d.SessionId, d => new SessionDate { StartsAt = d.StartsAt, EndsAt = d.EndsAt });
        var revisions = await appointments.Find(bookings.Select(b => b.Id), ct);
        return [.. bookings.Where(b => b.State == BookingState.Booked || revisions.ContainsKey(b.Id)).SelectMany(b => new Appointment(
            b.Id, b.Title, b.VenueName, b.VenueAddress, b.State == BookingState.Booked && b.JoiningLink.Length > 0 ? site.Absolute(TrainingLinks.Join(b.SessionId)) : "", b.Reference, "", site.Absolute(TrainingLinks.Booking(b.Id)),
            revisions.GetValueOrDefault(b.Id) ?? new Revision { Id = b.Id, ChangedAt = b.BookedAt }, b.State == BookingState.Cancelled).Entries([.. dates[b.SessionId]]))];
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public DateTime BookedAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public string Title { get; init; } = "";
    }

    sealed record DateRow {
        public Guid SessionId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }
}
