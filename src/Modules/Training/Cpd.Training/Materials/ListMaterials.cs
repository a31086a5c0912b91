using Cpd.Platform.Data;
using Cpd.Platform.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Materials;

/// <summary>What goes with a session, in the order it was added; at most 20. For its trainer and officers of its authority.</summary>
internal static class ListMaterials {
    internal sealed record Query(Guid SessionId) : IRequest<Outcome<View>>;

    internal sealed record View(Session Session, IReadOnlyList<Material> Materials);

    internal sealed record Session {
        public Guid Id { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }

    internal sealed record Material {
        public Guid Id { get; init; }
        public string Title { get; init; } = "";
        /// <summary>Null for a file.</summary>
        public string? Link { get; init; }
        /// <summary>Null for a link.</summary>
        public string? FileName { get; init; }
        public int Size { get; init; }

        /// <summary>"Slides (PDF, 2 MB)".</summary>
        internal string Words => SentFile.Words(Title, FileName, Size);
    }

    internal const string Select = "SELECT Id, Title, Link, FileName, Size FROM training_Material WHERE SessionId = @SessionId ORDER BY Id";

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectSession = """
            SELECT s.Id, c.Title AS CourseTitle, s.StartsAt, s.EndsAt
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @SessionId AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepMaterials);
            return await db.One<Session>(SelectSession, new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty }, cancellationToken) is { } session
                ? new View(session, await db.List<Material>(Select, new { request.SessionId }, cancellationToken)) : Outcome.NotFound;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}/materials", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("ListMaterials").WithSummary("The links and files that go with a session, in the order they were added; at most 20.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.KeepMaterials);
}
