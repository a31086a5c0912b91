using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Hours;

/// <summary>The hours of an academic year by programme and sending institution, of whatever the user reaches, with what is short.</summary>
internal static class SumYear {
    /// <param name="Year">In which it begins; this one when null.</param>
    internal sealed record Query(int? Year) : IRequest<View>;

    internal sealed record View(int Year, SumHours.Sum Total, IReadOnlyList<Row> Rows);

    internal sealed record Row : SumHours.Fields {
        public Guid ProgrammeId { get; init; }
        public string ProgrammeName { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public string InstitutionName { get; init; } = "";
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, View> {
        const string Select = "SELECT x.ProgrammeId, g.Name AS ProgrammeName, x.OrganisationId, " + SumHours.Sums + "\nFROM (" + SumHours.PerStudent
            + $"WHERE p.AcademicYear = @Year AND {Within.Cohorts}{SumHours.EachStudent}) x\nJOIN placements_Programme g ON g.Id = x.ProgrammeId\nGROUP BY x.ProgrammeId, g.Name, x.OrganisationId\nORDER BY g.Name, x.ProgrammeId, x.OrganisationId";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var year = request.Year ?? AcademicYear.Of(London.Today(clock));
            var rows = await db.List<Row>(Select, db.In(me.Reach(PlacementsPermissions.SeeHours), new { Year = year }), cancellationToken);
            var names = (await mediator.Send(new FindOrganisations([.. rows.Select(r => r.OrganisationId).Distinct()]), cancellationToken)).ToDictionary(o => o.Id, o => o.Name);
            return new View(year, new SumHours.Sum {
                Students = rows.Sum(c => c.Students), Required = rows.Sum(c => c.Required), Planned = rows.Sum(c => c.Planned), Waiting = rows.Sum(c => c.Waiting), Signed = rows.Sum(c => c.Signed), Missed = rows.Sum(c => c.Missed), Short = rows.Sum(c => c.Short),
            }, [.. rows.Select(r => r with { InstitutionName = names.GetValueOrDefault(r.OrganisationId, "") })]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/totals", async (int? year, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(year), ct)))
        .WithName("SumPlacementYear").WithSummary("The minutes of placements in an academic year (the year in which it begins; this one by default), by programme and sending institution.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403)
        .Requires(PlacementsPermissions.SeeHours);
}
