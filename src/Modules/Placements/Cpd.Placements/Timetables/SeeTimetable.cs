using Cpd.Placements.Programmes;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Timetables;

/// <summary>A cohort's timetable, in order of time: whoever plans it sees the draft while there is one, whoever sends the students what is published. What was added by hand stands in it, too.</summary>
internal static class SeeTimetable {
    internal sealed record Query(Guid CohortId) : IRequest<Outcome<View>>;

    /// <param name="IsDraft">These slots are not published yet.</param>
    /// <param name="Version">Of the draft; 0 when there is none.</param>
    /// <param name="Parts">The parts of the day, in order.</param>
    /// <param name="Left">For whoever plans it: supervisors of slots ahead that are published who are at the host no more.</param>
    internal sealed record View(Guid CohortId, Guid ProgrammeId, string CohortName, string ProgrammeName, bool MayManage, bool IsDraft, int Version, DateTime? PublishedAt, IReadOnlyList<SeeSetUp.Part> Parts, IReadOnlyList<Entry> Slots, IReadOnlyList<Gone> Left);

    /// <param name="Slots">How many slots ahead still name them.</param>
    internal sealed record Gone(Guid SupervisorId, string Name, DateOnly Since, int Slots);

    /// <summary>A slot; its times are UTC.</summary>
    internal sealed record Entry {
        public Guid Id { get; init; }
        public Guid StudentId { get; init; }
        public string StudentName { get; init; } = "";
        public Guid? ProjectId { get; init; }
        public string? Project { get; init; }
        public string? Title { get; init; }
        public Guid SupervisorId { get; init; }
        public string SupervisorName { get; init; } = "";
        internal Guid SupervisorPersonId { get; init; }
        internal Guid SupervisorHostId { get; init; }
        public DateOnly OnDay { get; init; }
        /// <summary>Null for what was added by hand, with times of its own.</summary>
        public int? DayPart { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Minutes { get; init; }
        public SlotKind Kind { get; init; }
        public SlotState State { get; init; }
        public bool Pinned { get; init; }

        /// <summary>With part 0 for what was added by hand.</summary>
        internal When When => new(OnDay, DayPart ?? 0);
        internal DateOnly Monday => OnDay.AddDays(1 - Words.Weekday(OnDay));
        /// <summary>What was added by hand is not planned again anyway.</summary>
        internal bool IsPinned => Pinned && DayPart is not null;
        internal string Where => Words.Place(Project, Title);
        internal string Place => Kind == SlotKind.Induction ? $"{Where} (induction)" : Where;
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT c.Id, c.ProgrammeId, p.AuthorityId, c.Name, p.Name AS ProgrammeName, t.PublishedAt, COALESCE(d.Version, 0) AS Version
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            LEFT JOIN placements_Timetable t ON t.CohortId = c.Id AND t.State = 'Published'
            LEFT JOIN placements_Timetable d ON d.CohortId = c.Id AND d.State = 'Draft'
            WHERE c.Id = @CohortId AND {Within.Cohorts}
            """;
        const string SelectParts = "SELECT Number, Name, Starts, Ends FROM placements_DayPart WHERE ProgrammeId = @ProgrammeId ORDER BY Number";
        // Beside a draft stands what has been worked, or will be before anything can be changed.
        const string SelectSlots = """
            SELECT s.Id, s.StudentId, n.Name AS StudentName, s.ProjectId, h.Project, s.Title, s.SupervisorId, v.Name AS SupervisorName, v.PersonId AS SupervisorPersonId, v.OrganisationId AS SupervisorHostId, s.OnDay, s.DayPart, s.StartsAt, s.EndsAt, s.Minutes, s.Kind, s.State, s.Pinned
            FROM placements_Slot s
            JOIN placements_Student n ON n.Id = s.StudentId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = s.ProjectId
            JOIN placements_Supervisor v ON v.Id = s.SupervisorId
            WHERE s.CohortId = @CohortId
              AND (s.State = 'Attended' OR (@Draft = 1 AND s.State = 'Draft') OR (s.State = 'Published' AND (@Draft = 0 OR s.StartsAt <= @Now OR s.DayPart IS NULL)))
            ORDER BY s.StartsAt, n.Name, s.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.SeeHours), request), cancellationToken) is not { } c) return Outcome.NotFound;
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            var mayManage = manage.All || manage.Authorities.Contains(c.AuthorityId);
            var draft = mayManage && c.Version > 0;
            var now = clock.GetUtcNow().UtcDateTime;
            var parts = await db.List<SeeSetUp.Part>(SelectParts, c, cancellationToken);
            var slots = await db.List<Entry>(SelectSlots, new { request.CohortId, Draft = draft ? 1 : 0, Now = now }, cancellationToken);
            var ahead = slots.Where(s => mayManage && s.State == SlotState.Published && s.StartsAt > now).ToLookup(s => (s.SupervisorHostId, s.SupervisorPersonId));
            var former = await mediator.Former(ahead.Select(s => s.Key.SupervisorHostId), cancellationToken);
            return new View(c.Id, c.ProgrammeId, c.Name, c.ProgrammeName, mayManage, draft, draft ? c.Version : 0, c.PublishedAt, parts, slots,
                [.. ahead.Where(s => former.ContainsKey(s.Key)).Select(s => new Gone(s.First().SupervisorId, s.First().SupervisorName, London.Day(former[s.Key]), s.Count())).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase)]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/cohorts/{id:guid}/timetable", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("SeePlacementTimetable").WithSummary("The timetable of a cohort in order of time: the draft for whoever plans it, while there is one, else what is published. dayPart is a number of parts; times are UTC.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeeHours);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid ProgrammeId { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string ProgrammeName { get; init; } = "";
        public DateTime? PublishedAt { get; init; }
        public int Version { get; init; }
    }
}
