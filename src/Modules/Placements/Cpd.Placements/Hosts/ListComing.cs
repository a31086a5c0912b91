using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Hosts;

/// <summary>Which students come to a host's projects from today on, in order of time, for everyone who acts for the host; an officer sees it for all hosts of the programme.</summary>
internal static class ListComing {
    internal sealed record Query(Guid ProgrammeId, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(Guid ProgrammeId, string ProgrammeName, PageOf<Visit> Visits);

    internal sealed record Visit {
        public string StudentName { get; init; } = "";
        public string SupervisorName { get; init; } = "";
        public SlotKind Kind { get; init; }
        public string? Project { get; init; }
        public string? Title { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectProgramme = """
            SELECT p.Name FROM placements_Programme p
            WHERE p.Id = @ProgrammeId AND (@All = 1 OR p.AuthorityId IN @Authorities OR EXISTS (SELECT 1 FROM placements_ProgrammeHost h WHERE h.ProgrammeId = p.Id AND h.OrganisationId IN @Hosts))
            """;
        // What was arranged without a project takes place with the supervisor's host.
        const string Ahead = """
            FROM placements_Slot t
            JOIN placements_Programme p ON p.Id = t.ProgrammeId
            JOIN placements_Student s ON s.Id = t.StudentId
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            WHERE t.ProgrammeId = @ProgrammeId AND t.OnDay >= @Today AND t.State IN ('Published', 'Attended') AND (@All = 1 OR p.AuthorityId IN @Authorities OR COALESCE(h.OrganisationId, v.OrganisationId) IN @Hosts)
            """;
        const string Count = "SELECT COUNT(*)\n" + Ahead;
        const string Select = "SELECT s.Name AS StudentName, v.Name AS SupervisorName, t.Kind, h.Project, t.Title, t.StartsAt, t.EndsAt\n" + Ahead + "\nORDER BY t.OnDay, t.StartsAt, t.Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var scope = db.In(me.Reach(PlacementsPermissions.AnswerForHost), new { request.ProgrammeId, Today = London.Today(clock) });
            if (await db.One<string>(SelectProgramme, scope, cancellationToken) is not { } name) return Outcome.NotFound;
            var total = await db.One<int>(Count, scope, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new View(request.ProgrammeId, name, new(await db.List<Visit>(db.Page(Select), Db.Args(scope, new { paging.Skip, paging.Take }), cancellationToken), total, paging));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/{id:guid}/coming", async (Guid id, int? page, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id, new(page ?? 1)), ct)).ToHttp())
        .WithName("ListComingStudents").WithSummary("Which students come to your host's projects in a programme from today on, in order of time and a page at a time; for an officer to all of them.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.AnswerForHost);
}
