using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.MeetingEvaluations;

/// <summary>Someone who was at a meeting says what they thought of it, once, until it closes. That they answered is kept with their name; what they answered is not.</summary>
internal static class AnswerEvaluation {
    internal sealed record Query(string Token) : IRequest<Outcome<Form>>;
    internal sealed record Command(string Token, IReadOnlyList<GivenAnswer>? Answers) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Form {
        public Guid MeetingId { get; init; }
        public Guid PersonId { get; init; }
        public string SeriesName { get; init; } = "";
        public DateTime StartsAt { get; init; }
        /// <summary>UTC; from then on it is too late.</summary>
        public DateTime ClosesAt { get; init; }
        public bool Answered { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Answers).MustBeAnswers();
    }

    internal sealed class Handler(Db db, EvaluationToken tokens, TimeProvider clock) : IRequestHandler<Query, Outcome<Form>>, IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT e.MeetingId, e.PersonId, s.Name AS SeriesName, m.StartsAt, e.ClosesAt, e.Answered
            FROM forums_Evaluation e
            JOIN forums_Meeting m ON m.Id = e.MeetingId
            JOIN forums_Series s ON s.Id = m.SeriesId
            WHERE e.MeetingId = @MeetingId AND e.PersonId = @PersonId AND e.WithdrawnAt IS NULL
            """;
        // The claim: of two answers sent at once, one changes the row.
        const string Claim = "UPDATE forums_Evaluation SET Answered = 1 WHERE MeetingId = @MeetingId AND PersonId = @PersonId AND Answered = 0 AND WithdrawnAt IS NULL AND ClosesAt > @Now";
        const string Insert = "INSERT INTO forums_EvaluationAnswer (ResponseId, QuestionId, MeetingId, Choice, Words) VALUES (@ResponseId, @QuestionId, @MeetingId, @Choice, @Words)";

        public async Task<Outcome<Form>> Handle(Query request, CancellationToken cancellationToken) => await Find(request.Token, cancellationToken) is { } form ? form : Outcome.NotFound;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Find(request.Token, cancellationToken) is not { } form) return Outcome.NotFound;
            var given = (request.Answers ?? []).Where(g => EvaluationRequests.Questions.Any(q => q.Id == g.QuestionId)).ToList();
            if (given.Missing(EvaluationRequests.Questions) is { Count: > 0 } missing) return new Invalid(missing);
            if (await db.Execute(Claim, new { form.MeetingId, form.PersonId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 0)
                return Outcome.Conflict(form.Answered ? "You have answered already. Thank you." : $"You could answer until {Show.Date(form.ClosesAt.AddTicks(-1))}.");
            await db.Execute(Insert, given.Nameless(EvaluationRequests.Questions).Select(a => new { a.ResponseId, a.QuestionId, form.MeetingId, a.Choice, a.Words }).ToList(), cancellationToken);
            return Outcome.Done;
        }

        async Task<Form?> Find(string token, CancellationToken ct) => tokens.Read(token) is { } named ? await db.One<Form>(Select, new { named.MeetingId, named.PersonId }, ct) : null;
    }
}
