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
    /// <param name="Token">From a message; without one it is the sender's own booking.</param>
    internal sealed record Command(Guid BookingId, IReadOnlyList<GivenAnswer>? Answers, string? Token = null) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Answers).MustBeAnswers();
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
            if (given.Missing(questions) is { Count: > 0 } missing) return new Invalid(missing);
            if (form.CertificateAfterEvaluation) await allotment.Lock(form.SessionId, cancellationToken);
            if (await db.Execute(Claim, new { form.BookingId, form.PersonId, Waits = form.CertificateAfterEvaluation ? 1 : 0, Now = now }, cancellationToken) == 0) return Already;
            await db.Execute(Insert, given.Nameless(questions).Select(a => new { a.ResponseId, a.QuestionId, form.SessionId, a.Choice, a.Words }).ToList(), cancellationToken);
            if (form.CertificateAfterEvaluation) await retelling.Again([form.BookingId], cancellationToken);
            return Outcome.Done;
        }

        static Refusal Already => Outcome.Conflict("You have answered already. Thank you.");
    }

    internal sealed record Body(IReadOnlyList<GivenAnswer>? Answers);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id:guid}/evaluation", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Answers), ct)).ToHttp(_ => Results.NoContent()))
        .WithName("AnswerEvaluation").WithSummary("Says what you thought of a session that you attended: a choice for each question, from 1, and words where it asks for them. Once.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.Book);
}
