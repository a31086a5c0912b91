using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Charges;
using Cpd.Training.Sessions;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>What the reader of a message's link sees of their place before they cancel it, with what that costs, join it or add it to a calendar. It changes nothing.</summary>
internal static class SeePlace {
    internal sealed record ToCancel(string Token) : IRequest<Outcome<Cancellable>>;

    internal sealed record ToJoin(string Token) : IRequest<Outcome<Joinable>>;

    internal sealed record ForCalendar(string Token) : IRequest<Outcome<Entries>>;

    /// <param name="Dates">An appointment for each date.</param>
    internal sealed record Entries(IReadOnlyList<CalendarEntry> Dates);

    internal sealed record Cancellable(Booking Booking, IReadOnlyList<SessionDate> Dates, string PersonName, bool MayCancel, PreviewCancellation.View Cost);

    internal sealed record Joinable(Booking Booking, IReadOnlyList<SessionDate> Dates);

    internal sealed record Booking {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public DateTime BookedAt { get; init; }
        public DateTime StartsAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public string CourseTitle { get; init; } = "";
    }

    // By its person too: once a colleague has taken the place over, the link is of no use.
    const string Select = """
        SELECT b.Id, b.SessionId, b.PersonId, b.State, b.Reference, b.BookedAt, s.StartsAt, s.VenueName, s.VenueAddress, s.JoiningLink, c.Title AS CourseTitle
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.Id = @BookingId AND b.PersonId = @PersonId
        """;

    internal sealed class ToCancelHandler(Db db, IMediator mediator, CancelToken tokens, TimeProvider clock) : IRequestHandler<ToCancel, Outcome<Cancellable>> {
        public async Task<Outcome<Cancellable>> Handle(ToCancel request, CancellationToken cancellationToken) {
            if (tokens.Read(request.Token) is not { } place || await db.One<Booking>(Select, place, cancellationToken) is not { } booking) return Outcome.NotFound;
            var cost = await mediator.Send(new PreviewCancellation.Query(Guid.Empty, request.Token), cancellationToken);
            if (cost.Refusal is { } refusal) return refusal;
            var person = await mediator.Send(new FindPeople([booking.PersonId]), cancellationToken) is [var found, ..] ? found.Name : "";
            return new Cancellable(booking, await db.List<SessionDate>(SessionParts.SelectDates, new { Id = booking.SessionId }, cancellationToken), person,
                booking.State == BookingState.Booked && booking.StartsAt > clock.GetUtcNow().UtcDateTime, cost.Value);
        }
    }

    internal sealed class ToJoinHandler(Db db, JoinToken tokens) : IRequestHandler<ToJoin, Outcome<Joinable>> {
        public async Task<Outcome<Joinable>> Handle(ToJoin request, CancellationToken cancellationToken) =>
            tokens.Read(request.Token) is { } place && await db.One<Booking>(Select, place, cancellationToken) is { State: BookingState.Booked } booking
                ? new Joinable(booking, await db.List<SessionDate>(SessionParts.SelectDates, new { Id = booking.SessionId }, cancellationToken)) : Outcome.NotFound;
    }

    internal sealed class ForCalendarHandler(Db db, IMediator mediator, CalendarToken tokens, Appointments appointments, Site site) : IRequestHandler<ForCalendar, Outcome<Entries>> {
        public async Task<Outcome<Entries>> Handle(ForCalendar request, CancellationToken cancellationToken) {
            if (tokens.Read(request.Token) is not { } place || await db.One<Booking>(Select, place, cancellationToken) is not { } booking || booking.State == BookingState.Waiting) return Outcome.NotFound;
            var person = await mediator.Send(new FindPeople([booking.PersonId]), cancellationToken) is [var found, ..] ? found.Name : "";
            var told = (await appointments.Find([booking.Id], cancellationToken)).GetValueOrDefault(booking.Id) ?? new Revision { Id = booking.Id, ChangedAt = booking.BookedAt };
            var ended = booking.State == BookingState.Cancelled;
            return new Entries(new Appointment(booking.Id, booking.CourseTitle, booking.VenueName, booking.VenueAddress, ended ? "" : booking.JoiningLink, booking.Reference, person, site.Absolute(TrainingLinks.Booking(booking.Id)), told, ended)
                .Entries(await db.List<SessionDate>(SessionParts.SelectDates, new { Id = booking.SessionId }, cancellationToken)));
        }
    }
}
