using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Cohorts;

/// <summary>Which entry checks are confirmed of the students of a cohort, when and by whom, for whoever may confirm them.</summary>
internal static class SeeChecks {
    internal sealed record Query(Guid CohortId) : IRequest<Outcome<View>>;

    internal sealed record View(IReadOnlyList<Confirmed> Confirmed);

    internal sealed record Confirmed {
        public Guid StudentId { get; init; }
        public Guid CheckId { get; init; }
        public DateTime ConfirmedAt { get; init; }
        public Guid ConfirmedBy { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        // A cohort in reach has one row at least, if only an empty one.
        const string Select = $"""
            SELECT k.StudentId, k.CheckId, k.ConfirmedAt, k.ConfirmedBy
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            LEFT JOIN placements_Student s ON s.CohortId = c.Id
            LEFT JOIN placements_StudentCheck k ON k.StudentId = s.Id
            WHERE c.Id = @CohortId AND {Within.Cohorts}
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var rows = await db.List<Confirmed>(Select, db.In(me.Reach(PlacementsPermissions.SendStudents), request), cancellationToken);
            return rows.Count == 0 ? Outcome.NotFound : new View([.. rows.Where(r => r.StudentId != Guid.Empty)]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/cohorts/{id:guid}/checks", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("SeePlacementChecks").WithSummary("Which entry checks are confirmed of which students of a cohort that you send, with when and by whom. The checks themselves stand in the cohort.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SendStudents);
}
