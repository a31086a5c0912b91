using System.Security.Cryptography;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Registers;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>Someone who attended a session says what they thought of it, once, until it closes. That they answered is kept with their name; what they answered is not.</summary>
internal static class AnswerEvaluation {
    internal const int Longest = 2000;

    /// <param name="Token">From a message; without one it is the sender's own booking.</param>
    internal sealed record Command(Guid BookingId, IReadOnlyList<Given>? Answers, string? Token = null) : IRequest<Outcome<Done>>, IWrite;

    /// <param name="Choice">Of the question's choices, from 1.</param>
    /// <param name="Words">For a question that is answered in words; may be left out.</param>
    internal sealed record Given(Guid QuestionId, int? Choice, string? Words);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleForEach(c => c.Answers).ChildRules(a => a.RuleFor(x => x.Words).MaximumLength(Longest).WithMessage("Your answer must be 2,000 characters or fewer"));
            RuleFor(c => c.Answers).Must(a => a is null || a.Select(x => x.QuestionId).Distinct().Count() == a.Count).WithMessage("Answer each question once");
        }
    }

    internal sealed class Handler(Db db, Allotment allotment, Retelling retelling, EvaluationToken tokens, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        // The claim: of two answers sent at once, one changes the row.
        const string Claim = "UPDATE training_Evaluation SET Answered = 1 WHERE BookingId = @BookingId AND PersonId = @PersonId AND Answered = 0 AND WithdrawnAt IS NULL AND (@Waits = 1 OR ClosesAt > @Now)";
        const string Insert = "INSERT INTO training_EvaluationAnswer (ResponseId, QuestionId, SessionId, Choice, Words) VALUES (@ResponseId, @QuestionId, @SessionId, @Choice, @Words)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await SeeEvaluationForm.Find(db, me, tokens, request.BookingId, request.Token, cancellationToken) is not { } form) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (form.Answered) return Already;
            if (!form.IsOpen(now)) return Outcome.Conflict($"You could answer until {Show.Date(form.ClosesAt.AddTicks(-1))}.");
            var questions = await Questions.Live(db, form.AuthorityId, cancellationToken);
            var given = request.Answers ?? [];
            if (given.Any(g => questions.All(q => q.Id != g.QuestionId))) return Outcome.Conflict("The questions were changed after you opened this page. Open it again, and answer those that it asks now.");
            if (EvaluationTally.Missing(questions, id => given.ToList().FindIndex(g => g.QuestionId == id) is >= 0 and var at ? (at, given[at].Choice) : null) is { Count: > 0 } missing) return new Invalid([.. missing]);
            if (form.CertificateAfterEvaluation) await allotment.Lock(form.SessionId, cancellationToken);
            if (await db.Execute(Claim, new { form.BookingId, form.PersonId, Waits = form.CertificateAfterEvaluation ? 1 : 0, Now = now }, cancellationToken) == 0) return Already;
            // Not one of our own ids, which tell the time: that would tell whose it is.
            var response = new Guid(RandomNumberGenerator.GetBytes(16));
            var kinds = questions.ToDictionary(q => q.Id, q => q.Kind);
            var rows = given.Select(g => new { ResponseId = response, g.QuestionId, form.SessionId, Choice = kinds[g.QuestionId] == QuestionKind.Text ? null : g.Choice, Words = kinds[g.QuestionId] == QuestionKind.Text ? Trimmed(g.Words) : null })
                .Where(r => r.Choice is not null || r.Words is not null).ToList();
            if (rows.Count > 0) await db.Execute(Insert, rows, cancellationToken);
            if (form.CertificateAfterEvaluation) await retelling.Again([form.BookingId], cancellationToken);
            return Outcome.Done;
        }

        static Refusal Already => Outcome.Conflict("You have answered already. Thank you.");

        static string? Trimmed(string? words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();
    }

    internal sealed record Body(IReadOnlyList<Given>? Answers);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id:guid}/evaluation", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Answers), ct)).ToHttp(_ => Results.NoContent()))
        .WithName("AnswerEvaluation").WithSummary("Says what you thought of a session that you attended: a choice for each question, from 1, and words where it asks for them. Once.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.Book);
}
