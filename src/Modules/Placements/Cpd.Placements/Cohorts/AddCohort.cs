using Cpd.People.Contracts;
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

/// <summary>Students whom one institution sends to a programme for some weeks.</summary>
internal static class AddCohort {
    internal sealed record Command(Guid ProgrammeId, Guid? OrganisationId, string? Name, DateOnly? StartsOn, DateOnly? EndsOn, int? HoursPerStudent, int? Expected) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.OrganisationId).NotEmpty().WithMessage("Select the institution that sends the students");
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter a name for these students").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
            RuleFor(c => c.StartsOn).NotNull().WithMessage("Enter the first day");
            RuleFor(c => c.EndsOn).NotNull().WithMessage("Enter the last day").Must((c, end) => end is null || c.StartsOn is null || end >= c.StartsOn).WithMessage("The last day must be the same as or after the first day");
            RuleFor(c => c.HoursPerStudent).NotNull().WithMessage("Enter the hours for each student").InclusiveBetween(1, 2300).WithMessage("The hours for each student must be between 1 and 2,300");
            RuleFor(c => c.Expected).NotNull().WithMessage("Enter how many students you expect").InclusiveBetween(1, 1000).WithMessage("The number of students must be between 1 and 1,000");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Select = $"SELECT p.Id FROM placements_Programme p WHERE p.Id = @ProgrammeId AND {Within.Programmes}";
        const string Insert = """
            INSERT INTO placements_Cohort (Id, ProgrammeId, OrganisationId, Name, StartsOn, EndsOn, MinutesPerStudent, Expected, CreatedAt, Version)
            VALUES (@Id, @ProgrammeId, @OrganisationId, @Name, @StartsOn, @EndsOn, @Minutes, @Expected, @Now, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.ProgrammeId }), cancellationToken) is null) return Outcome.NotFound;
            var institution = (await mediator.Send(new FindOrganisations([request.OrganisationId!.Value]), cancellationToken)).SingleOrDefault();
            if (institution is not { Kind: OrganisationKind.Institution }) return Outcome.Invalid(nameof(request.OrganisationId), "Select the institution that sends the students");
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new {
                    Id = id, request.ProgrammeId, OrganisationId = institution.Id, Name = request.Name!.Trim(), request.StartsOn, request.EndsOn, Minutes = request.HoursPerStudent * 60, request.Expected, Now = clock.GetUtcNow().UtcDateTime,
                }, cancellationToken);
                return id;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "The programme has students of this name already");
            }
        }
    }

    internal sealed record Body(Guid? OrganisationId, string? Name, DateOnly? StartsOn, DateOnly? EndsOn, int? HoursPerStudent, int? Expected);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/{id:guid}/cohorts", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.OrganisationId, body.Name, body.StartsOn, body.EndsOn, body.HoursPerStudent, body.Expected), ct)).ToHttp(made => Results.Created($"/api/v1/placements/cohorts/{made}", new { id = made })))
        .WithName("AddPlacementCohort").WithSummary("Adds a cohort of students whom an institution sends to a programme.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
