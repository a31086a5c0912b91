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

/// <summary>A placement programme with its hosts, by name, and how many students they take at once. A host sees its own projects only.</summary>
internal static class OpenProgramme {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Capacity">Students at once, over the projects listed.</param>
    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, int AcademicYear, int MinutesPerStudent, int Capacity, bool MayManage, bool OwnOnly, IReadOnlyList<Host> Hosts);

    internal sealed record Host(Guid OrganisationId, string Name, string Project, int Capacity);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectProgramme = """
            SELECT p.Id, p.AuthorityId, p.Name, p.Summary, p.AcademicYear, p.MinutesPerStudent
            FROM placements_Programme p
            WHERE p.Id = @Id AND (@All = 1 OR p.AuthorityId IN @Authorities
              OR EXISTS (SELECT 1 FROM placements_ProgrammeHost h WHERE h.ProgrammeId = p.Id AND h.OrganisationId IN @Own))
            """;
        const string SelectHosts = """
            SELECT h.OrganisationId, h.Project, h.Capacity
            FROM placements_ProgrammeHost h
            JOIN placements_Programme p ON p.Id = h.ProgrammeId
            WHERE h.ProgrammeId = @Id AND (@All = 1 OR p.AuthorityId IN @Authorities OR h.OrganisationId IN @Own)
            ORDER BY h.Project, h.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var see = me.Reach(PlacementsPermissions.SeePlacements);
            var scope = new { request.Id, see.All, Authorities = db.Ids(see.Authorities), Own = db.Ids(see.PlacementHosts) };
            if (await db.One<Row>(SelectProgramme, scope, cancellationToken) is not { } programme) return Outcome.NotFound;
            var hosts = await db.List<HostRow>(SelectHosts, scope, cancellationToken);
            var names = (await mediator.Send(new FindOrganisations([.. hosts.Select(h => h.OrganisationId).Distinct()]), cancellationToken)).ToDictionary(o => o.Id, o => o.Name);
            var authority = (await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == programme.AuthorityId)?.Name ?? "";
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            return new View(programme.Id, programme.Name, programme.Summary, authority, programme.AcademicYear, programme.MinutesPerStudent, hosts.Sum(h => h.Capacity),
                manage.All || manage.Authorities.Contains(programme.AuthorityId), !see.All && !see.Authorities.Contains(programme.AuthorityId),
                [.. hosts.Select(h => new Host(h.OrganisationId, names.GetValueOrDefault(h.OrganisationId, ""), h.Project, h.Capacity)).OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase)]);
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
        public Guid OrganisationId { get; init; }
        public string Project { get; init; } = "";
        public int Capacity { get; init; }
    }
}
