using Cpd.People.Contracts;
using Cpd.Placements.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Hosts;

/// <summary>An officer asks a placement host to take part in a programme with a project that students join, or adds one that has agreed already. Who is asked is told and answers for itself.</summary>
internal static class AddHost {
    internal sealed record Command(Guid ProgrammeId, Guid? OrganisationId, string? Project, int? Capacity, bool Agreed = false) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.OrganisationId).NotEmpty().WithMessage("Select the placement host");
            RuleFor(c => c.Project).NotEmpty().WithMessage("Enter the project that students join").MaximumLength(200).WithMessage("The project must be 200 characters or fewer");
            RuleFor(c => c.Capacity).NotNull().WithMessage("Enter how many students it takes at once")
                .InclusiveBetween(1, 1000).WithMessage("Students at once must be between 1 and 1,000");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, Mailbox mailbox, Site site, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO placements_ProgrammeHost (Id, ProgrammeId, OrganisationId, Project, Capacity, JoinedAt, State, GivesInduction, Version)
            VALUES (@Id, @ProgrammeId, @OrganisationId, @Project, @Capacity, @Now, @State, 0, 1)
            """;

        const string SelectProgramme = $"SELECT p.AuthorityId, p.Name FROM placements_Programme p WHERE p.Id = @ProgrammeId AND {Within.Programmes}";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<ProgrammeRow>(SelectProgramme, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.ProgrammeId }), cancellationToken) is not { } programme) return Outcome.NotFound;
            var host = (await mediator.Send(new FindOrganisations([request.OrganisationId!.Value]), cancellationToken)).SingleOrDefault();
            if (host is not { Kind: OrganisationKind.PlacementHost }) return Outcome.Invalid(nameof(request.OrganisationId), "Select the placement host");
            var id = Ids.New(clock);
            var joining = new {
                Id = id, request.ProgrammeId, OrganisationId = host.Id, Project = request.Project!.Trim(), request.Capacity, Now = clock.GetUtcNow().UtcDateTime, State = (request.Agreed ? ProjectState.Accepted : ProjectState.Asked).ToString(),
            };
            try {
                await db.Execute(Insert, joining, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Project), "This host takes part with a project of this name already");
            }
            if (!request.Agreed) await Ask(id, programme, host, joining.Project, cancellationToken);
            return id;
        }

        /// <summary>Everyone who acts for the host hears that it is asked.</summary>
        async Task Ask(Guid id, ProgrammeRow programme, OrganisationCard host, string project, CancellationToken ct) {
            var holders = await mediator.Send(new FindHolders(Role.PlacementHost, [host.Id]), ct);
            await mailbox.Add(holders.Where(h => h.Email is not null).Select(h => new Mail(PlacementLetters.HostAskedKind, id,
                PlacementLetters.HostAsked(h.Email!, h.Name, host.Name, project, programme.Name, site.Absolute(PlacementsLinks.Project(id)))) { PersonId = h.PersonId, AboutId = id, AuthorityId = programme.AuthorityId }), ct);
        }
    }

    sealed record ProgrammeRow {
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
    }

    internal sealed record Body(Guid? OrganisationId, string? Project, int? Capacity, bool Agreed);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/{id:guid}/projects", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.OrganisationId, body.Project, body.Capacity, body.Agreed), ct)).ToHttp(made => Results.Created($"/api/v1/placements/{id}", new { id = made })))
        .WithName("AddPlacementProject").WithSummary("Asks a placement host to take part in a programme with a project, by email; with agreed it takes part at once.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
