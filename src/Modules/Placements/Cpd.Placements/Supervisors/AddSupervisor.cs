using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Supervisors;

/// <summary>A host, or an officer for it, names somebody who acts for the host as a supervisor of students in its projects.</summary>
internal static class AddSupervisor {
    internal sealed record Command(Guid ProgrammeId, Guid? PersonId, Register Register, string? RegisterNumber, int? Capacity, IReadOnlyList<Guid> ProjectIds) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.PersonId).NotEmpty().WithMessage("Select who supervises");
            RuleFor(c => c.Register).IsInEnum().WithMessage("Select a register");
            RuleFor(c => c.RegisterNumber).NotEmpty().When(c => c.Register != Register.None).WithMessage("Enter the number on the register").MaximumLength(30).WithMessage("The number on the register must be 30 characters or fewer");
            RuleFor(c => c.Capacity).NotNull().WithMessage("Enter how many students they look after at once").InclusiveBetween(1, 100).WithMessage("Students at once must be between 1 and 100");
            RuleFor(c => c.ProjectIds).NotEmpty().WithMessage("Select at least one project");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO placements_Supervisor (Id, ProgrammeId, OrganisationId, PersonId, Name, Register, RegisterNumber, Capacity, Version)
            VALUES (@Id, @ProgrammeId, @OrganisationId, @PersonId, @Name, @Register, @RegisterNumber, @Capacity, 1)
            """;
        internal const string InsertProject = "INSERT INTO placements_SupervisorProject (SupervisorId, ProjectId) VALUES (@SupervisorId, @ProjectId)";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            // The list knows what is in reach: people and projects that are not in it can't be named.
            var listed = await mediator.Send(new ListSupervisors.Query(request.ProgrammeId), cancellationToken);
            if (listed.Refusal is { } refusal) return refusal;
            if (listed.Value.Candidates.FirstOrDefault(c => c.PersonId == request.PersonId) is not { } person) return Outcome.Invalid(nameof(request.PersonId), "Select who supervises");
            if (request.ProjectIds.Except(listed.Value.Projects.Select(p => p.Id)).Any()) return Outcome.Invalid(nameof(request.ProjectIds), "Select at least one project");
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new {
                    Id = id, request.ProgrammeId, person.OrganisationId, person.PersonId, person.Name, Register = request.Register.ToString(), RegisterNumber = request.Register == Register.None ? null : request.RegisterNumber!.Trim(), request.Capacity,
                }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.PersonId), "This person supervises in the programme already");
            }
            await db.Execute(InsertProject, request.ProjectIds.Distinct().Select(p => new { SupervisorId = id, ProjectId = p }).ToList(), cancellationToken);
            return id;
        }
    }

    internal sealed record Body(Guid? PersonId, Register Register, string? RegisterNumber, int? Capacity, IReadOnlyList<Guid>? ProjectIds);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/{id:guid}/supervisors", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.PersonId, body.Register, body.RegisterNumber, body.Capacity, body.ProjectIds ?? []), ct)).ToHttp(made => Results.Created($"/api/v1/placements/{id}/supervisors", new { id = made })))
        .WithName("AddPlacementSupervisor").WithSummary("Names one of the candidates of a programme as a supervisor in projects; capacity is students at once. An officer confirms the number on the register on the page.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.AnswerForHost);
}
