using Cpd.People.Contracts;
using Cpd.Placements.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

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
        // The scope stands in the INSERT itself: of a programme out of reach nothing is written, and nothing is told.
        const string Insert = """
            INSERT INTO placements_ProgrammeHost (Id, ProgrammeId, OrganisationId, Project, Capacity, JoinedAt, State, GivesInduction, Version)
            SELECT @Id, p.Id, @OrganisationId, @Project, @Capacity, @Now, @State, 0, 1
            FROM placements_Programme p
            WHERE p.Id = @ProgrammeId AND (@All = 1 OR p.AuthorityId IN @Authorities)
            """;

        const string SelectProgramme = "SELECT AuthorityId, Name FROM placements_Programme WHERE Id = @Id";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var host = (await mediator.Send(new FindOrganisations([request.OrganisationId!.Value]), cancellationToken)).SingleOrDefault();
            if (host is not { Kind: OrganisationKind.PlacementHost }) return Outcome.Invalid(nameof(request.OrganisationId), "Select the placement host");
            var reach = me.Reach(PlacementsPermissions.ManagePlacements);
            var id = Ids.New(clock);
            var joining = new {
                Id = id, request.ProgrammeId, OrganisationId = host.Id, Project = request.Project!.Trim(), request.Capacity, Now = clock.GetUtcNow().UtcDateTime,
                State = (request.Agreed ? ProjectState.Accepted : ProjectState.Asked).ToString(), reach.All, Authorities = db.Ids(reach.Authorities),
            };
            try {
                if (await db.Execute(Insert, joining, cancellationToken) == 0) return Outcome.NotFound;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Project), "This host takes part with a project of this name already");
            }
            if (!request.Agreed) await Ask(id, request.ProgrammeId, host, joining.Project, cancellationToken);
            return id;
        }

        /// <summary>Everyone who acts for the host hears that it is asked.</summary>
        async Task Ask(Guid id, Guid programmeId, OrganisationCard host, string project, CancellationToken ct) {
            var programme = (await db.One<ProgrammeRow>(SelectProgramme, new { Id = programmeId }, ct))!;
            var holders = await mediator.Send(new FindHolders(Role.PlacementHost, [host.Id]), ct);
            await mailbox.Add(holders.Where(h => h.Email is not null).Select(h => new Mail(PlacementLetters.HostAskedKind, id,
                PlacementLetters.HostAsked(h.Email!, h.Name, host.Name, project, programme.Name, site.Absolute(PlacementsLinks.Project(id)))) { PersonId = h.PersonId, AboutId = id, AuthorityId = programme.AuthorityId }), ct);
        }
    }

    sealed record ProgrammeRow {
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
    }
}
