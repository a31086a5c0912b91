using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Cpd.Platform.Web;

namespace Cpd.Placements.Cohorts;

/// <summary>A cohort with its students: what has been checked of them, how many of their hours are planned, logged and signed off, and what is short.</summary>
internal static class OpenCohort {
    /// <param name="Paging">Which of the students; all when null.</param>
    internal sealed record Query(Guid Id, Paging? Paging = null) : IRequest<Outcome<View>>;

    /// <param name="MayManage">The user plans the programme; otherwise they send the students.</param>
    /// <param name="Total">How many students it has, whether they are among these or not; of them Active have not left.</param>
    internal sealed record View(Guid Id, Guid ProgrammeId, string ProgrammeName, string InstitutionName, string Name, DateOnly StartsOn, DateOnly EndsOn, int MinutesPerStudent, int Expected, bool MayManage, bool MaySend, int Version,
        IReadOnlyList<SeeSetUp.Named> Checks, int Total, int Active, IReadOnlyList<Student> Students);

    internal sealed record Student {
        public Guid Id { get; init; }
        public Guid? PersonId { get; init; }
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
        public string? Reference { get; init; }
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public StudentState State { get; init; }
        public DateOnly? InductedOn { get; init; }
        public int MinutesAllowed { get; init; }
        public int MinutesLogged { get; init; }
        public int MinutesPlanned { get; init; }
        public int MinutesSigned { get; init; }
        public int Confirmed { get; init; }
        public int MinutesShort => Math.Max(0, MinutesAllowed - MinutesSigned);
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT c.Id, c.ProgrammeId, p.AuthorityId, p.Name AS ProgrammeName, c.OrganisationId, c.Name, c.StartsOn, c.EndsOn, c.MinutesPerStudent, c.Expected, c.Version,
                (SELECT COUNT(*) FROM placements_Student s WHERE s.CohortId = c.Id) AS Total, (SELECT COUNT(*) FROM placements_Student s WHERE s.CohortId = c.Id AND s.State = 'Active') AS Active
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE c.Id = @Id AND {Within.Cohorts}
            """;
        const string SelectChecks = "SELECT Id, Name FROM placements_EntryCheck WHERE ProgrammeId = @ProgrammeId ORDER BY Number, Id";
        internal const string SelectStudents = """
            SELECT s.Id, s.PersonId, s.Name, s.Email, s.Reference, s.StartsOn, s.EndsOn, s.State, s.InductedOn, s.MinutesAllowed, s.MinutesLogged,
                COALESCE(t.Planned, 0) AS MinutesPlanned, COALESCE(t.Signed, 0) AS MinutesSigned, (SELECT COUNT(*) FROM placements_StudentCheck k WHERE k.StudentId = s.Id) AS Confirmed
            FROM placements_Student s
            LEFT JOIN (SELECT StudentId, SUM(CASE WHEN State IN ('Published', 'Attended') THEN CAST(Minutes AS BIGINT) ELSE 0 END) AS Planned,
                    SUM(CASE WHEN Hours = 'Signed' THEN CAST(LoggedMinutes AS BIGINT) ELSE 0 END) AS Signed
                FROM placements_Slot WHERE CohortId = @Id GROUP BY StudentId) t ON t.StudentId = s.Id
            WHERE s.CohortId = @Id
            ORDER BY s.Name, s.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.SeeHours), request), cancellationToken) is not { } c) return Outcome.NotFound;
            var institution = Words.NameOf(await mediator.Send(new FindOrganisations([c.OrganisationId]), cancellationToken));
            var (manage, send) = (me.Reach(PlacementsPermissions.ManagePlacements), me.Reach(PlacementsPermissions.SendStudents));
            return new View(c.Id, c.ProgrammeId, c.ProgrammeName, institution, c.Name, c.StartsOn, c.EndsOn, c.MinutesPerStudent, c.Expected, manage.All || manage.Authorities.Contains(c.AuthorityId),
                send.All || send.Authorities.Contains(c.AuthorityId) || send.Institutions.Contains(c.OrganisationId), c.Version,
                await db.List<SeeSetUp.Named>(SelectChecks, c, cancellationToken), c.Total, c.Active,
                request.Paging is { } paging ? await db.List<Student>(db.Page(SelectStudents), new { request.Id, Skip = paging.Skip < c.Total ? paging.Skip : 0, paging.Take }, cancellationToken) : await db.List<Student>(SelectStudents, request, cancellationToken));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/cohorts/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenPlacementCohort").WithSummary("A cohort with its students by name: entry checks confirmed, and minutes planned, logged, signed off and short.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeeHours);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid ProgrammeId { get; init; }
        public Guid AuthorityId { get; init; }
        public string ProgrammeName { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public string Name { get; init; } = "";
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public int MinutesPerStudent { get; init; }
        public int Expected { get; init; }
        public int Version { get; init; }
        public int Total { get; init; }
        public int Active { get; init; }
    }
}
