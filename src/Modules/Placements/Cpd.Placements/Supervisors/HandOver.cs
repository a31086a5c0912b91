using Cpd.Placements.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Supervisors;

/// <summary>
/// An officer hands all that a supervisor who has left the host has not signed yet over to another of the same host, who then looks after it and signs it: what was worked and logged, and what lies
/// ahead. By the rules of a timetable: who takes over supervises in these projects, stands on the register that is asked for, and is on duty with room at what lies ahead. All of it or nothing.
/// </summary>
internal static class HandOver {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="LeftOn">Since when they are at the host no more; null while they are, and sign themselves.</param>
    /// <param name="Waiting">Slots whose hours wait to be signed.</param>
    /// <param name="Worked">Slots whose time has come and that are not logged, or were returned.</param>
    /// <param name="Candidates">Who supervises for the same host, by name.</param>
    internal sealed record View(Guid Id, Guid ProgrammeId, string ProgrammeName, string Name, DateOnly? LeftOn, int Waiting, int Worked, int Ahead, IReadOnlyList<Candidate> Candidates) {
        public int Slots => Waiting + Worked + Ahead;
    }

    internal sealed record Candidate {
        public Guid Id { get; init; }
        internal Guid PersonId { get; init; }
        public string Name { get; init; } = "";
    }

