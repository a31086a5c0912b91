using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using Cpd.Training.Sessions;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>A booking with all that the person needs for the day; the joining link only for the person who is booked.</summary>
internal static class OpenBooking {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Position">On the waiting list, from 1.</param>
    internal sealed record View(Booking Booking, IReadOnlyList<SessionDate> Dates, string PersonName, bool IsMine, int? Position, bool MayCancel, IReadOnlyList<Event> History);

    internal sealed record Event(DateTime At, string By, string What, string Detail);

    internal sealed record Booking {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public DateTime BookedAt { get; init; }
        public int? WaitingNumber { get; init; }
        public string CancelReason { get; init; } = "";
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public DateTime StartsAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public int SessionVersion { get; init; }
        public Guid CourseId { get; init; }
        public string CourseTitle { get; init; } = "";
        public CourseMode Mode { get; init; }
        public int PricePence { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.State, b.Reference, b.BookedAt, b.WaitingNumber, b.CancelReason, b.Attendance, b.MinutesAttended,
                s.StartsAt, s.VenueName, s.VenueAddress, s.JoiningLink, s.Version AS SessionVersion, s.CourseId, c.Title AS CourseTitle, c.Mode, c.PricePence
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
            """;
        const string CountBefore = "SELECT COUNT(*) FROM training_Booking WHERE SessionId = @SessionId AND State = 'Waiting' AND WaitingNumber <= @WaitingNumber";
        const string SelectHistory = "SELECT At, PersonId, Act, Detail FROM training_BookingHistory WHERE BookingId = @Id ORDER BY At, Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            var key = new { request.Id, All = reach.All ? 1 : 0, Self = me.PersonId, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Booking>(Select, key, cancellationToken) is not { } booking) return Outcome.NotFound;
            var history = await db.List<Row>(SelectHistory, new { request.Id }, cancellationToken);
            var names = (await mediator.Send(new FindPeople([booking.PersonId, .. history.Select(h => h.PersonId).Distinct()]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var mine = booking.PersonId == me.PersonId;
            return new View(booking with { JoiningLink = mine && booking.State == BookingState.Booked ? booking.JoiningLink : "" },
                await db.List<SessionDate>(SessionParts.SelectDates, new { Id = booking.SessionId }, cancellationToken), names.GetValueOrDefault(booking.PersonId, ""), mine,
                booking.WaitingNumber is { } number ? await db.One<int>(CountBefore, new { booking.SessionId, WaitingNumber = number }, cancellationToken) : null,
                booking.State != BookingState.Cancelled && booking.StartsAt > clock.GetUtcNow().UtcDateTime,
                [.. history.Select(h => new Event(h.At, names.GetValueOrDefault(h.PersonId, ""), h.Act, h.Detail))]);
        }
    }

    sealed record Row {
        public DateTime At { get; init; }
        public Guid PersonId { get; init; }
        public string Act { get; init; } = "";
        public string Detail { get; init; } = "";
    }
}
