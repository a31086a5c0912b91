using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>
/// An officer says what their authority asks after its sessions, and for how long. It holds for whoever answers from now on. A question that
/// keeps its words and its kind goes on; other words are another question, so that no answer ever stands under words it was not given to.
/// </summary>
internal static class SetEvaluationRules {
    internal sealed record Command(Guid AuthorityId, int Version, int? OpenDays, int? ImpactMonths, IReadOnlyList<Asked>? Questions) : IRequest<Outcome<Done>>, IWrite;

    /// <param name="Id">Of a question that is asked now; a new one has none.</param>
    /// <param name="Short">What the results say after a percentage; not of a question that is answered in words.</param>
    internal sealed record Asked(Guid? Id, QuestionKind? Kind, string? Words, string? Short);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.OpenDays).NotNull().WithMessage("Enter for how many days people can answer").InclusiveBetween(1, 90).WithMessage("The days must be between 1 and 90");
            RuleFor(c => c.ImpactMonths).NotNull().WithMessage("Enter after how many months people are asked what has changed").InclusiveBetween(0, 24).WithMessage("The months must be between 0 and 24");
            RuleFor(c => c.Questions).Must(q => q is { Count: > 0 }).WithMessage("Ask at least one question").Must(q => q is null || q.Count <= 20).WithMessage("Ask at most 20 questions")
                .Must(q => q is null || q.Where(x => x.Words is not null).Select(x => WordKey.Of(x.Words!)).Distinct().Count() == q.Count(x => x.Words is not null)).WithMessage("Ask each question once").OverridePropertyName("Questions[0].Words");
            RuleForEach(c => c.Questions).ChildRules(q => {
                q.RuleFor(x => x.Words).NotEmpty().WithMessage("Enter the question").MaximumLength(200).WithMessage("The question must be 200 characters or fewer");
                q.RuleFor(x => x.Kind).NotNull().WithMessage("Select how it is answered").IsInEnum().WithMessage("Select how it is answered");
                q.RuleFor(x => x.Short).NotEmpty().When(x => x.Kind is QuestionKind.YesNo or QuestionKind.Agreement, ApplyConditionTo.CurrentValidator).WithMessage("Enter what the results say after the percentage").MaximumLength(80).WithMessage("What the results say must be 80 characters or fewer");
            });
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = "INSERT INTO training_EvaluationRule (AuthorityId, OpenDays, ImpactMonths, Version) VALUES (@AuthorityId, @OpenDays, @ImpactMonths, 1)";
        const string Update = "UPDATE training_EvaluationRule SET OpenDays = @OpenDays, ImpactMonths = @ImpactMonths, Version = Version + 1 WHERE AuthorityId = @AuthorityId AND Version = @Version";
        const string SelectOwn = "SELECT Id, Kind, Words, Short FROM training_EvaluationQuestion WHERE AuthorityId = @AuthorityId AND EndedAt IS NULL";
        const string End = "UPDATE training_EvaluationQuestion SET EndedAt = @Now WHERE AuthorityId = @AuthorityId AND EndedAt IS NULL AND Id NOT IN @Ids";
        const string Keep = "UPDATE training_EvaluationQuestion SET Number = @Number, Short = @Short WHERE AuthorityId = @AuthorityId AND Id = @Id";
        const string Add = "INSERT INTO training_EvaluationQuestion (AuthorityId, Id, Number, Kind, Words, Short) VALUES (@AuthorityId, @Id, @Number, @Kind, @Words, @Short)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeEvaluation);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            try {
                if (await db.Execute(request.Version == 0 ? Insert : Update, new { request.AuthorityId, request.OpenDays, request.ImpactMonths, request.Version }, cancellationToken) == 0) return Changed;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Changed;
            }
            var own = await db.List<Question>(SelectOwn, new { request.AuthorityId }, cancellationToken);
            var known = (own.Count > 0 ? own : Questions.Usual).ToDictionary(q => q.Id);
            var rows = request.Questions!.Select((q, i) => {
                var words = q.Words!.Trim();
                var stays = q.Id is { } id && known.GetValueOrDefault(id) is { } before && before.Words == words && before.Kind == q.Kind;
                return new { request.AuthorityId, Id = stays ? q.Id!.Value : Ids.New(clock), Number = i + 1, Kind = q.Kind!.Value.ToString(), Words = words, Short = q.Kind == QuestionKind.Text ? "" : q.Short!.Trim() };
            }).ToList();
            await db.Execute(End, new { request.AuthorityId, Now = clock.GetUtcNow().UtcDateTime, Ids = db.Ids(rows.Select(r => r.Id)) }, cancellationToken);
            var stay = rows.Where(r => own.Any(o => o.Id == r.Id)).ToList();
            if (stay.Count > 0) await db.Execute(Keep, stay, cancellationToken);
            if (stay.Count < rows.Count) await db.Execute(Add, rows.Except(stay).ToList(), cancellationToken);
            return Outcome.Done;
        }

        static Refusal Changed => Outcome.Conflict("Somebody else has changed the questions since you opened them. Open them again to see their changes.");
    }

    internal sealed record Body(int Version, int? OpenDays, int? ImpactMonths, IReadOnlyList<Asked>? Questions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/authorities/{authorityId:guid}/evaluation", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(authorityId, body.Version, body.OpenDays, body.ImpactMonths, body.Questions), ct)).ToHttp())
        .WithName("SetEvaluationRules").WithSummary("Changes the questions that an authority asks after its sessions. What is left out is asked no more; a question whose words change becomes another one.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ChangeEvaluation);
}
