using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Supervisors;

/// <summary>Who supervises in a programme: for an officer all of them, for a host its own; with what else one needs to add somebody.</summary>
internal static class ListSupervisors {
    internal sealed record Query(Guid ProgrammeId) : IRequest<Outcome<View>>;

    /// <param name="Candidates">Who acts for one of the hosts in reach and does not supervise yet, by name.</param>
    internal sealed record View(Guid ProgrammeId, string ProgrammeName, bool MayCheck, IReadOnlyList<Supervisor> Supervisors, IReadOnlyList<ProjectCard> Projects, IReadOnlyList<Holder> Candidates);

    internal sealed record Supervisor {
        public Guid Id { get; init; }
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public Register Register { get; init; }
        public string? RegisterNumber { get; init; }
        public DateOnly? CheckedOn { get; init; }
        public int Capacity { get; init; }
        public DateTime? EndedAt { get; init; }
        /// <summary>Since when they act for their host no more (UTC); null while they do.</summary>
        public DateTime? LeftHostAt { get; init; }
        public int Days { get; init; }
        /// <summary>Slots that they have not signed: planned, worked, logged or returned.</summary>
        public int Unsigned { get; init; }
        public int Version { get; init; }
    }

    internal sealed record ProjectCard {
        public Guid Id { get; init; }
        public Guid OrganisationId { get; init; }
        public string Project { get; init; } = "";
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectProgramme = """
            SELECT p.AuthorityId, p.Name FROM placements_Programme p
            WHERE p.Id = @ProgrammeId AND (@All = 1 OR p.AuthorityId IN @Authorities OR EXISTS (SELECT 1 FROM placements_ProgrammeHost h WHERE h.ProgrammeId = p.Id AND h.OrganisationId IN @Hosts))
            """;
        const string Select = $"""
            SELECT s.Id, s.OrganisationId, s.PersonId, s.Name, s.Register, s.RegisterNumber, s.CheckedOn, s.Capacity, s.EndedAt, s.Version,
              (SELECT COUNT(DISTINCT d.OnDay) FROM placements_Duty d WHERE d.SupervisorId = s.Id) AS Days,
              (SELECT COUNT(*) FROM placements_Slot t WHERE t.SupervisorId = s.Id AND {HandOver.Unsigned}) AS Unsigned
            FROM placements_Supervisor s
            JOIN placements_Programme p ON p.Id = s.ProgrammeId
            WHERE s.ProgrammeId = @ProgrammeId AND (@All = 1 OR p.AuthorityId IN @Authorities OR s.OrganisationId IN @Hosts)
            ORDER BY s.Name, s.Id
            """;
        const string SelectProjects = $"""
            SELECT h.Id, h.OrganisationId, h.Project FROM placements_ProgrammeHost h
            JOIN placements_Programme p ON p.Id = h.ProgrammeId
            WHERE h.ProgrammeId = @ProgrammeId AND h.State <> 'Refused' AND {Within.Projects}
            ORDER BY h.Project, h.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var scope = db.In(me.Reach(PlacementsPermissions.AnswerForHost), request);
            if (await db.One<ProgrammeRow>(SelectProgramme, scope, cancellationToken) is not { } programme) return Outcome.NotFound;
            var supervisors = await db.List<Supervisor>(Select, scope, cancellationToken);
            var projects = await db.List<ProjectCard>(SelectProjects, scope, cancellationToken);
            var known = supervisors.Select(s => s.PersonId).ToHashSet();
            var holders = await mediator.Send(new FindHolders(Role.PlacementHost, [.. projects.Select(p => p.OrganisationId).Distinct()]), cancellationToken);
            var former = await mediator.Former(supervisors.Select(s => s.OrganisationId), cancellationToken);
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            return new View(request.ProgrammeId, programme.Name, manage.All || manage.Authorities.Contains(programme.AuthorityId),
                [.. supervisors.Select(s => former.TryGetValue((s.OrganisationId, s.PersonId), out var since) ? s with { LeftHostAt = since } : s)], projects,
                [.. holders.Where(h => !known.Contains(h.PersonId)).OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase)]);
        }

        sealed record ProgrammeRow {
            public Guid AuthorityId { get; init; }
            public string Name { get; init; } = "";
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/{id:guid}/supervisors", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("ListPlacementSupervisors").WithSummary("The supervisors of a programme by name, its projects, and the candidates who act for one of its hosts and do not supervise yet; of a host its own.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.AnswerForHost);
}
