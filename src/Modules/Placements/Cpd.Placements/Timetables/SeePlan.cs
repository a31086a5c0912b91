using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Placements.Timetables;

/// <summary>
/// What an officer plans a cohort with: the draft, or what is published where there is none, and the problem it has to solve as things stand. Slots that others have
/// been given take their room, and of a supervisor also what other programmes have given them; what has been worked, or whose time has come, stands as it is.
/// </summary>
internal static class SeePlan {
    internal sealed record Query(Guid CohortId) : IRequest<Outcome<View>>;

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

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT c.Id, c.ProgrammeId, c.Name, p.Name AS ProgrammeName, p.AuthorityId, p.OpensOn, p.InductionRegister, p.ProjectRegister, p.MovesADay, t.Id AS DraftId, COALESCE(t.Version, 0) AS Version
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            LEFT JOIN placements_Timetable t ON t.CohortId = c.Id AND t.State = 'Draft'
            WHERE c.Id = @CohortId AND {Within.Programmes}
            """;
        const string SelectStudents = "SELECT Id, PersonId, Name, StartsOn, EndsOn, MinutesAllowed, InductedOn FROM placements_Student WHERE CohortId = @CohortId AND State = 'Active' ORDER BY StartsOn, Name, Id";
        const string SelectParts = "SELECT Number, Name, Starts, Ends FROM placements_DayPart WHERE ProgrammeId = @ProgrammeId ORDER BY Number";
        const string SelectOff = "SELECT OffOn FROM placements_DayOff WHERE ProgrammeId = @ProgrammeId AND OffOn >= @From AND OffOn <= @To";
        const string SelectThemes = "SELECT Id, Name, ByInduction FROM placements_Theme WHERE ProgrammeId = @ProgrammeId ORDER BY Number, Id";
        const string SelectProjects = "SELECT Id, Project AS Name, Capacity, GivesInduction FROM placements_ProgrammeHost WHERE ProgrammeId = @ProgrammeId AND State = 'Accepted' ORDER BY Project, Id";
        const string SelectCovered = "SELECT x.ProjectId, x.ThemeId FROM placements_ProjectTheme x JOIN placements_ProgrammeHost h ON h.Id = x.ProjectId WHERE h.ProgrammeId = @ProgrammeId";
        const string SelectRooms = "SELECT r.ProjectId, r.Weekday, r.DayPart, r.Capacity FROM placements_Room r JOIN placements_ProgrammeHost h ON h.Id = r.ProjectId WHERE h.ProgrammeId = @ProgrammeId";
        const string SelectSupervisors = "SELECT Id, OrganisationId, PersonId, Name, Capacity, Register, CheckedOn FROM placements_Supervisor WHERE ProgrammeId = @ProgrammeId AND EndedAt IS NULL ORDER BY Name, Id";
        const string SelectSupervised = "SELECT x.SupervisorId, x.ProjectId FROM placements_SupervisorProject x JOIN placements_Supervisor v ON v.Id = x.SupervisorId WHERE v.ProgrammeId = @ProgrammeId";
        const string SelectDuty = """
            SELECT d.SupervisorId, d.OnDay, d.DayPart FROM placements_Duty d JOIN placements_Supervisor v ON v.Id = d.SupervisorId
            WHERE v.ProgrammeId = @ProgrammeId AND d.OnDay >= @From AND d.OnDay <= @To
            """;
        const string SelectSlots = $"""
            SELECT Id, CohortId, StudentId, ProjectId, SupervisorId, OnDay, DayPart, StartsAt, EndsAt, Minutes, Kind, State, Pinned FROM placements_Slot
            WHERE ProgrammeId = @ProgrammeId AND OnDay >= @From AND OnDay <= @To AND (State IN ('Published', 'Attended') OR (State = 'Draft' AND CohortId = @CohortId))
            UNION ALL
            SELECT t.Id, t.CohortId, t.StudentId, NULL AS ProjectId, own.Id AS SupervisorId, t.OnDay, t.DayPart, t.StartsAt, t.EndsAt, t.Minutes, t.Kind, t.State, t.Pinned {Slots.Slot.Elsewhere}
            ORDER BY StartsAt, Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), request), cancellationToken) is not { } c) return Outcome.NotFound;
            var students = await db.List<StudentRow>(SelectStudents, request, cancellationToken);
            var today = London.Today(clock);
            // A week more than they are there: what could be a week later is proposed when nothing else helps.
            var args = new { request.CohortId, c.ProgrammeId, From = students.Select(s => s.StartsOn).DefaultIfEmpty(today).Min(), To = students.Select(s => s.EndsOn).DefaultIfEmpty(today).Max().AddDays(7) };
            var parts = await db.List<SeeSetUp.Part>(SelectParts, args, cancellationToken);
            var closed = (await db.List<DateOnly>(SelectOff, args, cancellationToken)).Concat(await mediator.Send(new ListClosedDays(c.AuthorityId, args.From, args.To), cancellationToken)).ToHashSet();
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

            var slots = await db.List<SlotRow>(SelectSlots, args, cancellationToken);
            var active = students.Select(s => s.Id).ToHashSet();
            bool IsOurs(SlotRow s) => s.CohortId == c.Id && active.Contains(s.StudentId) && s is { DayPart: not null, ProjectId: not null, Kind: SlotKind.Induction or SlotKind.Project };
            var ours = slots.Where(IsOurs).ToList();
            var published = ours.Where(s => s.State == SlotState.Published && s.StartsAt > now).ToList();
            var worked = ours.Where(s => s.State == SlotState.Attended || (s.State == SlotState.Published && s.StartsAt <= now)).ToList();
            var planned = c.DraftId is null ? published : [.. ours.Where(s => s.State == SlotState.Draft && !worked.Any(w => w.StudentId == s.StudentId && w.When == s.When))];
            // What was worked on a day that is closed by now was open then.
            foreach (var past in worked.Where(w => open.All(p => p.When != w.When)).DistinctBy(w => w.When)) open.Add(new(past.When, parts.FirstOrDefault(p => p.Number == past.DayPart)?.Name ?? "", past.Minutes, true));

            var others = slots.Where(s => s.State != SlotState.Draft && !IsOurs(s)).ToList();
            var taken = open.SelectMany(p => others.Where(o => times.TryGetValue(p.When, out var t) && o.StartsAt < t.Ends && o.EndsAt > t.Starts).Select(o => (p.When, Slot: o))).ToList();
            var room = taken.Where(t => t.Slot.ProjectId is not null).GroupBy(t => (t.Slot.ProjectId!.Value, t.When)).ToDictionary(g => g.Key, g => g.Count());
            var hands = taken.GroupBy(t => (t.Slot.SupervisorId, t.When)).ToDictionary(g => g.Key, g => g.Count());
            var byHand = others.Where(o => active.Contains(o.StudentId)).ToLookup(o => o.StudentId);
            var bound = await Bound(students, slots, times, args.From, args.To, cancellationToken);

            var covered = (await db.List<Pair>(SelectCovered, args, cancellationToken)).ToLookup(x => x.ProjectId, x => x.ThemeId);
            var rooms = (await db.List<RoomRow>(SelectRooms, args, cancellationToken)).ToDictionary(r => (r.ProjectId, r.Weekday, r.DayPart), r => r.Capacity);
            var projects = (await db.List<ProjectRow>(SelectProjects, args, cancellationToken)).Select(p => new Project(p.Id, p.Name, p.GivesInduction, covered[p.Id].ToHashSet(), open.ToDictionary(o => o.When,
                o => Math.Max(0, rooms.GetValueOrDefault((p.Id, Words.Weekday(o.When.Day), o.When.Part), p.Capacity) - room.GetValueOrDefault((p.Id, o.When)))))).ToList();
            var duty = (await db.List<DutyRow>(SelectDuty, args, cancellationToken)).ToLookup(d => d.SupervisorId, d => new When(d.OnDay, d.DayPart));
            var supervised = (await db.List<Pair>(SelectSupervised, args, cancellationToken)).ToLookup(x => x.SupervisorId, x => x.ProjectId);
            var named = await db.List<SupervisorRow>(SelectSupervisors, args, cancellationToken);
            var former = await mediator.Former(named.Select(v => v.OrganisationId), cancellationToken);
            var supervisors = named.Select(v => former.TryGetValue((v.OrganisationId, v.PersonId), out var left)
                ? new Supervisor(v.Id, v.Name, v.Capacity, false, false, new HashSet<Guid>(), new Dictionary<When, int>()) { LeftOn = London.Day(left) }
                : new Supervisor(v.Id, v.Name, v.Capacity, v.Is(c.InductionRegister), v.Is(c.ProjectRegister), supervised[v.Id].ToHashSet(),
                    duty[v.Id].Where(times.ContainsKey).Distinct().ToDictionary(w => w, w => Math.Max(0, v.Capacity - hands.GetValueOrDefault((v.Id, w)))))).ToList();

            // A pin on somebody who is there no more holds nothing.
            var gone = supervisors.Where(v => v.LeftOn is not null).Select(v => v.Id).ToHashSet();
            var pinned = planned.Where(s => s.Pinned && !gone.Contains(s.SupervisorId)).Select(s => s.Slot).ToHashSet();
            List<Standing> stands = [.. worked.Select(s => new Standing(s.Slot, true)), .. pinned.Select(s => new Standing(s, false))];
            var problem = new Problem(
                [.. students.Select(s => new Student(s.Id, s.Name, s.StartsOn, s.EndsOn, s.MinutesAllowed - byHand[s.Id].Sum(o => o.Minutes),
                    !worked.Any(w => w.StudentId == s.Id && w.Kind == SlotKind.Induction) && (s.InductedOn is not null || byHand[s.Id].Any(o => o.Kind == SlotKind.Induction)), bound[s.Id].ToHashSet()))],
                [.. open.OrderBy(o => o.When)], projects, supervisors, [.. (await db.List<SeeSetUp.Theme>(SelectThemes, args, cancellationToken)).Select(t => new Theme(t.Id, t.Name, t.ByInduction))],
                c.MovesADay, stands, [.. planned.Select(s => s.Slot)]);
            return new View(c.Id, c.ProgrammeId, c.Name, c.ProgrammeName, c.DraftId, c.Version, problem, [.. worked.Concat(planned).Select(s => s.Slot)], pinned, published.ToDictionary(s => s.Id, s => s.Slot), times);
        }

        /// <summary>When each student is bound by something else than this timetable, as far as anybody knows.</summary>
        async Task<ILookup<Guid, When>> Bound(IReadOnlyList<StudentRow> students, IReadOnlyList<SlotRow> slots, Dictionary<When, (DateTime Starts, DateTime Ends)> times, DateOnly from, DateOnly to, CancellationToken ct) {
            var known = students.Where(s => s.PersonId is not null).ToLookup(s => s.PersonId!.Value, s => s.Id);
            var own = slots.Where(s => s is { DayPart: not null, ProjectId: not null }).Select(s => s.Id).ToHashSet();
            IReadOnlyList<Commitment> commitments = known.Count == 0 ? [] : await everyone.Ask<FindCommitments, Commitment>(new([.. known.Select(k => k.Key)], London.StartOf(from), London.StartOf(to.AddDays(1))), ct);
            return commitments.Where(k => !own.Contains(k.CauseId)).SelectMany(k => known[k.PersonId].Select(id => (Student: id, k.StartsAt, k.EndsAt)))
                .Concat(slots.Where(s => !own.Contains(s.Id)).Select(s => (Student: s.StudentId, s.StartsAt, s.EndsAt)))
                .SelectMany(k => times.Where(t => k.StartsAt < t.Value.Ends && k.EndsAt > t.Value.Starts).Select(t => (k.Student, When: t.Key))).ToLookup(k => k.Student, k => k.When);
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid ProgrammeId { get; init; }
        public string Name { get; init; } = "";
        public string ProgrammeName { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public int OpensOn { get; init; }
        public Register InductionRegister { get; init; }
        public Register ProjectRegister { get; init; }
        public int? MovesADay { get; init; }
        public Guid? DraftId { get; init; }
        public int Version { get; init; }
    }

    sealed record StudentRow {
        public Guid Id { get; init; }
        public Guid? PersonId { get; init; }
        public string Name { get; init; } = "";
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
        public int MinutesAllowed { get; init; }
        public DateOnly? InductedOn { get; init; }
    }

    sealed record ProjectRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public int Capacity { get; init; }
        public bool GivesInduction { get; init; }
    }

    sealed record SupervisorRow {
        public Guid Id { get; init; }
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public int Capacity { get; init; }
        public Register Register { get; init; }
        public DateOnly? CheckedOn { get; init; }

        internal bool Is(Register asked) => asked == Register.None || (Register == asked && CheckedOn is not null);
    }

    sealed record Pair {
        public Guid SupervisorId { get; init; }
        public Guid ProjectId { get; init; }
        public Guid ThemeId { get; init; }
    }

    sealed record RoomRow {
        public Guid ProjectId { get; init; }
        public int Weekday { get; init; }
        public int DayPart { get; init; }
        public int Capacity { get; init; }
    }

    sealed record DutyRow {
        public Guid SupervisorId { get; init; }
        public DateOnly OnDay { get; init; }
        public int DayPart { get; init; }
    }

    sealed record SlotRow {
        public Guid Id { get; init; }
        public Guid CohortId { get; init; }
        public Guid StudentId { get; init; }
        public Guid? ProjectId { get; init; }
        public Guid SupervisorId { get; init; }
        public DateOnly OnDay { get; init; }
        public int? DayPart { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Minutes { get; init; }
        public SlotKind Kind { get; init; }
        public SlotState State { get; init; }
        public bool Pinned { get; init; }

        internal When When => new(OnDay, DayPart ?? 0);
        internal Slot Slot => new(StudentId, When, ProjectId ?? Guid.Empty, SupervisorId, Kind == SlotKind.Induction);
    }
}
