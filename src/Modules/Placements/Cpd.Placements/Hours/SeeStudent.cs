using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Placements.Slots;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Cpd.Platform.Web;

namespace Cpd.Placements.Hours;

/// <summary>A student's statement of hours: every slot with what became of it, and the sums. For the student, the institution that sent them, and the programme's officers.</summary>
internal static class SeeStudent {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="ByProject">Minutes signed off, in each project or thing that was arranged by hand.</param>
    internal sealed record View(Guid Id, string Name, string? Reference, Guid CohortId, string CohortName, string InstitutionName, Guid ProgrammeId, string ProgrammeName, string AuthorityName, DateOnly StartsOn, DateOnly EndsOn, StudentState State, DateOnly? InductedOn,
        int MinutesAllowed, int MinutesSigned, int MinutesShort, bool MayManage, bool MaySend, bool IsSelf, int Version, IReadOnlyList<Sum> ByProject, IReadOnlyList<Slot> Slots, IReadOnlyList<Said> Feedback);

    internal sealed record Sum(string Place, int Minutes);

    internal sealed record Slot : ListToSign.Fields {
        public string SupervisorName { get; init; } = "";
        public DateTime? SignedAt { get; init; }
    }

    /// <summary>Feedback of the student or of a host.</summary>
    internal sealed record Said {
        public string Side { get; init; } = "";
        public int Rating { get; init; }
        public string Comment { get; init; } = "";
        public DateTime GivenAt { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT s.Id, s.PersonId, s.Name, s.Reference, s.CohortId, c.Name AS CohortName, c.OrganisationId, c.ProgrammeId, p.Name AS ProgrammeName, p.AuthorityId, s.StartsOn, s.EndsOn, s.State, s.InductedOn, s.MinutesAllowed, s.Version
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.Id = @Id AND (s.PersonId = @Me OR {Within.Cohorts})
            """;
        const string SelectSlots = """
            SELECT t.Id, t.StudentId, t.Kind, t.Title, h.Project, t.StartsAt, t.EndsAt, t.Minutes, t.State, t.Hours, t.Reason, t.LoggedMinutes, t.Reflection, t.Returned, t.Version, v.Name AS SupervisorName, t.SignedAt
            FROM placements_Slot t
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            WHERE t.StudentId = @Id AND t.State <> 'Draft'
            ORDER BY t.StartsAt, t.Id
            """;
        const string SelectFeedback = "SELECT Side, Rating, Comment, GivenAt FROM placements_Feedback WHERE StudentId = @Id ORDER BY GivenAt, Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.SeeHours), request), cancellationToken) is not { } s) return Outcome.NotFound;
            var slots = await db.List<Slot>(SelectSlots, request, cancellationToken);
            var institution = Words.NameOf(await mediator.Send(new FindOrganisations([s.OrganisationId]), cancellationToken));
            var authority = (await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == s.AuthorityId)?.Name ?? "";
            var (manage, send) = (me.Reach(PlacementsPermissions.ManagePlacements), me.Reach(PlacementsPermissions.SendStudents));
            var signed = slots.Where(t => t.Hours == HoursState.Signed).ToList();
            var minutes = signed.Sum(t => t.LoggedMinutes ?? 0);
            var mayManage = manage.All || manage.Authorities.Contains(s.AuthorityId);
            return new View(s.Id, s.Name, s.Reference, s.CohortId, s.CohortName, institution, s.ProgrammeId, s.ProgrammeName, authority, s.StartsOn, s.EndsOn, s.State, s.InductedOn, s.MinutesAllowed, minutes, Math.Max(0, s.MinutesAllowed - minutes),
                mayManage, send.All || send.Authorities.Contains(s.AuthorityId) || send.Institutions.Contains(s.OrganisationId), s.PersonId == me.PersonId, s.Version,
                [.. signed.GroupBy(t => Words.Place(t.Project, t.Title)).Select(g => new Sum(g.Key, g.Sum(t => t.LoggedMinutes ?? 0))).OrderBy(g => g.Place, StringComparer.OrdinalIgnoreCase)],
                // The student writes for the supervisor and for themselves; whoever plans the programme may look at the slot. The institution is told of the hours.
                mayManage || s.PersonId == me.PersonId ? slots : [.. slots.Select(t => t with { Reflection = null })],
                // What a host says of a student the student reads, too; what the student says of the hosts goes to the officers.
                [.. (await db.List<Said>(SelectFeedback, request, cancellationToken)).Where(f => mayManage || f.Side == "Host" || s.PersonId == me.PersonId)]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/students/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("SeePlacementStudent").WithSummary("A student's statement of hours: every slot with what became of it, and minutes signed off and short.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeeHours);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid? PersonId { get; init; }
        public string Name { get; init; } = "";
        public string? Reference { get; init; }
        public Guid CohortId { get; init; }
        public string CohortName { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public Guid ProgrammeId { get; init; }
        public string ProgrammeName { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public StudentState State { get; init; }
        public DateOnly? InductedOn { get; init; }
        public int MinutesAllowed { get; init; }
        public int Version { get; init; }
    }
}
