using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>One slot for its supervisor, or for an officer of its programme.</summary>
internal static class OpenSlot {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="MayManage">The user plans the programme.</param>
    /// <param name="IsSupervisor">It is the user's own slot.</param>
    /// <param name="HandedOver">From whom it came to its supervisor; null when it was planned with them.</param>
    internal sealed record View(ListToSign.Fields Slot, Guid ProgrammeId, Guid CohortId, Guid AuthorityId, Guid SupervisorId, Guid? ProjectId, string SupervisorName, DateOnly OnDay, DateTime? SignedAt, bool MayManage, bool IsSupervisor, bool IsMadeGood, HandedOver? HandedOver);

    internal sealed record HandedOver(string FromName, DateTime At, string By);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT t.Id, t.StudentId, s.Name AS StudentName, p.Name AS ProgrammeName, t.Kind, t.Title, h.Project, t.StartsAt, t.EndsAt, t.Minutes, t.State, t.Hours, t.Reason, t.LoggedMinutes, t.Reflection, t.Returned, t.Version,
                t.ProgrammeId, t.CohortId, p.AuthorityId, t.SupervisorId, t.ProjectId, v.Name AS SupervisorName, t.OnDay, t.SignedAt, CASE WHEN {Within.Supervised} THEN 1 ELSE 0 END AS IsSupervisor,
                (SELECT COUNT(*) FROM placements_Slot a WHERE a.RescheduledFrom = t.Id AND a.State IN ('Published', 'Attended')) AS MadeGood, f.Name AS FromName, o.HandedAt, o.HandedBy
            FROM placements_Slot t
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            JOIN placements_Student s ON s.Id = t.StudentId
            JOIN placements_Programme p ON p.Id = t.ProgrammeId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            LEFT JOIN placements_HandOver o ON o.Id = t.HandOverId AND o.ToId = t.SupervisorId
            LEFT JOIN placements_Supervisor f ON f.Id = o.FromId
            WHERE t.Id = @Id AND t.State <> 'Draft' AND ({Within.Supervised} OR @All = 1 OR p.AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var manage = me.Reach(PlacementsPermissions.ManagePlacements);
            var scope = db.Supervising(me, request, new { manage.All, Authorities = db.Ids(manage.Authorities) });
            if (await db.One<Row>(Select, scope, cancellationToken) is not { } row) return Outcome.NotFound;
            var handed = row.HandedBy is { } by ? new HandedOver(row.FromName!, row.HandedAt!.Value, await mediator.Send(new FindPeople([by]), cancellationToken) is [var person, ..] ? person.Name : "") : null;
            return new View(row, row.ProgrammeId, row.CohortId, row.AuthorityId, row.SupervisorId, row.ProjectId, row.SupervisorName, row.OnDay, row.SignedAt, manage.All || manage.Authorities.Contains(row.AuthorityId), row.IsSupervisor > 0, row.MadeGood > 0, handed);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/slots/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenPlacementSlot").WithSummary("A slot that you supervise or plan, with what became of it and its hours.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SignHours);

    sealed record Row : ListToSign.Fields {
        public Guid ProgrammeId { get; init; }
        public Guid CohortId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid SupervisorId { get; init; }
        public Guid? ProjectId { get; init; }
        public string SupervisorName { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public DateTime? SignedAt { get; init; }
        public int IsSupervisor { get; init; }
        public int MadeGood { get; init; }
        public string? FromName { get; init; }
        public DateTime? HandedAt { get; init; }
        public Guid? HandedBy { get; init; }
    }
}
