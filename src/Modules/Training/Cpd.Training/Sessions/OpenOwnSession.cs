using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Materials;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Sessions;

/// <summary>A session as its trainer sees it: when and where, how many come, its materials; the register is a step away. Nothing of other sessions, charges or waiting lists.</summary>
internal static class OpenOwnSession {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Session Session, IReadOnlyList<SessionDate> Dates, IReadOnlyList<ListMaterials.Material> Materials);

    internal sealed record Session {
        public Guid Id { get; init; }
        public string CourseTitle { get; init; } = "";
        public string LearningOutcomes { get; init; } = "";
        public CourseMode Mode { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string? MapLink { get; init; }
        public string? AccessNotes { get; init; }
        public string JoiningLink { get; init; } = "";
        public int Places { get; init; }
        public int Booked { get; init; }
        public Publication State { get; init; }
        public string CancelReason { get; init; } = "";
        public DateTime? RegisterClosedAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT s.Id, c.Title AS CourseTitle, c.LearningOutcomes, c.Mode, s.StartsAt, s.EndsAt, s.VenueName, s.VenueAddress, v.MapLink, v.AccessNotes, s.JoiningLink, s.Places, s.State, s.CancelReason, s.RegisterClosedAt,
                (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS Booked
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            LEFT JOIN training_Room r ON r.Id = s.RoomId
            LEFT JOIN training_Venue v ON v.Id = r.VenueId
            WHERE s.Id = @Id AND s.State <> 'Draft' AND s.TrainerPersonId = @Self
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<Session>(Select, new { request.Id, Self = me.Reach(TrainingPermissions.SeeOwnSessions).Self ?? Guid.Empty }, cancellationToken) is { } session
                ? new View(session, await db.List<SessionDate>(SessionParts.SelectDates, new { request.Id }, cancellationToken), await db.List<ListMaterials.Material>(ListMaterials.Select, new { SessionId = request.Id }, cancellationToken))
                : Outcome.NotFound;
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/my-sessions/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenOwnSession").WithSummary("A session that you give as a trainer, with its dates and materials. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.SeeOwnSessions);
}
