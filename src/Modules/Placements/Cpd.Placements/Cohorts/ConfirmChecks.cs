using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Cohorts;

/// <summary>Which entry checks are confirmed of which students, each with when and by whom. What another has ticked meanwhile stays.</summary>
internal static class ConfirmChecks {
    internal sealed record Command(Guid CohortId, IReadOnlyList<Pair> Confirm, IReadOnlyList<Pair> TakeBack) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Pair(Guid StudentId, Guid CheckId);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Confirm).Must((c, _) => c.Confirm.Count + c.TakeBack.Count <= 20_000).WithMessage("Confirm at most 20,000 checks at once");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT c.Id FROM placements_Cohort c JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE c.Id = @CohortId AND {Within.Cohorts}";
        const string Insert = """
            INSERT INTO placements_StudentCheck (StudentId, CheckId, ConfirmedAt, ConfirmedBy)
            SELECT s.Id, k.Id, @Now, @By
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_EntryCheck k ON k.ProgrammeId = c.ProgrammeId
            WHERE s.Id = @StudentId AND c.Id = @CohortId AND k.Id = @CheckId
              AND NOT EXISTS (SELECT 1 FROM placements_StudentCheck x WHERE x.StudentId = s.Id AND x.CheckId = k.Id)
            """;
        const string Delete = "DELETE FROM placements_StudentCheck WHERE StudentId = @StudentId AND CheckId = @CheckId AND StudentId IN (SELECT Id FROM placements_Student WHERE CohortId = @CohortId)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.SendStudents), new { request.CohortId }), cancellationToken) is null) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            await db.Execute(Delete, request.TakeBack.Distinct().Select(p => new { p.StudentId, p.CheckId, request.CohortId }).ToList(), cancellationToken);
            await db.Execute(Insert, request.Confirm.Distinct().Select(p => new { p.StudentId, p.CheckId, request.CohortId, Now = now, By = me.PersonId }).ToList(), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(IReadOnlyList<Pair>? Confirm, IReadOnlyList<Pair>? TakeBack);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/cohorts/{id:guid}/checks", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Confirm ?? [], body.TakeBack ?? []), ct)).ToHttp())
        .WithName("ConfirmPlacementChecks").WithSummary("Confirms entry checks of students of a cohort, and takes back others; what is not named stays as it is.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SendStudents);
}
