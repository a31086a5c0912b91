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

/// <summary>An officer renames a cohort, or moves its days so that all its students still lie in them; the hours are those of students who are added from then on.</summary>
internal static class ChangeCohort {
    /// <summary>Whoever puts students' days by those of the cohort writes its row as they have read it: of them and who moves its days, the second sees what the first has done.</summary>
    internal const string Hold = "UPDATE placements_Cohort SET Version = Version WHERE Id = @CohortId AND Version = @Version";

    internal static Refusal Changed => Outcome.Conflict("Somebody else has just changed these students' cohort. Try again.");

    internal sealed record Command(Guid Id, int Version, string? Name, DateOnly? StartsOn, DateOnly? EndsOn, int? HoursPerStudent, int? Expected) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter a name for these students").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
            RuleFor(c => c.StartsOn).NotNull().WithMessage("Enter the first day");
            RuleFor(c => c.EndsOn).NotNull().WithMessage("Enter the last day").Must((c, end) => end is null || c.StartsOn is null || end >= c.StartsOn).WithMessage("The last day must be the same as or after the first day");
            RuleFor(c => c.HoursPerStudent).NotNull().WithMessage("Enter the hours for each student").InclusiveBetween(1, 2300).WithMessage("The hours for each student must be between 1 and 2,300");
            RuleFor(c => c.Expected).NotNull().WithMessage("Enter how many students you expect").InclusiveBetween(1, 1000).WithMessage("The number of students must be between 1 and 1,000");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT c.Id FROM placements_Cohort c JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE c.Id = @Id AND {Within.Programmes}";
        const string Update = "UPDATE placements_Cohort SET Name = @Name, StartsOn = @StartsOn, EndsOn = @EndsOn, MinutesPerStudent = @Minutes, Expected = @Expected, Version = Version + 1 WHERE Id = @Id AND Version = @Version";
        const string CountOutside = "SELECT COUNT(*) FROM placements_Student WHERE CohortId = @Id AND State = 'Active' AND (StartsOn < @StartsOn OR EndsOn > @EndsOn)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.Id }), cancellationToken) is null) return Outcome.NotFound;
            try {
                if (await db.Execute(Update, new { request.Id, request.Version, Name = request.Name!.Trim(), request.StartsOn, request.EndsOn, Minutes = request.HoursPerStudent * 60, request.Expected }, cancellationToken) == 0)
                    return Outcome.Conflict("Somebody else has changed this cohort since you opened the page. Open it again to see their changes.");
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "The programme has students of this name already");
            }
            return await db.One<int>(CountOutside, request, cancellationToken) is > 0 and var outside
                ? Outcome.Conflict($"{Show.Count(outside, "student")} would be outside these days. Change {(outside == 1 ? "the student's" : "their")} days first.") : Outcome.Done;
        }
    }

    internal sealed record Body(int Version, string? Name, DateOnly? StartsOn, DateOnly? EndsOn, int? HoursPerStudent, int? Expected);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/cohorts/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Version, body.Name, body.StartsOn, body.EndsOn, body.HoursPerStudent, body.Expected), ct)).ToHttp())
        .WithName("ChangePlacementCohort").WithSummary("Changes the name, the days and the numbers of a cohort. Its students stay within its days; their hours stay as they are.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
