using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>What someone who attended is asked: by the link of their message, or of their own booking when signed in.</summary>
internal static class SeeEvaluationForm {
    /// <param name="Token">From a message; without one it is the reader's own booking.</param>
    internal sealed record Query(Guid BookingId, string? Token = null) : IRequest<Outcome<View>>;

    internal sealed record View(Form Form, IReadOnlyList<Question> Questions);

    internal sealed record Form {
        public Guid BookingId { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid AuthorityId { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        /// <summary>UTC; from then on it is too late.</summary>
        public DateTime ClosesAt { get; init; }
        public bool Answered { get; init; }
        /// <summary>The certificate is issued once the person has answered, so they can for as long as it takes.</summary>
        public bool CertificateAfterEvaluation { get; init; }
        internal bool IsOpen(DateTime now) => !Answered && (CertificateAfterEvaluation || ClosesAt > now);
    }

    const string Select = """
        SELECT e.BookingId, e.SessionId, e.PersonId, s.AuthorityId, c.Title AS CourseTitle, s.StartsAt, s.EndsAt, e.ClosesAt, e.Answered, s.CertificateAfterEvaluation
        FROM training_Evaluation e
        JOIN training_Session s ON s.Id = e.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE e.BookingId = @BookingId AND e.WithdrawnAt IS NULL AND (@ByLink = 1 OR e.PersonId = @Me)
        """;

    internal static Task<Form?> Find(Db db, CurrentUser me, EvaluationToken tokens, Guid bookingId, string? token, CancellationToken ct) =>
        db.One<Form>(Select, new { BookingId = token is null ? bookingId : tokens.Read(token) ?? Guid.Empty, ByLink = token is null ? 0 : 1, Me = me.PersonId }, ct);

    internal sealed class Handler(Db db, EvaluationToken tokens, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await Find(db, me, tokens, request.BookingId, request.Token, cancellationToken) is { } form ? new View(form, await Questions.Live(db, form.AuthorityId, cancellationToken)) : Outcome.NotFound;
    }

    internal sealed record Asked(Guid QuestionId, QuestionKind Kind, string Words, IReadOnlyList<string> Choices);
    internal sealed record Answer(Guid BookingId, string CourseTitle, DateTime ClosesAt, bool Answered, IReadOnlyList<Asked> Questions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id:guid}/evaluation", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(v =>
            Results.Ok(new Answer(v.Form.BookingId, v.Form.CourseTitle, v.Form.ClosesAt, v.Form.Answered, [.. v.Questions.Select(q => new Asked(q.Id, q.Kind, q.Words, q.Choices))]))))
        .WithName("SeeEvaluationForm").WithSummary("What you are asked about a session that you attended, until when (UTC), and whether you have answered.").Produces<Answer>().ProducesProblem(404)
        .Requires(TrainingPermissions.Book);
}
