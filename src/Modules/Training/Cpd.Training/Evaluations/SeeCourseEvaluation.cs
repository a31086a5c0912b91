using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>What people said of a course, over all its sessions and of each; a trainer sees those that they gave.</summary>
internal static class SeeCourseEvaluation {
    /// <summary>So many sessions, the latest, are counted.</summary>
    const int Most = 500;

    internal sealed record Query(Guid CourseId) : IRequest<Outcome<View>>;

    /// <param name="Asked">How many attended the sessions that are counted.</param>
    /// <param name="Answered">Of the sessions that are counted: small ones are, when there are enough of them.</param>
    /// <param name="Sessions">Those that were evaluated, latest first.</param>
    internal sealed record View(Guid CourseId, string CourseTitle, int Asked, int Answered, Impact Impact, IReadOnlyList<Result> Results, IReadOnlyList<Session> Sessions);

    internal sealed record Session(Guid Id, DateTime StartsAt, DateTime EndsAt, int Asked, int Answered, IReadOnlyList<Result> Results);

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT c.AuthorityId, c.Title
            FROM training_Course c
            WHERE c.Id = @CourseId AND (@All = 1 OR c.AuthorityId IN @Authorities OR EXISTS (SELECT 1 FROM training_Session s WHERE s.CourseId = c.Id AND s.TrainerPersonId = @Self AND s.State <> 'Draft'))
            """;
        const string SelectHeld = EvaluationResults.HeldColumns + """
            WHERE s.CourseId = @CourseId AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self) AND EXISTS (SELECT 1 FROM training_Evaluation e WHERE e.SessionId = s.Id)
            ORDER BY s.StartsAt DESC, s.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.SeeEvaluations);
            var key = new { request.CourseId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty, Skip = 0, Take = Most };
            if (await db.One<Row>(Select, key, cancellationToken) is not { } course) return Outcome.NotFound;
            var held = await db.List<EvaluationResults.Held>(db.Page(SelectHeld), key, cancellationToken);
            var together = EvaluationResults.Together(held, s => s.Answered);
            var counted = (await EvaluationResults.Count(db, together.Select(s => s.Id), cancellationToken)).ToLookup(c => c.SessionId);
            var questions = await Questions.All(db, course.AuthorityId, cancellationToken);
            var answered = together.Sum(s => s.Answered);
            return new View(request.CourseId, course.Title, together.Sum(s => s.Asked), answered, EvaluationResults.Impact(held), answered < EvaluationTally.Fewest ? [] : EvaluationResults.Of(questions, counted.SelectMany(c => c)), [.. held.Select(s =>
                new Session(s.Id, s.StartsAt, s.EndsAt, s.Asked, s.Answered, s.Answered < EvaluationTally.Fewest ? [] : EvaluationResults.Of(questions, counted[s.Id])))]);
        }
    }

    internal static ResultsFile File(View view) => new("evaluation", [
        .. ResultsFile.Of(view.CourseTitle, null, view.Results), .. view.Sessions.SelectMany(s => ResultsFile.Of(view.CourseTitle, London.Day(s.StartsAt), s.Results)),
    ]);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/courses/{id:guid}/evaluation", async (Guid id, string? format, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(v => format == "csv" ? File(v) : Results.Ok(v)))
        .WithName("SeeCourseEvaluation").WithSummary("What people said of a course over all its sessions, and of each. Nothing is broken down where fewer than five answered. format is json (default) or csv.")
        .Produces<View>().Produces(200, contentType: "text/csv").ProducesProblem(404)
        .Requires(TrainingPermissions.SeeEvaluations);

    sealed record Row {
        public Guid AuthorityId { get; init; }
        public string Title { get; init; } = "";
    }
}
