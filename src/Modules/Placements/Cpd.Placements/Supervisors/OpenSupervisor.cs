using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Supervisors;

/// <summary>One supervisor, with projects and duty, for whoever answers for their host.</summary>
internal static class OpenSupervisor {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="MayCheck">The user may confirm the number on the register.</param>
    /// <param name="LeftHostAt">Since when they act for their host no more (UTC); null while they do.</param>
    /// <param name="Unsigned">Slots that they have not signed.</param>
    /// <param name="HandOvers">From them and to them, the latest first.</param>
    /// <param name="Duty">Days from today on, in order, with the parts of the day.</param>
    internal sealed record View(Guid Id, Guid ProgrammeId, string ProgrammeName, string Name, Register Register, string? RegisterNumber, DateOnly? CheckedOn, int Capacity, bool Ended, DateTime? LeftHostAt, int Unsigned, int Version, bool MayCheck,
        IReadOnlyList<SeeSetUp.Part> Parts, IReadOnlyList<ListSupervisors.ProjectCard> Projects, IReadOnlyList<Guid> In, IReadOnlyList<DutyDay> Duty, IReadOnlyList<HandedOver> HandOvers);

    /// <param name="By">Who handed over.</param>
    internal sealed record HandedOver(string FromName, string ToName, int Slots, DateTime At, string By);

    internal sealed record DutyDay(DateOnly Day, IReadOnlyList<int> Parts);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT s.Id, s.OrganisationId, s.PersonId, s.ProgrammeId, p.Name AS ProgrammeName, p.AuthorityId, s.Name, s.Register, s.RegisterNumber, s.CheckedOn, s.Capacity, s.EndedAt, s.Version,
              (SELECT COUNT(*) FROM placements_Slot t WHERE t.SupervisorId = s.Id AND {HandOver.Unsigned}) AS Unsigned
            FROM placements_Supervisor s
            JOIN placements_Programme p ON p.Id = s.ProgrammeId
            WHERE s.Id = @Id AND (@All = 1 OR p.AuthorityId IN @Authorities OR s.OrganisationId IN @Hosts)
            """;
        const string SelectParts = "SELECT Number, Name, Starts, Ends FROM placements_DayPart WHERE ProgrammeId = @ProgrammeId ORDER BY Number";
        const string SelectProjects = $"""
            SELECT h.Id, h.OrganisationId, h.Project FROM placements_ProgrammeHost h
            JOIN placements_Programme p ON p.Id = h.ProgrammeId
            WHERE h.ProgrammeId = @ProgrammeId AND h.State <> 'Refused' AND {Within.Projects}
            ORDER BY h.Project, h.Id
            """;
        const string SelectIn = "SELECT ProjectId FROM placements_SupervisorProject WHERE SupervisorId = @Id";
        const string SelectHandOvers = """
            SELECT f.Name AS FromName, n.Name AS ToName, o.Slots, o.HandedAt, o.HandedBy
            FROM placements_HandOver o
            JOIN placements_Supervisor f ON f.Id = o.FromId
            JOIN placements_Supervisor n ON n.Id = o.ToId
            WHERE o.FromId = @Id OR o.ToId = @Id
            ORDER BY o.HandedAt DESC, o.Id
            """;
        const string SelectDuty = "SELECT OnDay, DayPart FROM placements_Duty WHERE SupervisorId = @Id AND OnDay >= @From ORDER BY OnDay, DayPart";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(PlacementsPermissions.AnswerForHost);
            if (await db.One<Row>(Select, db.In(reach, request), cancellationToken) is not { } s) return Outcome.NotFound;
            var duty = await db.List<DutyRow>(SelectDuty, new { s.Id, From = London.Today(clock) }, cancellationToken);
            var left = await mediator.Former([s.OrganisationId], cancellationToken);
            var handed = await db.List<HandOverRow>(SelectHandOvers, s, cancellationToken);
            var by = (await mediator.Send(new FindPeople([.. handed.Select(h => h.HandedBy).Distinct()]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            return new View(s.Id, s.ProgrammeId, s.ProgrammeName, s.Name, s.Register, s.RegisterNumber, s.CheckedOn, s.Capacity, s.EndedAt is not null,
                left.TryGetValue((s.OrganisationId, s.PersonId), out var since) ? since : null, s.Unsigned, s.Version, manage.All || manage.Authorities.Contains(s.AuthorityId),
                await db.List<SeeSetUp.Part>(SelectParts, s, cancellationToken), await db.List<ListSupervisors.ProjectCard>(SelectProjects, db.In(reach, new { s.ProgrammeId }), cancellationToken),
                await db.List<Guid>(SelectIn, s, cancellationToken), [.. duty.GroupBy(d => d.OnDay).Select(g => new DutyDay(g.Key, [.. g.Select(d => d.DayPart)]))],
                [.. handed.Select(h => new HandedOver(h.FromName, h.ToName, h.Slots, h.HandedAt, by.GetValueOrDefault(h.HandedBy, "")))]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/supervisors/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenPlacementSupervisor").WithSummary("A supervisor of a host that you answer for: register, students at once, the projects they are in, and their days of duty from today on with the numbers of the parts.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.AnswerForHost);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public Guid ProgrammeId { get; init; }
        public string ProgrammeName { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public Register Register { get; init; }
        public string? RegisterNumber { get; init; }
        public DateOnly? CheckedOn { get; init; }
        public int Capacity { get; init; }
        public DateTime? EndedAt { get; init; }
        public int Version { get; init; }
        public int Unsigned { get; init; }
    }

    sealed record HandOverRow {
        public string FromName { get; init; } = "";
        public string ToName { get; init; } = "";
        public int Slots { get; init; }
        public DateTime HandedAt { get; init; }
        public Guid HandedBy { get; init; }
    }

    sealed record DutyRow {
        public DateOnly OnDay { get; init; }
        public int DayPart { get; init; }
    }
}
