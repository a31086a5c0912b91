using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Needs;

/// <summary>What someone lets the service remember of what they need, for the organisers of sessions that ask. They alone see, change and erase it.</summary>
internal static class KeepMyNeeds {
    /// <param name="Needs">Those named take the place of what is remembered; an empty one is erased. What is not named stays.</param>
    internal sealed record Command(IReadOnlyList<Need>? Needs) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Query : IRequest<IReadOnlyList<Need>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Needs).Must(n => n is null || n.Select(x => x.Kind).Distinct().Count() == n.Count).WithMessage("Name each need once").Must(n => n is null || n.All(x => NeedWording.Remembered.Contains(x.Kind))).WithMessage("Only access, food and a crèche are remembered");
            RuleForEach(c => c.Needs).ChildRules(n => n.RuleFor(x => x.Answer).MaximumLength(500).WithMessage("The answer must be 500 characters or fewer"));
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>>, IRequestHandler<Query, IReadOnlyList<Need>> {
        const string Select = "SELECT Kind, Answer FROM training_PersonNeed WHERE PersonId = @Me";
        const string Delete = "DELETE FROM training_PersonNeed WHERE PersonId = @Me AND Kind = @Kind";
        const string Insert = """
            INSERT INTO training_PersonNeed (PersonId, Kind, Answer, SavedAt)
            SELECT @Me, @Kind, @Answer, @Now WHERE NOT EXISTS (SELECT 1 FROM training_PersonNeed WHERE PersonId = @Me AND Kind = @Kind)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var rows = (request.Needs ?? []).Select(n => new { Me = me.PersonId, Kind = n.Kind.ToString(), Answer = (n.Answer ?? "").Trim(), Now = clock.GetUtcNow().UtcDateTime }).ToList();
            await db.Execute(Delete, rows, cancellationToken);
            await db.Execute(Insert, rows.Where(r => r.Answer.Length > 0).ToList(), cancellationToken);
            return Outcome.Done;
        }

        public async Task<IReadOnlyList<Need>> Handle(Query request, CancellationToken cancellationToken) {
            var known = (await db.List<Row>(Select, new { Me = me.PersonId }, cancellationToken)).ToDictionary(r => r.Kind, r => r.Answer);
            return [.. NeedWording.Remembered.Select(k => new Need(k, known.GetValueOrDefault(k)))];
        }
    }

    internal sealed record Body(IReadOnlyList<Need>? Needs);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/me/needs", async (IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(), ct)))
            .WithName("SeeMyNeeds").WithSummary("What you let the service remember of what you need at sessions.").Produces<IReadOnlyList<Need>>()
            .Requires(TrainingPermissions.Book);
        api.MapPut("/me/needs", async (Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body.Needs), ct)).ToHttp())
            .WithName("KeepMyNeeds").WithSummary("Changes what you let the service remember: Access, Dietary and Creche. An empty answer erases it.")
            .Produces(204).ProducesValidationProblem()
            .Requires(TrainingPermissions.Book);
    }

    sealed record Row {
        public NeedKind Kind { get; init; }
        public string Answer { get; init; } = "";
    }
}
