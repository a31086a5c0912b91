using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using Cpd.Training.Venues;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>A session of the officer's authority as they wrote it.</summary>
internal static class OpenManagedSession {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Faults">What the nightly check of places has found wrong.</param>
    /// <param name="RoomWarnings">Another session is in its room at the same time, or the room is too small.</param>
    internal sealed record View(Session Session, IReadOnlyList<SessionDate> Dates, string? TrainerName, IReadOnlyList<string> Faults, IReadOnlyList<string> RoomWarnings);

    internal sealed record Session {
        public Guid Id { get; init; }
        public Guid CourseId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? RoomId { get; init; }
        public string CourseTitle { get; init; } = "";
        public CourseMode Mode { get; init; }
        public Publication CourseState { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public Guid? TrainerPersonId { get; init; }
        public Publication State { get; init; }
        public string CancelReason { get; init; } = "";
        public DateTime? RegisterClosedAt { get; init; }
        public int Version { get; init; }
        public bool Ruled { get; init; }
        public int? LeastPeople { get; init; }
        public DateTime? DecideAt { get; init; }
        public int Booked { get; init; }
        public int Held { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT s.Id, s.CourseId, s.AuthorityId, s.RoomId, c.Title AS CourseTitle, c.Mode, c.State AS CourseState, s.StartsAt, s.EndsAt, s.Places, s.PlacesTaken, s.WaitingCount, s.OpensAt, s.ClosesAt,
                s.VenueName, s.VenueAddress, s.JoiningLink, s.TrainerPersonId, s.State, s.CancelReason, s.RegisterClosedAt, s.Version, s.Ruled, s.LeastPeople, s.DecideAt,
                (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS Booked,
                (SELECT COUNT(*) FROM training_Hold h WHERE h.SessionId = s.Id AND h.EndedAt IS NULL) AS Held
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;

        const string SelectFaults = "SELECT Fault FROM training_PlaceFault WHERE SessionId = @Id AND ClearedAt IS NULL ORDER BY Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (await db.One<Session>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } session) return Outcome.NotFound;
            var dates = await db.List<SessionDate>(SessionParts.SelectDates, new { request.Id }, cancellationToken);
            var trainer = session.TrainerPersonId is { } id ? await mediator.Send(new FindPeople([id]), cancellationToken) is [var person, ..] ? person.Name : null : null;
            return new View(session, dates, trainer, await db.List<string>(SelectFaults, new { request.Id }, cancellationToken),
                session.RoomId is null || session.State == Publication.Cancelled ? [] : await RoomUse.Warnings(db, request.Id, cancellationToken));
        }
    }
}
