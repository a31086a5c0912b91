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
    /// <param name="Left">For whoever plans it: supervisors of slots ahead that are published who are at the host no more. While there is a draft, that is judged as a whole instead.</param>
    internal sealed record View(Guid CohortId, Guid ProgrammeId, string CohortName, string ProgrammeName, bool MayManage, bool IsDraft, int Version, DateTime? PublishedAt, IReadOnlyList<SeeSetUp.Part> Parts, IReadOnlyList<Entry> Slots, IReadOnlyList<Gone> Left) {
        /// <summary>Of the cohort and its programme, for <see cref="SeePlan"/>.</summary>
        internal Header Header { get; init; } = new();
        /// <summary>Published, attended and, for whoever plans it, drafted: beside a draft also what it is to replace.</summary>
        internal IReadOnlyList<Entry> All { get; init; } = [];
    }

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
            SELECT c.Id, c.ProgrammeId, p.AuthorityId, c.Name, p.Name AS ProgrammeName, c.StartsOn, c.EndsOn, p.OpensOn, p.InductionRegister, p.ProjectRegister, p.MovesADay, t.PublishedAt, d.Id AS DraftId, COALESCE(d.Version, 0) AS Version,
                COALESCE(y.Number, 0) AS Number, y.Name AS Part, COALESCE(y.Starts, 0) AS Starts, COALESCE(y.Ends, 0) AS Ends
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            LEFT JOIN placements_Timetable t ON t.CohortId = c.Id AND t.State = 'Published'
            LEFT JOIN placements_Timetable d ON d.CohortId = c.Id AND d.State = 'Draft'
            LEFT JOIN placements_DayPart y ON y.ProgrammeId = p.Id
            WHERE c.Id = @CohortId AND {Within.Cohorts}
            ORDER BY y.Number
            """;
        const string SelectSlots = """
            SELECT s.Id, s.StudentId, n.Name AS StudentName, s.ProjectId, h.Project, s.Title, s.SupervisorId, v.Name AS SupervisorName, v.PersonId AS SupervisorPersonId, v.OrganisationId AS SupervisorHostId, s.OnDay, s.DayPart, s.StartsAt, s.EndsAt, s.Minutes, s.Kind, s.State, s.Pinned
            FROM placements_Slot s
            JOIN placements_Student n ON n.Id = s.StudentId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = s.ProjectId
            JOIN placements_Supervisor v ON v.Id = s.SupervisorId
            WHERE s.CohortId = @CohortId AND (s.State IN ('Published', 'Attended') OR (@Draft = 1 AND s.State = 'Draft'))
            ORDER BY s.StartsAt, n.Name, s.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.List<Header>(Select, db.In(me.Reach(PlacementsPermissions.SeeHours), request), cancellationToken) is not [var c, ..] rows) return Outcome.NotFound;
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            var mayManage = manage.All || manage.Authorities.Contains(c.AuthorityId);
            var draft = mayManage && c.DraftId is not null;
            var now = clock.GetUtcNow().UtcDateTime;
            var all = await db.List<Entry>(SelectSlots, new { request.CohortId, Draft = draft ? 1 : 0 }, cancellationToken);
            // Beside a draft stands what has been worked, or will be before anything can be changed.
            var slots = draft ? all.Where(s => s.State != SlotState.Published || s.StartsAt <= now || s.DayPart is null).ToList() : all;
            var ahead = slots.Where(s => mayManage && !draft && s.State == SlotState.Published && s.StartsAt > now).ToLookup(s => (s.SupervisorHostId, s.SupervisorPersonId));
            var former = await mediator.Former(ahead.Select(s => s.Key.SupervisorHostId), cancellationToken);
            return new View(c.Id, c.ProgrammeId, c.Name, c.ProgrammeName, mayManage, draft, draft ? c.Version : 0, c.PublishedAt,
                [.. rows.Where(r => r.Part is not null).Select(r => new SeeSetUp.Part { Number = r.Number, Name = r.Part!, Starts = r.Starts, Ends = r.Ends })], slots,
                [.. ahead.Where(s => former.ContainsKey(s.Key)).Select(s => new Gone(s.First().SupervisorId, s.First().SupervisorName, London.Day(former[s.Key]), s.Count())).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase)]) { Header = c, All = all };
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/cohorts/{id:guid}/timetable", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("SeePlacementTimetable").WithSummary("The timetable of a cohort in order of time: the draft for whoever plans it, while there is one, else what is published. dayPart is a number of parts; times are UTC.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeeHours);

    /// <summary>A row for each part of the day, or one without.</summary>
    internal sealed record Header {
        public Guid Id { get; init; }
        public Guid ProgrammeId { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string ProgrammeName { get; init; } = "";
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public int OpensOn { get; init; }
        public Register InductionRegister { get; init; }
        public Register ProjectRegister { get; init; }
        public int? MovesADay { get; init; }
        public DateTime? PublishedAt { get; init; }
        public Guid? DraftId { get; init; }
        public int Version { get; init; }
        public int Number { get; init; }
        public string? Part { get; init; }
        public int Starts { get; init; }
        public int Ends { get; init; }
    }
}
