using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Materials;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>
/// A booking with all that the person needs for the day; the joining link only for the person who is booked. Who waits sees where they
/// stand and why; everyone who may see it sees who did what with it.
/// </summary>
internal static class OpenBooking {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Standing">For those who wait.</param>
    /// <param name="Decisions">What was decided for this person when places became free, latest first.</param>
    /// <param name="Instead">Other dates of the course, when the session has been cancelled.</param>
    /// <param name="Entries">What a calendar holds of it, one for each date; nothing of those who wait.</param>
    internal sealed record View(Booking Booking, IReadOnlyList<SessionDate> Dates, string PersonName, bool IsMine, WaitingList.Standing? Standing, bool MayCancel, bool MayApprove,
        IReadOnlyList<Event> History, IReadOnlyList<Decision> Decisions, IReadOnlyList<ListAlternatives.View> Instead, IReadOnlyList<CalendarEntry> Entries) {
        /// <summary>What goes with the session, for the person who is booked.</summary>
        public IReadOnlyList<ListMaterials.Material> Materials { get; init; } = [];
        /// <summary>The last message about the booking, where one was sent in the last 30 days.</summary>
        public LastMessage? LastMessage { get; init; }
    }

    internal sealed record Decision {
        public DateTime At { get; init; }
        public Verdict Verdict { get; init; }
        public string Why { get; init; } = "";
    }

    /// <param name="For">Whose booking it was then: a colleague may have taken it over since.</param>
    internal sealed record Event(DateTime At, string By, string What, string Detail, string For);

