using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Placements.Hosts;

/// <summary>An officer adds a placement host to a programme, with the project its students join and how many it takes at once.</summary>
internal static class AddHost {
    internal sealed record Command(Guid ProgrammeId, Guid? OrganisationId, string? Project, int? Capacity) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.OrganisationId).NotEmpty().WithMessage("Select the placement host");
            RuleFor(c => c.Project).NotEmpty().WithMessage("Enter the project that students join").MaximumLength(200).WithMessage("The project must be 200 characters or fewer");
            RuleFor(c => c.Capacity).NotNull().WithMessage("Enter how many students it takes at once")
                .InclusiveBetween(1, 1000).WithMessage("Students at once must be between 1 and 1,000");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        // The scope stands in the INSERT itself: of a programme out of reach nothing is written, and nothing is told.
        const string Insert = """
            INSERT INTO placements_ProgrammeHost (Id, ProgrammeId, OrganisationId, Project, Capacity, JoinedAt)
            SELECT @Id, p.Id, @OrganisationId, @Project, @Capacity, @Now
            FROM placements_Programme p
            WHERE p.Id = @ProgrammeId AND (@All = 1 OR p.AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var host = (await mediator.Send(new FindOrganisations([request.OrganisationId!.Value]), cancellationToken)).SingleOrDefault();
            if (host is not { Kind: OrganisationKind.PlacementHost }) return Outcome.Invalid(nameof(request.OrganisationId), "Select the placement host");
            var reach = me.Reach(PlacementsPermissions.ManagePlacements);
            var id = Ids.New(clock);
            var joining = new {
                Id = id, request.ProgrammeId, OrganisationId = host.Id, Project = request.Project!.Trim(), request.Capacity, Now = clock.GetUtcNow().UtcDateTime,
                reach.All, Authorities = db.Ids(reach.Authorities),
            };
            try {
                return await db.Execute(Insert, joining, cancellationToken) == 1 ? id : Outcome.NotFound;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Project), "This host takes part with a project of this name already");
            }
        }
    }
}