    internal sealed record Command(Guid Id, Guid? ToId) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.ToId).NotEmpty().WithMessage("Select who takes over");
    }

    /// <summary>What a supervisor (slots t) has not signed: planned, worked, logged or returned.</summary>
    internal const string Unsigned = "t.State IN ('Published', 'Attended') AND t.Hours <> 'Signed'";

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, SlotNews news, HourReminders reminders, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Command, Outcome<int>> {
        const string Select = $"""
            SELECT s.Id, s.OrganisationId, s.PersonId, s.Name, s.ProgrammeId, p.Name AS ProgrammeName,
              (SELECT COUNT(*) FROM placements_Slot t WHERE t.SupervisorId = s.Id AND {Unsigned} AND t.Hours = 'Logged') AS Waiting,
              (SELECT COUNT(*) FROM placements_Slot t WHERE t.SupervisorId = s.Id AND {Unsigned} AND t.Hours <> 'Logged' AND t.StartsAt <= @Now) AS Worked,
              (SELECT COUNT(*) FROM placements_Slot t WHERE t.SupervisorId = s.Id AND {Unsigned} AND t.Hours <> 'Logged' AND t.StartsAt > @Now) AS Ahead
            FROM placements_Supervisor s
            JOIN placements_Programme p ON p.Id = s.ProgrammeId
            WHERE s.Id = @Id AND {Within.Programmes}
            """;
        const string SelectCandidates = "SELECT Id, PersonId, Name FROM placements_Supervisor WHERE ProgrammeId = @ProgrammeId AND OrganisationId = @OrganisationId AND Id <> @Id AND EndedAt IS NULL ORDER BY Name, Id";
        const string Update = $"""
            UPDATE placements_Slot SET SupervisorId = @ToId, HandOverId = @HandOverId, Version = Version + 1
            WHERE Id IN (SELECT t.Id FROM placements_Slot t WHERE t.SupervisorId = @Id AND {Unsigned})
            """;
        const string Insert = "INSERT INTO placements_HandOver (Id, FromId, ToId, Slots, HandedAt, HandedBy) VALUES (@HandOverId, @Id, @ToId, @Slots, @Now, @By)";
        // As they stand with whom they have come to.
        const string SelectMoved = """
            SELECT t.Id, p.AuthorityId, t.Kind, t.StartsAt, t.DayPart, t.Hours, h.Project, v.Register, v.CheckedOn, v.Capacity,
              CASE t.Kind WHEN 'Induction' THEN p.InductionRegister WHEN 'Project' THEN p.ProjectRegister ELSE 'None' END AS Asked,
              (SELECT COUNT(*) FROM placements_SupervisorProject x WHERE x.SupervisorId = v.Id AND x.ProjectId = t.ProjectId) AS Supervises,
              (SELECT COUNT(*) FROM placements_Duty d WHERE d.SupervisorId = v.Id AND d.OnDay = t.OnDay AND d.DayPart = t.DayPart) AS OnDuty
            FROM placements_Slot t
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            JOIN placements_Programme p ON p.Id = t.ProgrammeId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            WHERE t.HandOverId = @HandOverId
            ORDER BY t.StartsAt, t.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.Id, Now = clock.GetUtcNow().UtcDateTime }), cancellationToken) is not { } s) return Outcome.NotFound;
            var former = await mediator.Former([s.OrganisationId], cancellationToken);
            var others = await db.List<Candidate>(SelectCandidates, s, cancellationToken);
            return new View(s.Id, s.ProgrammeId, s.ProgrammeName, s.Name, former.TryGetValue((s.OrganisationId, s.PersonId), out var left) ? London.Day(left) : null, s.Waiting, s.Worked, s.Ahead,
                [.. others.Where(o => !former.ContainsKey((s.OrganisationId, o.PersonId)))]);
        }

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var found = await mediator.Send(new Query(request.Id), cancellationToken);
            if (found.Refusal is { } refusal) return refusal;
            var from = found.Value;
            if (from.LeftOn is null) return Outcome.Conflict($"{from.Name} is at the host, and signs these hours.");
            if (from.Candidates.FirstOrDefault(c => c.Id == request.ToId) is not { } to) return Outcome.Invalid(nameof(request.ToId), "Select who takes over");
            await db.Execute(Slots.Slot.Hold, new { from.ProgrammeId }, cancellationToken);
            var now = clock.GetUtcNow().UtcDateTime;
            var key = new { HandOverId = Ids.New(clock), request.Id, request.ToId };
            if (await db.Execute(Update, key, cancellationToken) is not (> 0 and var slots)) return Outcome.Conflict($"{from.Name} has nothing to hand over any more.");
            await db.Execute(Insert, new { key.HandOverId, key.Id, key.ToId, Slots = slots, Now = now, By = me.PersonId }, cancellationToken);

            var moved = await db.List<Moved>(SelectMoved, key, cancellationToken);
            var ahead = moved.Where(m => m.StartsAt > now).ToList();
            if (moved.FirstOrDefault(m => !m.IsRegistered) is { } other) return Refuse($"{to.Name} is not, checked, on the register that {(other.Kind == SlotKind.Induction ? "the induction" : "a project")} asks for");
            if (moved.FirstOrDefault(m => m.Project is not null && m.Supervises == 0) is { } strange) return Refuse($"{to.Name} does not supervise in {strange.Project}");
            if (ahead.Count(m => m.DayPart is not null && m.OnDuty == 0) is > 0 and var off) return Refuse($"{to.Name} is not on duty at {Show.Count(off, "slot")} that {(off == 1 ? "lies" : "lie")} ahead. Put them on duty, or plan the timetable again first");
            var theirs = ahead.Count == 0 ? [] : await db.List<Slots.Slot.Time>(ChangeSupervisor.Handler.SelectAhead, new { Id = to.Id, Now = now }, cancellationToken);
            if (ahead.Count > 0 && Slots.Slot.TooMany(theirs, _ => ahead[0].Capacity) is > 0 and var crowded) return Refuse($"{to.Name} would look after too many students at once in {Show.Count(crowded, "slot")} that {(crowded == 1 ? "lies" : "lie")} ahead. Plan the timetable again first, or select somebody else");
            await news.Tell([.. ahead.Select(m => m.Id)], cancellationToken);
            if (moved.Any(m => m.Hours == HoursState.Logged)) await reminders.PlanToSign(to.Id, moved[0].AuthorityId, cancellationToken);
            return slots;

            static Refusal Refuse(string sentence) => Outcome.Invalid(nameof(Command.ToId), sentence);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public Guid OrganisationId { get; init; }
            public Guid PersonId { get; init; }
            public string Name { get; init; } = "";
            public Guid ProgrammeId { get; init; }
            public string ProgrammeName { get; init; } = "";
            public int Waiting { get; init; }
            public int Worked { get; init; }
            public int Ahead { get; init; }
        }

        sealed record Moved {
            public Guid Id { get; init; }
            public Guid AuthorityId { get; init; }
            public SlotKind Kind { get; init; }
            public DateTime StartsAt { get; init; }
            public int? DayPart { get; init; }
            public HoursState Hours { get; init; }
            public string? Project { get; init; }
            public Register Register { get; init; }
            public DateOnly? CheckedOn { get; init; }
            public int Capacity { get; init; }
            public Register Asked { get; init; }
            public int Supervises { get; init; }
            public int OnDuty { get; init; }

            internal bool IsRegistered => Asked == Register.None || (Register == Asked && CheckedOn is not null);
        }
    }

    internal sealed record Body(Guid? ToId);

    internal sealed record HandedOver(int Slots);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/placements/supervisors/{id:guid}/hand-over", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("SeePlacementHandOver").WithSummary("What a supervisor has not signed yet, since when they are at the host no more, and who of the same host could take over.")
            .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
            .Requires(PlacementsPermissions.ManagePlacements);
        api.MapPost("/placements/supervisors/{id:guid}/hand-over", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.ToId), ct)).ToHttp(slots => Results.Ok(new HandedOver(slots))))
            .WithName("HandOverPlacementSlots").WithSummary("Hands all that a supervisor who has left the host has not signed over to another of the same host, who then signs it. Students, the supervisor and the host are told of dates that lie ahead.")
            .Produces<HandedOver>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(PlacementsPermissions.ManagePlacements);
    }
}
