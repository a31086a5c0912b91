using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.MeetingEvaluations;

/// <summary>What those who were at a meeting said of it: percentages, and what they wrote without who wrote it. For officers of the forum.</summary>
internal static class SeeEvaluation {
    internal sealed record Query(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <param name="Asked">How many were there.</param>
    /// <param name="TooFew">Nothing is broken down, and nothing that was written is shown, because fewer than five have answered.</param>
    /// <param name="Said">What people wrote, in no order that says who; at most 500.</param>
    internal sealed record View(Held Meeting, int Asked, int Answered, bool TooFew, IReadOnlyList<Result> Results, IReadOnlyList<string> Said);

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectCounts = """
            SELECT (SELECT COUNT(*) FROM forums_Evaluation e WHERE e.MeetingId = m.Id AND e.WithdrawnAt IS NULL) AS Asked,
                (SELECT COUNT(DISTINCT a.ResponseId) FROM forums_EvaluationAnswer a WHERE a.MeetingId = m.Id) AS Answered
            FROM forums_Meeting m
            WHERE m.Id = @MeetingId
            """;
        const string SelectChoices = "SELECT QuestionId, Choice, COUNT(*) AS Answers FROM forums_EvaluationAnswer WHERE MeetingId = @MeetingId AND Choice IS NOT NULL GROUP BY QuestionId, Choice";
        const string SelectSaid = "SELECT Words FROM forums_EvaluationAnswer WHERE MeetingId = @MeetingId AND Words IS NOT NULL ORDER BY ResponseId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var counts = (await db.One<Counts>(SelectCounts, request, cancellationToken))!;
            if (counts.Answered < EvaluationTally.Fewest) return new View(meeting, counts.Asked, counts.Answered, true, [], []);
            var choices = await db.List<ChoiceRow>(SelectChoices, request, cancellationToken);
            return new View(meeting, counts.Asked, counts.Answered, false, EvaluationTally.Of(EvaluationRequests.Questions, choices.Select(c => (c.QuestionId, c.Choice, c.Answers))),
                await db.List<string>(db.Page(SelectSaid), new { request.MeetingId, Skip = 0, Take = 500 }, cancellationToken));
        }

        sealed record Counts {
            public int Asked { get; init; }
            public int Answered { get; init; }
        }

        sealed record ChoiceRow {
            public Guid QuestionId { get; init; }
            public int Choice { get; init; }
            public int Answers { get; init; }
        }
    }

    internal sealed record Answer(Guid MeetingId, int Asked, int Answered, bool TooFew, IReadOnlyList<Result> Results, IReadOnlyList<string> Said);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/meetings/{id:guid}/evaluation", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(v => Results.Ok(new Answer(v.Meeting.Id, v.Asked, v.Answered, v.TooFew, v.Results, v.Said))))
        .WithName("SeeMeetingEvaluation").WithSummary("What those who were at a meeting said of it. percent is of those who answered a question; nothing is broken down where fewer than five answered.").Produces<Answer>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
