using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>What those who attended a session said of it: percentages, and what they wrote without who wrote it. For officers of its authority and its trainer.</summary>
internal static class SeeSessionEvaluation {
    /// <param name="Paging">Of what was written; null for all of it.</param>
    internal sealed record Query(Guid SessionId, Paging? Paging) : IRequest<Outcome<View>>;

    /// <param name="Asked">How many attended.</param>
    /// <param name="CertificateAfterEvaluation">Certificates are issued once a person has answered.</param>
    /// <param name="MayChange">The reader may say whether they are.</param>
    /// <param name="TooFew">Nothing is broken down, and nothing that was written is shown, because fewer than five have answered.</param>
    internal sealed record View(Guid SessionId, Guid CourseId, string CourseTitle, DateTime StartsAt, DateTime EndsAt, int Asked, int Answered, bool TooFew, Impact Impact, IReadOnlyList<Result> Results, PageOf<Said> Said, bool CertificateAfterEvaluation, bool MayChange);

    /// <summary>What someone wrote, in no order that says who.</summary>
    internal sealed record Said {
        public Guid QuestionId { get; init; }
        public string Question { get; init; } = "";
        public string Words { get; init; } = "";
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT s.CourseId, s.AuthorityId, s.CertificateAfterEvaluation, s.RegisterClosedAt, c.Title FROM training_Session s JOIN training_Course c ON c.Id = s.CourseId WHERE s.Id = @SessionId AND s.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)";
        const string SelectHeld = EvaluationResults.HeldColumns + "WHERE s.Id = @SessionId";
        const string CountSaid = "SELECT COUNT(*) FROM training_EvaluationAnswer WHERE SessionId = @SessionId AND Words IS NOT NULL";
        const string SelectSaid = "SELECT QuestionId, Words FROM training_EvaluationAnswer WHERE SessionId = @SessionId AND Words IS NOT NULL ORDER BY QuestionId, ResponseId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.SeeEvaluations);
            if (await db.One<Row>(Select, new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty }, cancellationToken) is not { } session) return Outcome.NotFound;
            var held = (await db.One<EvaluationResults.Held>(SelectHeld, request, cancellationToken))!;
            var first = request.Paging ?? new Paging(1, 5000);
            if (held.Answered < EvaluationTally.Fewest) return View(session, held, [], new([], 0, first));
            var questions = await Questions.All(db, session.AuthorityId, cancellationToken);
            var results = EvaluationResults.Of(questions, await EvaluationResults.Count(db, [request.SessionId], cancellationToken));
            var total = await db.One<int>(CountSaid, request, cancellationToken);
            var paging = first.Skip < total ? first : new Paging(1, first.Size);
            var words = questions.ToDictionary(q => q.Id, q => q.Words);
            var said = await db.List<Said>(db.Page(SelectSaid), new { request.SessionId, paging.Skip, paging.Take }, cancellationToken);
            return View(session, held, results, new([.. said.Select(s => s with { Question = words.GetValueOrDefault(s.QuestionId, "") })], total, paging));
        }

        View View(Row session, EvaluationResults.Held held, IReadOnlyList<Result> results, PageOf<Said> said) =>
            new(held.Id, session.CourseId, session.Title, held.StartsAt, held.EndsAt, held.Asked, held.Answered, held.Answered < EvaluationTally.Fewest, EvaluationResults.Impact([held]), results, said,
                session.CertificateAfterEvaluation, me.Reach(TrainingPermissions.ManageCourses) is var reach && (reach.All || reach.Authorities.Contains(session.AuthorityId)) && (session.CertificateAfterEvaluation || session.RegisterClosedAt is null));
    }

    internal static ResultsFile File(View view) => new($"evaluation-{London.Day(view.StartsAt):yyyy-MM-dd}", [
        .. ResultsFile.Of(view.CourseTitle, London.Day(view.StartsAt), view.Results), .. view.Said.Items.Select(s => new ResultsFile.Row(view.CourseTitle, London.Day(view.StartsAt), s.Question, s.Words, null, null)),
    ]);

    internal sealed record Answer(Guid SessionId, Guid CourseId, string CourseTitle, DateTime StartsAt, int Asked, int Answered, bool TooFew, bool CertificateAfterEvaluation, Impact Impact, IReadOnlyList<Result> Results, IReadOnlyList<Said> Said);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}/evaluation", async (Guid id, string? format, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id, null), ct)).ToHttp(v => format == "csv" ? File(v)
            : Results.Ok(new Answer(v.SessionId, v.CourseId, v.CourseTitle, v.StartsAt, v.Asked, v.Answered, v.TooFew, v.CertificateAfterEvaluation, v.Impact, v.Results, v.Said.Items))))
        .WithName("SeeSessionEvaluation").WithSummary("What those who attended a session said of it. percent is of those who answered a question; nothing is broken down where fewer than five answered. format is json (default) or csv.")
        .Produces<Answer>().Produces(200, contentType: "text/csv").ProducesProblem(404)
        .Requires(TrainingPermissions.SeeEvaluations);

    sealed record Row {
        public Guid CourseId { get; init; }
        public Guid AuthorityId { get; init; }
        public string Title { get; init; } = "";
        public bool CertificateAfterEvaluation { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
    }
}
