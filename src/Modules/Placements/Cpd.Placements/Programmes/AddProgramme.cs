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

namespace Cpd.Placements.Programmes;

/// <summary>An officer sets up a placement programme of their authority for an academic year; its name is unique in that year.</summary>
internal static class AddProgramme {
    internal sealed record Command(Guid? AuthorityId, string? Name, string? Summary, int? AcademicYear, int? HoursPerStudent) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority");
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the programme").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
            RuleFor(c => c.Summary).NotEmpty().WithMessage("Enter a summary of what students do").MaximumLength(1000).WithMessage("The summary must be 1,000 characters or fewer");
            RuleFor(c => c.AcademicYear).NotNull().WithMessage("Enter the year in which the academic year starts, like 2026")
                .InclusiveBetween(2000, 2100).WithMessage("The year must be between 2000 and 2100");
            RuleFor(c => c.HoursPerStudent).NotNull().WithMessage("Enter the hours for each student")
                .InclusiveBetween(1, 2300).WithMessage("The hours for each student must be between 1 and 2,300");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO placements_Programme (Id, AuthorityId, Name, Summary, AcademicYear, MinutesPerStudent, CreatedAt, Version)
            VALUES (@Id, @AuthorityId, @Name, @Summary, @AcademicYear, @Minutes, @Now, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PlacementsPermissions.ManagePlacements);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId!.Value)) return Outcome.NotFound;
            // Who reaches all could still name an authority that there is not; no foreign key crosses to People's table.
            if (!(await mediator.Send(new ListAuthorities(), cancellationToken)).Any(a => a.Id == request.AuthorityId)) return Outcome.NotFound;
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new {
                    Id = id, request.AuthorityId, Name = request.Name!.Trim(), Summary = request.Summary!.Trim(), request.AcademicYear,
                    Minutes = request.HoursPerStudent * 60, Now = clock.GetUtcNow().UtcDateTime,
                }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "There is a programme of this name in that academic year already");
            }
            return id;
        }
    }

    internal sealed record Body(Guid? AuthorityId, string? Name, string? Summary, int? AcademicYear, int? HoursPerStudent);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements", async (Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body.AuthorityId, body.Name, body.Summary, body.AcademicYear, body.HoursPerStudent), ct)).ToHttp(made => Results.Created($"/api/v1/placements/{made}", new { id = made })))
        .WithName("AddPlacementProgramme").WithSummary("Adds a placement programme of an authority for the academic year that begins in academicYear.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
