using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>A student's own placements: what is ahead, what is to be logged, what is signed off, and what is short. Drafts are not theirs yet.</summary>
internal static class ListMySlots {
    internal sealed record Query : IRequest<IReadOnlyList<Placement>>;

    /// <param name="Checks">Entry checks that are not confirmed yet.</param>
    /// <param name="Alternative">A course for those without a placement; only while nothing is planned.</param>
    internal sealed record Placement(Guid StudentId, string ProgrammeName, string CohortName, DateOnly StartsOn, DateOnly EndsOn, int MinutesAllowed, int MinutesSigned, int MinutesWaiting, int MinutesPlanned, DateOnly? InductedOn, StudentState State,
        IReadOnlyList<string> Checks, CourseCard? Alternative, IReadOnlyList<Slot> Slots) {
        public int MinutesShort => Math.Max(0, MinutesAllowed - MinutesSigned);
    }

    internal sealed record Slot {
        public Guid Id { get; init; }
        public Guid StudentId { get; init; }
        public SlotKind Kind { get; init; }
        public string? Title { get; init; }
        public string? Project { get; init; }
        public Guid? OrganisationId { get; init; }
        public string SupervisorName { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Minutes { get; init; }
        public SlotState State { get; init; }
        public HoursState Hours { get; init; }
        public string? Reason { get; init; }
        public int? LoggedMinutes { get; init; }
        public string? Reflection { get; init; }
        public string? Returned { get; init; }
        public int Version { get; init; }

        /// <summary>The student can write their hours at this moment.</summary>
        internal bool MayLog(DateTime now) => State is SlotState.Published or SlotState.Attended && Hours != HoursState.Signed && StartsAt <= now;
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, IReadOnlyList<Placement>> {
        const string SelectPlacements = """
            SELECT s.Id, p.Name AS ProgrammeName, p.AlternativeCourseId, c.Name AS CohortName, s.StartsOn, s.EndsOn, s.MinutesAllowed, s.InductedOn, s.State
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.PersonId = @Me
            ORDER BY s.StartsOn DESC, s.Id
            """;
        const string SelectChecks = """
            SELECT s.Id, k.Name
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_EntryCheck k ON k.ProgrammeId = c.ProgrammeId
            WHERE s.PersonId = @Me AND NOT EXISTS (SELECT 1 FROM placements_StudentCheck x WHERE x.StudentId = s.Id AND x.CheckId = k.Id)
            ORDER BY k.Number, k.Id
            """;
        const string SelectSlots = """
            SELECT t.Id, t.StudentId, t.Kind, t.Title, h.Project, h.OrganisationId, v.Name AS SupervisorName, t.StartsAt, t.EndsAt, t.Minutes, t.State, t.Hours, t.Reason, t.LoggedMinutes, t.Reflection, t.Returned, t.Version
            FROM placements_Slot t
            JOIN placements_Student s ON s.Id = t.StudentId
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            WHERE s.PersonId = @Me AND t.State <> 'Draft'
            ORDER BY t.StartsAt, t.Id
            """;

        public async Task<IReadOnlyList<Placement>> Handle(Query request, CancellationToken cancellationToken) {
            var mine = new { Me = me.Reach(PlacementsPermissions.LogHours).Self ?? Guid.Empty };
            var placements = await db.List<Row>(SelectPlacements, mine, cancellationToken);
            if (placements.Count == 0) return [];
            var checks = (await db.List<CheckRow>(SelectChecks, mine, cancellationToken)).ToLookup(c => c.Id, c => c.Name);
            var slots = (await db.List<Slot>(SelectSlots, mine, cancellationToken)).ToLookup(s => s.StudentId);
            var without = placements.Where(p => p.AlternativeCourseId is not null && slots[p.Id].All(s => s.State == SlotState.Cancelled)).Select(p => p.AlternativeCourseId!.Value).Distinct().ToList();
            var courses = without.Count == 0 ? [] : (await mediator.Send(new FindCourses(without), cancellationToken)).ToDictionary(c => c.Id);
            return [.. placements.Select(p => new Placement(p.Id, p.ProgrammeName, p.CohortName, p.StartsOn, p.EndsOn, p.MinutesAllowed,
                slots[p.Id].Where(s => s.Hours == HoursState.Signed).Sum(s => s.LoggedMinutes ?? 0), slots[p.Id].Where(s => s.Hours == HoursState.Logged).Sum(s => s.LoggedMinutes ?? 0),
                slots[p.Id].Where(s => s.State is SlotState.Published or SlotState.Attended).Sum(s => s.Minutes), p.InductedOn, p.State, [.. checks[p.Id]],
                p.AlternativeCourseId is { } course && slots[p.Id].All(s => s.State == SlotState.Cancelled) ? courses.GetValueOrDefault(course) : null, [.. slots[p.Id]]))];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/my-placements", async (IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(), ct)))
        .WithName("ListMyPlacements").WithSummary("Your placements as a student with all their slots: minutes planned, waiting for sign-off, signed off and short.")
        .Produces<IReadOnlyList<Placement>>().ProducesProblem(401).ProducesProblem(403)
        .Requires(PlacementsPermissions.LogHours);

    sealed record Row {
        public Guid Id { get; init; }
        public string ProgrammeName { get; init; } = "";
        public Guid? AlternativeCourseId { get; init; }
        public string CohortName { get; init; } = "";
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public int MinutesAllowed { get; init; }
        public DateOnly? InductedOn { get; init; }
        public StudentState State { get; init; }
    }

    sealed record CheckRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
    }
}
