using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Hours;

/// <summary>The hours of a programme, added up in the database: by cohort with what is short, and by project. An institution sees those of its own students.</summary>
internal static class SumHours {
    internal sealed record Query(Guid ProgrammeId) : IRequest<Outcome<View>>;

    internal sealed record View(Guid ProgrammeId, string ProgrammeName, int AcademicYear, Sum Total, IReadOnlyList<Cohort> Cohorts, IReadOnlyList<Project> Projects);

    /// <summary>Minutes. Required is what the active students are to complete; short is what of it is not signed off.</summary>
    internal abstract record Fields {
        public int Students { get; init; }
        public long Required { get; init; }
        public long Planned { get; init; }
        public long Waiting { get; init; }
        public long Signed { get; init; }
        public long Missed { get; init; }
        public long Short { get; init; }
    }

    internal sealed record Sum : Fields;

    internal sealed record Cohort : Fields {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public string InstitutionName { get; init; } = "";
    }

    internal sealed record Project {
        public string? Name { get; init; }
        public Guid? OrganisationId { get; init; }
        public string HostName { get; init; } = "";
        public int Students { get; init; }
        public long Planned { get; init; }
        public long Signed { get; init; }
    }

    /// <summary>A row for each student with the sums of their slots, before <c>WHERE</c> and <see cref="EachStudent"/>: s and c for the student and cohort, p for the programme.</summary>
    internal const string PerStudent = """
        SELECT c.Id AS CohortId, c.Name AS CohortName, c.OrganisationId, c.ProgrammeId, CASE WHEN s.State = 'Active' THEN 1 ELSE 0 END AS Active, CASE WHEN s.State = 'Active' THEN s.MinutesAllowed ELSE 0 END AS Required,
            SUM(CASE WHEN t.State IN ('Published', 'Attended') THEN CAST(t.Minutes AS BIGINT) ELSE 0 END) AS Planned, SUM(CASE WHEN t.Hours = 'Logged' THEN CAST(t.LoggedMinutes AS BIGINT) ELSE 0 END) AS Waiting,
            SUM(CASE WHEN t.Hours = 'Signed' THEN CAST(t.LoggedMinutes AS BIGINT) ELSE 0 END) AS Signed, SUM(CASE WHEN t.State = 'Missed' THEN CAST(t.Minutes AS BIGINT) ELSE 0 END) AS Missed
        FROM placements_Programme p
        JOIN placements_Cohort c ON c.ProgrammeId = p.Id
        JOIN placements_Student s ON s.CohortId = c.Id
        LEFT JOIN placements_Slot t ON t.StudentId = s.Id AND t.State <> 'Draft'

        """;
    internal const string EachStudent = " GROUP BY c.Id, c.Name, c.OrganisationId, c.ProgrammeId, s.Id, s.State, s.MinutesAllowed";
    internal const string Sums = "SUM(CAST(x.Active AS BIGINT)) AS Students, SUM(CAST(x.Required AS BIGINT)) AS Required, SUM(x.Planned) AS Planned, SUM(x.Waiting) AS Waiting, SUM(x.Signed) AS Signed, SUM(x.Missed) AS Missed, SUM(CAST(CASE WHEN x.Required > x.Signed THEN x.Required - x.Signed ELSE 0 END AS BIGINT)) AS Short";

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT p.Name, p.AcademicYear FROM placements_Programme p
            WHERE p.Id = @ProgrammeId AND (@All = 1 OR p.AuthorityId IN @Authorities OR EXISTS (SELECT 1 FROM placements_Cohort c WHERE c.ProgrammeId = p.Id AND c.OrganisationId IN @Institutions))
            """;
        const string SelectCohorts = "SELECT x.CohortId AS Id, x.CohortName AS Name, x.OrganisationId, " + Sums + "\nFROM (" + PerStudent + $"WHERE p.Id = @ProgrammeId AND {Within.Cohorts}{EachStudent}) x\nGROUP BY x.CohortId, x.CohortName, x.OrganisationId\nORDER BY x.CohortName, x.CohortId";
        const string SelectProjects = $"""
            SELECT h.Project AS Name, h.OrganisationId, COUNT(DISTINCT t.StudentId) AS Students, SUM(CASE WHEN t.State IN ('Published', 'Attended') THEN CAST(t.Minutes AS BIGINT) ELSE 0 END) AS Planned,
                SUM(CASE WHEN t.Hours = 'Signed' THEN CAST(t.LoggedMinutes AS BIGINT) ELSE 0 END) AS Signed
            FROM placements_Slot t
            JOIN placements_Cohort c ON c.Id = t.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            WHERE t.ProgrammeId = @ProgrammeId AND t.State IN ('Published', 'Attended') AND {Within.Cohorts}
            GROUP BY h.Id, h.Project, h.OrganisationId
            ORDER BY h.Project, h.OrganisationId
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var scope = db.In(me.Reach(PlacementsPermissions.SeeHours), request);
            if (await db.One<Row>(Select, scope, cancellationToken) is not { } programme) return Outcome.NotFound;
            var cohorts = await db.List<Cohort>(SelectCohorts, scope, cancellationToken);
            var projects = await db.List<Project>(SelectProjects, scope, cancellationToken);
            var names = (await mediator.Send(new FindOrganisations([.. cohorts.Select(c => c.OrganisationId).Concat(projects.Select(p => p.OrganisationId).OfType<Guid>()).Distinct()]), cancellationToken)).ToDictionary(o => o.Id, o => o.Name);
            return new View(request.ProgrammeId, programme.Name, programme.AcademicYear, new Sum {
                Students = cohorts.Sum(c => c.Students), Required = cohorts.Sum(c => c.Required), Planned = cohorts.Sum(c => c.Planned), Waiting = cohorts.Sum(c => c.Waiting), Signed = cohorts.Sum(c => c.Signed), Missed = cohorts.Sum(c => c.Missed), Short = cohorts.Sum(c => c.Short),
            }, [.. cohorts.Select(c => c with { InstitutionName = names.GetValueOrDefault(c.OrganisationId, "") })], [.. projects.Select(p => p with { HostName = p.OrganisationId is { } host ? names.GetValueOrDefault(host, "") : "" })]);
        }

        sealed record Row {
            public string Name { get; init; } = "";
            public int AcademicYear { get; init; }
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/{id:guid}/totals", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("SumPlacementHours").WithSummary("The minutes of a programme by cohort and by project: required, planned, waiting for sign-off, signed off, missed and short. An institution is told of its own students.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeeHours);
}
