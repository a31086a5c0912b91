using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Programmes;

/// <summary>
/// The placement programmes a person reaches: an officer those of their authority, a host those it takes part in, an institution those it sends students to. People read them
/// newest academic year first, programs in the order they were added. A host counts its own projects only.
/// </summary>
internal static class ListProgrammes {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    /// <param name="After">The last id already read; null begins at the first.</param>
    internal sealed record Next(Guid? After) : IRequest<Slice<View>>;

    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, int AcademicYear, int MinutesPerStudent, int Hosts, int Capacity);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, PageOf<View>>, IRequestHandler<Next, Slice<View>> {
        const string Reached = """
            (@All = 1 OR p.AuthorityId IN @Authorities
              OR EXISTS (SELECT 1 FROM placements_ProgrammeHost o WHERE o.ProgrammeId = p.Id AND o.OrganisationId IN @Own)
              OR EXISTS (SELECT 1 FROM placements_Cohort c WHERE c.ProgrammeId = p.Id AND c.OrganisationId IN @Institutions))
            """;
        const string Columns = """
            SELECT p.Id, p.AuthorityId, p.Name, p.Summary, p.AcademicYear, p.MinutesPerStudent,
              (SELECT COUNT(DISTINCT h.OrganisationId) FROM placements_ProgrammeHost h
                WHERE h.ProgrammeId = p.Id AND h.State <> 'Refused' AND (@All = 1 OR p.AuthorityId IN @Authorities OR h.OrganisationId IN @Own)) AS Hosts,
              (SELECT COALESCE(SUM(CAST(h.Capacity AS BIGINT)), 0) FROM placements_ProgrammeHost h
                WHERE h.ProgrammeId = p.Id AND h.State <> 'Refused' AND (@All = 1 OR p.AuthorityId IN @Authorities OR h.OrganisationId IN @Own)) AS Capacity
            FROM placements_Programme p

            """;
        const string Count = "SELECT COUNT(*) FROM placements_Programme p WHERE " + Reached;
        const string SelectPage = Columns + "WHERE " + Reached + "\nORDER BY p.AcademicYear DESC, p.Name, p.Id";
        const string SelectNext = Columns + "WHERE p.Id > @After AND " + Reached + "\nORDER BY p.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var scope = Scope();
            var total = await db.One<int>(Count, scope, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(SelectPage), Db.Args(scope, new { paging.Skip, paging.Take }), cancellationToken);
            return new(await Views(rows, cancellationToken), total, paging);
        }

        public async Task<Slice<View>> Handle(Next request, CancellationToken cancellationToken) {
            var rows = await db.List<Row>(db.Page(SelectNext), Db.Args(Scope(), new { After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<View>.Size + 1 }), cancellationToken);
            return Slice<View>.Of(await Views(rows, cancellationToken), v => v.Id);
        }

        object Scope() {
            var reach = me.Reach(PlacementsPermissions.SeePlacements);
            return new { reach.All, Authorities = db.Ids(reach.Authorities), Own = db.Ids(reach.PlacementHosts), Institutions = db.Ids(reach.Institutions) };
        }

        async Task<IReadOnlyList<View>> Views(IReadOnlyList<Row> rows, CancellationToken ct) {
            var names = (await mediator.Send(new ListAuthorities(), ct)).ToDictionary(a => a.Id, a => a.Name);
            return [.. rows.Select(r => new View(r.Id, r.Name, r.Summary, names.GetValueOrDefault(r.AuthorityId, ""), r.AcademicYear, r.MinutesPerStudent, r.Hosts, r.Capacity))];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements", async (Guid? after, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Next(after), ct)))
        .WithName("ListPlacementProgrammes")
        .WithSummary("The placement programmes you reach, in the order they were added; 100 at a time, the next with after. academicYear is the year in which it starts in September; capacity is students at once.")
        .Produces<Slice<View>>().ProducesProblem(401).ProducesProblem(403)
        .Requires(PlacementsPermissions.SeePlacements);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Summary { get; init; } = "";
        public int AcademicYear { get; init; }
        public int MinutesPerStudent { get; init; }
        public int Hosts { get; init; }
        public int Capacity { get; init; }
    }
}
