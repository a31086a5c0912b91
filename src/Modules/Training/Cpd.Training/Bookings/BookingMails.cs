using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.Extensions.Configuration;

namespace Cpd.Training.Bookings;

/// <summary>What people are told of their bookings by e-mail. People without an address are left out.</summary>
internal sealed class BookingMails(Db db, IMediator mediator, IConfiguration configuration) {
    const string SelectSession = """
        SELECT c.Title, s.VenueName, s.VenueAddress
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.Id = @Id
        """;

    internal sealed record Booked {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Reference { get; init; } = "";
    }

    internal Task<IReadOnlyList<Mail>> Confirmed(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-confirmed", b.Id), "Booked", b => $"""
        You have a place.

        Your reference: {b.Reference}
        """, ct);

    internal Task<IReadOnlyList<Mail>> Waiting(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-waiting", b.Id), "On the waiting list", b => $"""
        The session is full, so you are on its waiting list. We will e-mail you as soon as a place is yours: you do not need to do anything.

        Your reference: {b.Reference}
        """, ct);

    internal Task<IReadOnlyList<Mail>> Promoted(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-promoted", b.Id), "You now have a place", b => $"""
        A place has become free and it is yours. If you can no longer come, please cancel your booking so that the next person can.

        Your reference: {b.Reference}
        """, ct);

    internal Task<IReadOnlyList<Mail>> Cancelled(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-cancelled", b.Id), "Booking cancelled", b => $"""
        Your booking {b.Reference} has been cancelled.

        Reason: {reason}
        """, ct);

    internal Task<IReadOnlyList<Mail>> SessionCancelled(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, CancellationToken ct) => Write(sessionId, bookings, b => ("session-cancelled", b.Id), "Session cancelled", b => $"""
        The session has been cancelled, and with it your booking {b.Reference}.

        Reason: {reason}
        """, ct);

    /// <param name="changeId">The change, so that each is told once.</param>
    internal Task<IReadOnlyList<Mail>> Moved(Guid changeId, Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, _ => ("session-moved", changeId), "Session changed", b => $"""
        The date, the time or the venue of the session has changed. What follows is right now. Your booking {b.Reference} stands.
        """, ct);

    async Task<IReadOnlyList<Mail>> Write(Guid sessionId, IReadOnlyList<Booked> bookings, Func<Booked, (string Kind, Guid Cause)> cause, string subject, Func<Booked, string> words, CancellationToken ct) {
        if (bookings.Count == 0) return [];
        var session = (await db.One<Session>(SelectSession, new { Id = sessionId }, ct))!;
        var dates = await db.List<SessionDate>(SessionParts.SelectDates, new { Id = sessionId }, ct);
        var people = new Dictionary<Guid, PersonCard>();
        foreach (var batch in bookings.Select(b => b.PersonId).Distinct().Chunk(1000))
            foreach (var person in await mediator.Send(new FindPeople(batch), ct)) people[person.Id] = person;
        var when = string.Join('\n', dates.Select(d => Show.Period(d.StartsAt, d.EndsAt)));
        var where = string.Join(", ", new[] { session.VenueName, session.VenueAddress }.Where(t => t.Length > 0));
        return [.. bookings.Where(b => people.GetValueOrDefault(b.PersonId)?.Email is not null).Select(b => {
            var person = people[b.PersonId];
            var (kind, id) = cause(b);
            return new Mail(kind, id, person.Email!, $"{subject}: {session.Title}", $"""
                Dear {person.Name},

                {words(b)}

                {session.Title}
                {when}
                {(where.Length > 0 ? where + "\n" : "")}
                Your booking, with how to join, a calendar file and how to cancel:
                {Site}{TrainingLinks.Booking(b.Id)}
                """);
        })];
    }

    /// <summary>Where people reach this service: <c>Site:Address</c>, else the first address it listens on.</summary>
    string Site => (configuration["Site:Address"] ?? (configuration["urls"] ?? "http://localhost:5080").Split(';')[0]).TrimEnd('/');

    sealed record Session {
        public string Title { get; init; } = "";
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
    }
}
