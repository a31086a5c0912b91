using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Programmes;

/// <summary>
/// A placement programme with its hosts, by name, and how many students they take at once, and the cohorts that institutions send. A host sees its own projects only, an
/// institution its own cohorts.
/// </summary>
internal static class OpenProgramme {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Capacity">Students at once, over the projects listed.</param>
    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, int AcademicYear, int MinutesPerStudent, int Capacity, bool MayManage, bool OwnOnly, bool MayAnswer, bool MaySeeHours, IReadOnlyList<Host> Hosts, IReadOnlyList<Cohort> Cohorts);

    internal sealed record Host(Guid OrganisationId, string Name, string Project, int Capacity, Guid ProjectId, ProjectState State, string? Reason, bool GivesInduction);

    internal sealed record Cohort(Guid Id, string Name, string InstitutionName, DateOnly StartsOn, DateOnly EndsOn, int Students, int Expected);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectProgramme = $"""
            SELECT p.Id, p.AuthorityId, p.Name, p.Summary, p.AcademicYear, p.MinutesPerStudent
            FROM placements_Programme p
            WHERE p.Id = @Id AND {Within.Seen}
            """;
        const string SelectHosts = $"""
            SELECT h.Id, h.OrganisationId, h.Project, h.Capacity, h.State, h.Reason, h.GivesInduction
            FROM placements_ProgrammeHost h
            JOIN placements_Programme p ON p.Id = h.ProgrammeId
            WHERE h.ProgrammeId = @Id AND {Within.Projects}
            ORDER BY h.Project, h.Id
            """;
        const string SelectCohorts = $"""
            SELECT c.Id, c.Name, c.OrganisationId, c.StartsOn, c.EndsOn, c.Expected, (SELECT COUNT(*) FROM placements_Student s WHERE s.CohortId = c.Id AND s.State = 'Active') AS Students
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE c.ProgrammeId = @Id AND {Within.Cohorts}
            ORDER BY c.StartsOn, c.Name, c.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var see = me.Reach(PlacementsPermissions.SeePlacements);
            var scope = db.In(see, request);
            if (await db.One<Row>(SelectProgramme, scope, cancellationToken) is not { } programme) return Outcome.NotFound;
            var hosts = await db.List<HostRow>(SelectHosts, scope, cancellationToken);
            var cohorts = await db.List<CohortRow>(SelectCohorts, scope, cancellationToken);
            var names = (await mediator.Send(new FindOrganisations([.. hosts.Select(h => h.OrganisationId).Concat(cohorts.Select(c => c.OrganisationId)).Distinct()]), cancellationToken)).ToDictionary(o => o.Id, o => o.Name);
            var authority = (await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == programme.AuthorityId)?.Name ?? "";
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            return new View(programme.Id, programme.Name, programme.Summary, authority, programme.AcademicYear, programme.MinutesPerStudent, hosts.Where(h => h.State != ProjectState.Refused).Sum(h => h.Capacity),
                manage.All || manage.Authorities.Contains(programme.AuthorityId), !see.All && !see.Authorities.Contains(programme.AuthorityId), hosts.Count > 0 && me.May(PlacementsPermissions.AnswerForHost), me.May(PlacementsPermissions.SeeHours),
                [.. hosts.Select(h => new Host(h.OrganisationId, names.GetValueOrDefault(h.OrganisationId, ""), h.Project, h.Capacity, h.Id, h.State, h.Reason, h.GivesInduction)).OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase)],
                [.. cohorts.Select(c => new Cohort(c.Id, c.Name, names.GetValueOrDefault(c.OrganisationId, ""), c.StartsOn, c.EndsOn, c.Students, c.Expected))]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenPlacementProgramme").WithSummary("A placement programme with its hosts and how many students they take at once. A host is told of its own projects only.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeePlacements);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Summary { get; init; } = "";
        public int AcademicYear { get; init; }
        public int MinutesPerStudent { get; init; }
    }

    sealed record HostRow {
        public Guid Id { get; init; }
        public ProjectState State { get; init; }
        public string? Reason { get; init; }
        public bool GivesInduction { get; init; }
        public Guid OrganisationId { get; init; }
        public string Project { get; init; } = "";
        public int Capacity { get; init; }
    }

    sealed record CohortRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public int Expected { get; init; }
        public int Students { get; init; }
    }
}
