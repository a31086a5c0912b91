using Cpd.People.Contracts;
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

/// <summary>
/// What an officer plans a cohort with: the draft, or what is published where there is none, and the problem it has to solve as things stand. Slots that others have
/// been given take their room, and of a supervisor also what other programmes have given them; what has been worked, or whose time has come, stands as it is.
/// </summary>
internal static class SeePlan {
    /// <param name="Seen">Its timetable, where whoever asks has it already.</param>
    internal sealed record Query(Guid CohortId, SeeTimetable.View? Seen = null) : IRequest<Outcome<View>>;

    /// <param name="DraftId">Null when there is no draft.</param>
    /// <param name="Version">Of the draft.</param>
    /// <param name="Slots">Of the draft, or published; those that stand among them.</param>
    /// <param name="Pinned">Which of them are pinned.</param>
    /// <param name="Published">What is published and lies ahead, by its id.</param>
    /// <param name="Times">When each part of a day begins and ends, in UTC.</param>
    internal sealed record View(Guid CohortId, Guid ProgrammeId, string CohortName, string ProgrammeName, Guid? DraftId, int Version, Problem Problem,
        IReadOnlyList<Slot> Slots, IReadOnlySet<Slot> Pinned, IReadOnlyDictionary<Guid, Slot> Published, IReadOnlyDictionary<When, (DateTime Starts, DateTime Ends)> Times) {
        /// <summary>The slots of it that are planned, without those that stand because they have been worked.</summary>
        internal IReadOnlyList<KeepTimetable.Planned> Ahead {
            get {
                var worked = Problem.Stands.Where(s => s.Worked).Select(s => s.Slot).ToHashSet();
                return [.. Slots.Where(s => !worked.Contains(s)).Select(s => new KeepTimetable.Planned(s, Pinned.Contains(s)))];
            }
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        // All that a cohort is planned with, in one go: a page would otherwise ask ten times. What a column holds depends on the kind of row, and stands where the row is read.
        const string SelectFacts = """
            SELECT 'Student' AS What, s.Id, s.CohortId AS OfId, s.PersonId, s.Name, s.State AS Word, 0 AS Number, 0 AS Part, s.MinutesAllowed AS Amount, s.StartsOn AS OnDay, s.EndsOn AS Until, s.InductedOn
            FROM placements_Student s WHERE s.CohortId = @CohortId AND s.State = 'Active'
            UNION ALL
            SELECT 'Off', o.ProgrammeId, NULL, NULL, NULL, NULL, 0, 0, 0, o.OffOn, NULL, NULL FROM placements_DayOff o WHERE o.ProgrammeId = @ProgrammeId AND o.OffOn >= @From AND o.OffOn <= @To
            UNION ALL
            SELECT 'Theme', t.Id, NULL, NULL, t.Name, NULL, t.Number, 0, CASE WHEN t.ByInduction = 1 THEN 1 ELSE 0 END, NULL, NULL, NULL FROM placements_Theme t WHERE t.ProgrammeId = @ProgrammeId
            UNION ALL
            SELECT 'Project', h.Id, NULL, NULL, h.Project, NULL, 0, CASE WHEN h.GivesInduction = 1 THEN 1 ELSE 0 END, h.Capacity, NULL, NULL, NULL FROM placements_ProgrammeHost h WHERE h.ProgrammeId = @ProgrammeId AND h.State = 'Accepted'
            UNION ALL
            SELECT 'Covered', x.ProjectId, x.ThemeId, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL FROM placements_ProjectTheme x JOIN placements_ProgrammeHost h ON h.Id = x.ProjectId WHERE h.ProgrammeId = @ProgrammeId
            UNION ALL
            SELECT 'Room', r.ProjectId, NULL, NULL, NULL, NULL, r.Weekday, r.DayPart, r.Capacity, NULL, NULL, NULL FROM placements_Room r JOIN placements_ProgrammeHost h ON h.Id = r.ProjectId WHERE h.ProgrammeId = @ProgrammeId
            UNION ALL
            SELECT 'Supervisor', v.Id, v.OrganisationId, v.PersonId, v.Name, v.Register, 0, 0, v.Capacity, NULL, v.CheckedOn, NULL FROM placements_Supervisor v WHERE v.ProgrammeId = @ProgrammeId AND v.EndedAt IS NULL
            UNION ALL
            SELECT 'Supervised', x.SupervisorId, x.ProjectId, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL FROM placements_SupervisorProject x JOIN placements_Supervisor v ON v.Id = x.SupervisorId WHERE v.ProgrammeId = @ProgrammeId
            UNION ALL
            SELECT 'Duty', d.SupervisorId, NULL, NULL, NULL, NULL, 0, d.DayPart, 0, d.OnDay, NULL, NULL FROM placements_Duty d JOIN placements_Supervisor v ON v.Id = d.SupervisorId
            WHERE v.ProgrammeId = @ProgrammeId AND d.OnDay >= @From AND d.OnDay <= @To
            ORDER BY What, Number, OnDay, Name, Id
            """;
        // What other cohorts have been given, and supervisors in other programmes. The cohort's own slots come with its timetable.
        const string SelectOthers = $"""
            SELECT ProjectId, SupervisorId, StartsAt, EndsAt FROM placements_Slot
            WHERE ProgrammeId = @ProgrammeId AND CohortId <> @CohortId AND OnDay >= @From AND OnDay <= @To AND State IN ('Published', 'Attended')
            UNION ALL
            SELECT NULL AS ProjectId, own.Id AS SupervisorId, t.StartsAt, t.EndsAt {Slots.Slot.Elsewhere}
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var seen = request.Seen is { } timetable ? timetable : await mediator.Send(new SeeTimetable.Query(request.CohortId), cancellationToken);
            if (seen.Refusal is not null || !seen.Value.MayManage) return Outcome.NotFound;
            var (c, parts, all) = (seen.Value.Header, seen.Value.Parts, seen.Value.All);
            // A week more than they are there: what could be a week later is proposed when nothing else helps.
            var facts = (await db.List<Fact>(SelectFacts, new { request.CohortId, c.ProgrammeId, From = c.StartsOn, To = c.EndsOn.AddDays(7) }, cancellationToken)).ToLookup(f => f.What);
            var students = facts[What.Student].ToList();
            var args = new { request.CohortId, c.ProgrammeId, From = students.Select(s => s.OnDay!.Value).DefaultIfEmpty(c.StartsOn).Min(), To = students.Select(s => s.Until!.Value).DefaultIfEmpty(c.StartsOn).Max().AddDays(7) };
            var closed = facts[What.Off].Select(f => f.OnDay!.Value).Concat(await mediator.Send(new ListClosedDays(c.AuthorityId, args.From, args.To), cancellationToken)).ToHashSet();
            var now = clock.GetUtcNow().UtcDateTime;
            var times = new Dictionary<When, (DateTime Starts, DateTime Ends)>();
            var open = new List<OpenPart>();
            for (var day = args.From; day <= args.To; day = day.AddDays(1)) {
                if (closed.Contains(day) || (c.OpensOn & 1 << (Words.Weekday(day) - 1)) == 0) continue;
                foreach (var part in parts) {
                    var when = new When(day, part.Number);
                    times[when] = (London.ToUtc(day, part.From), London.ToUtc(day, part.To));
                    open.Add(new(when, part.Name, part.Ends - part.Starts, times[when].Starts <= now));
                }
            }

            var active = students.Select(s => s.Id).ToHashSet();
            bool IsOurs(SeeTimetable.Entry s) => active.Contains(s.StudentId) && s is { DayPart: not null, ProjectId: not null, Kind: SlotKind.Induction or SlotKind.Project };
            var ours = all.Where(IsOurs).ToList();
            var published = ours.Where(s => s.State == SlotState.Published && s.StartsAt > now).ToList();
            var worked = ours.Where(s => s.State == SlotState.Attended || (s.State == SlotState.Published && s.StartsAt <= now)).ToList();
            var planned = c.DraftId is null ? published : [.. ours.Where(s => s.State == SlotState.Draft && !worked.Any(w => w.StudentId == s.StudentId && w.When == s.When))];
            // What was worked on a day that is closed by now was open then.
            foreach (var past in worked.Where(w => open.All(p => p.When != w.When)).DistinctBy(w => w.When)) open.Add(new(past.When, parts.FirstOrDefault(p => p.Number == past.DayPart)?.Name ?? "", past.Minutes, true));

            var byHand = all.Where(s => s.State != SlotState.Draft && !IsOurs(s)).ToLookup(s => s.StudentId);
            var others = (await db.List<Other>(SelectOthers, args, cancellationToken)).Concat(byHand.SelectMany(g => g).Select(s => new Other { ProjectId = s.ProjectId, SupervisorId = s.SupervisorId, StartsAt = s.StartsAt, EndsAt = s.EndsAt })).ToList();
            var taken = open.SelectMany(p => others.Where(o => times.TryGetValue(p.When, out var t) && o.StartsAt < t.Ends && o.EndsAt > t.Starts).Select(o => (p.When, Slot: o))).ToList();
            var room = taken.Where(t => t.Slot.ProjectId is not null).GroupBy(t => (t.Slot.ProjectId!.Value, t.When)).ToDictionary(g => g.Key, g => g.Count());
            var hands = taken.GroupBy(t => (t.Slot.SupervisorId, t.When)).ToDictionary(g => g.Key, g => g.Count());
            var bound = await Bound(students, ours.Select(s => s.Id).ToHashSet(), byHand, times, args.From, args.To, cancellationToken);

            var covered = facts[What.Covered].ToLookup(x => x.Id, x => x.OfId!.Value);
            var rooms = facts[What.Room].ToDictionary(r => (Project: r.Id, Weekday: r.Number, r.Part), r => r.Amount);
            var projects = facts[What.Project].Select(p => new Project(p.Id, p.Name, GivesInduction: p.Part == 1, covered[p.Id].ToHashSet(), open.ToDictionary(o => o.When,
                o => Math.Max(0, rooms.GetValueOrDefault((p.Id, Words.Weekday(o.When.Day), o.When.Part), p.Amount) - room.GetValueOrDefault((p.Id, o.When)))))).ToList();
            var duty = facts[What.Duty].ToLookup(d => d.Id, d => new When(d.OnDay!.Value, d.Part));
            var supervised = facts[What.Supervised].ToLookup(x => x.Id, x => x.OfId!.Value);
            var former = await mediator.Former(facts[What.Supervisor].Select(v => v.OfId!.Value), cancellationToken);
            var supervisors = facts[What.Supervisor].Select(v => former.TryGetValue((v.OfId!.Value, v.PersonId!.Value), out var left)
                ? new Supervisor(v.Id, v.Name, v.Amount, false, false, new HashSet<Guid>(), new Dictionary<When, int>()) { LeftOn = London.Day(left) }
                : new Supervisor(v.Id, v.Name, v.Amount, Is(v, c.InductionRegister), Is(v, c.ProjectRegister), supervised[v.Id].ToHashSet(),
                    duty[v.Id].Where(times.ContainsKey).Distinct().ToDictionary(w => w, w => Math.Max(0, v.Amount - hands.GetValueOrDefault((v.Id, w)))))).ToList();

            // A pin on somebody who is there no more holds nothing.
            var gone = supervisors.Where(v => v.LeftOn is not null).Select(v => v.Id).ToHashSet();
            var pinned = planned.Where(s => s.Pinned && !gone.Contains(s.SupervisorId)).Select(AsSlot).ToHashSet();
            List<Standing> stands = [.. worked.Select(s => new Standing(AsSlot(s), true)), .. pinned.Select(s => new Standing(s, false))];
            var problem = new Problem(
                [.. students.Select(s => new Student(s.Id, s.Name, s.OnDay!.Value, s.Until!.Value, s.Amount - byHand[s.Id].Sum(o => o.Minutes),
                    !worked.Any(w => w.StudentId == s.Id && w.Kind == SlotKind.Induction) && (s.InductedOn is not null || byHand[s.Id].Any(o => o.Kind == SlotKind.Induction)), bound[s.Id].ToHashSet()))],
                [.. open.OrderBy(o => o.When)], projects, supervisors, [.. facts[What.Theme].Select(t => new Theme(t.Id, t.Name, ByInduction: t.Amount == 1))],
                c.MovesADay, stands, [.. planned.Select(AsSlot)]);
            return new View(c.Id, c.ProgrammeId, c.Name, c.ProgrammeName, c.DraftId, c.Version, problem, [.. worked.Concat(planned).Select(AsSlot)], pinned, published.ToDictionary(s => s.Id, AsSlot), times);
        }

        static Slot AsSlot(SeeTimetable.Entry s) => new(s.StudentId, s.When, s.ProjectId ?? Guid.Empty, s.SupervisorId, s.Kind == SlotKind.Induction);

        static bool Is(Fact supervisor, Register asked) => asked == Register.None || (supervisor.Word == asked.ToString() && supervisor.Until is not null);

        /// <summary>When each student is bound by something else than this timetable, as far as anybody knows.</summary>
        async Task<ILookup<Guid, When>> Bound(IReadOnlyList<Fact> students, HashSet<Guid> ours, ILookup<Guid, SeeTimetable.Entry> byHand, Dictionary<When, (DateTime Starts, DateTime Ends)> times, DateOnly from, DateOnly to, CancellationToken ct) {
            var known = students.Where(s => s.PersonId is not null).ToLookup(s => s.PersonId!.Value, s => s.Id);
            IReadOnlyList<Commitment> commitments = known.Count == 0 ? [] : await everyone.Ask<FindCommitments, Commitment>(new([.. known.Select(k => k.Key)], London.StartOf(from), London.StartOf(to.AddDays(1))), ct);
            return commitments.Where(k => !ours.Contains(k.CauseId)).SelectMany(k => known[k.PersonId].Select(id => (Student: id, k.StartsAt, k.EndsAt)))
                .Concat(byHand.SelectMany(g => g).Select(s => (Student: s.StudentId, s.StartsAt, s.EndsAt)))
                .SelectMany(k => times.Where(t => k.StartsAt < t.Value.Ends && k.EndsAt > t.Value.Starts).Select(t => (k.Student, When: t.Key))).ToLookup(k => k.Student, k => k.When);
        }
    }

    /// <param name="IsDraft">False when there is no draft: these slots are what is published and lies ahead, and a draft begins with them.</param>
    /// <param name="NotRight">The rules that it breaks, for which it can't be published.</param>
    internal sealed record Draft(Guid CohortId, bool IsDraft, int Version, IReadOnlyList<KeepTimetable.Entry> Slots, IReadOnlyList<Broken> NotRight);

    /// <param name="OnDay">Null, like the part of the day, when it is about the student as a whole.</param>
    internal sealed record Broken(Rule Rule, Guid StudentId, DateOnly? OnDay, int? DayPart, string Sentence);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/cohorts/{id:guid}/timetable/draft", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(plan => Results.Ok(new Draft(
            id, plan.DraftId is not null, plan.Version, [.. plan.Ahead.Select(KeepTimetable.Entry.Of)],
            plan.DraftId is null ? [] : [.. Checker.Check(plan.Problem, plan.Slots).Select(v => new Broken(v.Rule, v.StudentId, v.When?.Day, v.When?.Part, v.Sentence))]))))
        .WithName("SeePlacementTimetableDraft").WithSummary("What a cohort's timetable is changed with: its draft, or what is published and lies ahead, as slots that can be kept as a draft; and what of the draft is not right yet.")
        .Produces<Draft>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.ManagePlacements);

    enum What { Student, Off, Theme, Project, Covered, Room, Supervisor, Supervised, Duty }

    /// <summary>A row about one thing: the id of the thing, of another that belongs to it (a project's theme, a supervisor's project or host), its days and numbers.</summary>
    sealed record Fact {
        public What What { get; init; }
        public Guid Id { get; init; }
        public Guid? OfId { get; init; }
        public Guid? PersonId { get; init; }
        public string Name { get; init; } = "";
        public string? Word { get; init; }
        public int Number { get; init; }
        public int Part { get; init; }
        public int Amount { get; init; }
        public DateOnly? OnDay { get; init; }
        public DateOnly? Until { get; init; }
        public DateOnly? InductedOn { get; init; }
    }

    sealed record Other {
        public Guid? ProjectId { get; init; }
        public Guid SupervisorId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }
}