    internal sealed record Booking {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public DateTime BookedAt { get; init; }
        public Approval? Approval { get; init; }
        public Guid? SettingId { get; init; }
        public Guid? AuthorityId { get; init; }
        public Publication SessionState { get; init; }
        public string CancelReason { get; init; } = "";
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public DateTime StartsAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string? MapLink { get; init; }
        public string? AccessNotes { get; init; }
        public string JoiningLink { get; init; } = "";
        public int SessionVersion { get; init; }
        public Guid CourseId { get; init; }
        public string CourseTitle { get; init; } = "";
        public CourseMode Mode { get; init; }
        public int PricePence { get; init; }
        /// <summary>How much the organiser asks of those who are booked.</summary>
        public int Questions { get; init; }
        /// <summary>Until when the person may say what they thought; null for who did not attend or has said it.</summary>
        public DateTime? EvaluateUntil { get; init; }
        public bool CertificateAfterEvaluation { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, WaitingList waitingList, Appointments appointments, Deliveries deliveries, Site site, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.State, b.Reference, b.BookedAt, b.CancelReason, b.Approval, b.SettingId, b.AuthorityId, b.Attendance, b.MinutesAttended,
                s.State AS SessionState, s.StartsAt, s.VenueName, s.VenueAddress, v.MapLink, v.AccessNotes, s.JoiningLink, s.Version AS SessionVersion, s.CourseId, c.Title AS CourseTitle, c.Mode, c.PricePence,
                (SELECT COUNT(*) FROM training_SessionQuestion q WHERE q.SessionId = s.Id) AS Questions,
                s.CertificateAfterEvaluation, (SELECT e.ClosesAt FROM training_Evaluation e WHERE e.BookingId = b.Id AND e.PersonId = b.PersonId AND e.Answered = 0 AND e.WithdrawnAt IS NULL) AS EvaluateUntil
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            JOIN training_Course c ON c.Id = s.CourseId
            LEFT JOIN training_Room r ON r.Id = s.RoomId
            LEFT JOIN training_Venue v ON v.Id = r.VenueId
            WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
            """;
        const string SelectDecisions = """
            SELECT d.At, l.Verdict, l.Why
            FROM training_DecisionLine l
            JOIN training_Decision d ON d.Id = l.DecisionId
            WHERE l.BookingId = @Id
            ORDER BY l.DecisionId DESC
            """;
        const string SelectHistory = "SELECT At, PersonId, Act, Detail, InsteadOf FROM training_BookingHistory WHERE BookingId = @Id ORDER BY At, Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            var key = new { request.Id, All = reach.All ? 1 : 0, Self = me.PersonId, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Booking>(Select, key, cancellationToken) is not { } booking) return Outcome.NotFound;
            var history = await db.List<Row>(SelectHistory, new { request.Id }, cancellationToken);
            var names = (await mediator.Send(new FindPeople([booking.PersonId, .. history.SelectMany(h => new[] { h.PersonId, h.InsteadOf }).OfType<Guid>().Distinct()]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var mine = booking.PersonId == me.PersonId;
            var list = booking.State == BookingState.Waiting ? await waitingList.Read(booking.SessionId, new HashSet<Guid>(), cancellationToken) : null;
            var approve = me.Reach(TrainingPermissions.ApproveBookings);
            booking = booking with { JoiningLink = mine && booking.State == BookingState.Booked ? booking.JoiningLink : "" };
            var dates = await db.List<SessionDate>(SessionParts.SelectDates, new { Id = booking.SessionId }, cancellationToken);
            return new View(booking, dates, names.GetValueOrDefault(booking.PersonId, ""), mine, list?.Of(booking.Id),
                booking.State != BookingState.Cancelled && booking.StartsAt > clock.GetUtcNow().UtcDateTime,
                booking is { Approval: Approval.Asked, State: BookingState.Waiting } && (approve.All || approve.Settings.Contains(booking.SettingId ?? Guid.Empty) || approve.Authorities.Contains(booking.AuthorityId ?? Guid.Empty)),
                Told(history, booking.PersonId, names),
                await db.List<Decision>(db.Page(SelectDecisions), new { request.Id, Skip = 0, Take = 10 }, cancellationToken),
                booking is { SessionState: Publication.Cancelled, State: BookingState.Cancelled } ? await mediator.Send(new ListAlternatives.Query(booking.CourseId, booking.SessionId), cancellationToken) : [],
                await Entries(booking, dates, names.GetValueOrDefault(booking.PersonId, ""), cancellationToken)) {
                LastMessage = (await deliveries.Last([booking.Id], [booking.SessionId], cancellationToken)).GetValueOrDefault(booking.Id),
                Materials = mine && booking.State == BookingState.Booked ? await db.List<ListMaterials.Material>(ListMaterials.Select, new { booking.SessionId }, cancellationToken) : [],
            };
        }

        async Task<IReadOnlyList<CalendarEntry>> Entries(Booking booking, IReadOnlyList<SessionDate> dates, string name, CancellationToken ct) {
            var told = (await appointments.Find([booking.Id], ct)).GetValueOrDefault(booking.Id);
            if (told is null && booking.State != BookingState.Booked) return [];
            return new Appointment(booking.Id, booking.CourseTitle, booking.VenueName, booking.VenueAddress, booking.JoiningLink.Length > 0 ? site.Absolute(TrainingLinks.Join(booking.SessionId)) : "", booking.Reference, name, site.Absolute(TrainingLinks.Booking(booking.Id)),
                told ?? new Revision { Id = booking.Id, ChangedAt = booking.BookedAt }, booking.State == BookingState.Cancelled).Entries(dates);
        }
    }

    /// <summary>What happened, in order; read backwards, since each taking over says whose the booking was before.</summary>
    static List<Event> Told(IReadOnlyList<Row> history, Guid personId, Dictionary<Guid, string> names) {
        var told = new List<Event>();
        foreach (var row in history.Reverse()) {
            told.Add(new(row.At, row.PersonId == Guid.Empty ? "the service" : names.GetValueOrDefault(row.PersonId, ""), row.Act, row.Detail, names.GetValueOrDefault(personId, "")));
            personId = row.InsteadOf ?? personId;
        }
        told.Reverse();
        return told;
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenBooking").WithSummary("A booking: where someone who waits stands and why, and who did what with it. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.Book);

    sealed record Row {
        public DateTime At { get; init; }
        public Guid PersonId { get; init; }
        public string Act { get; init; } = "";
        public string Detail { get; init; } = "";
        public Guid? InsteadOf { get; init; }
    }
}
