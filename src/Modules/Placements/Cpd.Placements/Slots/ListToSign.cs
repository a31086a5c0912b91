using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>A supervisor's own slots: the hours that wait to be signed, oldest first; who comes today and in the next two weeks; and who came, latest first.</summary>
internal static class ListToSign {
    internal const int DaysAhead = 14, Most = 200;

    internal sealed record Query(Paging Paging) : IRequest<View>;

    internal sealed record View(IReadOnlyList<Slot> Waiting, IReadOnlyList<Slot> Coming, PageOf<Slot> Came);

    internal sealed record Slot : Fields;

    /// <summary>What everyone who looks at a slot sees of it.</summary>
    internal abstract record Fields {
        public Guid Id { get; init; }
        public Guid StudentId { get; init; }
        public string StudentName { get; init; } = "";
        public string ProgrammeName { get; init; } = "";
        public SlotKind Kind { get; init; }
        public string? Title { get; init; }
        public string? Project { get; init; }
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
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, View> {
        const string Columns = """
            SELECT t.Id, t.StudentId, s.Name AS StudentName, p.Name AS ProgrammeName, t.Kind, t.Title, h.Project, t.StartsAt, t.EndsAt, t.Minutes, t.State, t.Hours, t.Reason, t.LoggedMinutes, t.Reflection, t.Returned, t.Version
            FROM placements_Slot t
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            JOIN placements_Student s ON s.Id = t.StudentId
            JOIN placements_Programme p ON p.Id = t.ProgrammeId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId

            """;
        const string SelectWaiting = Columns + $"WHERE {Within.Supervised} AND t.Hours = 'Logged' AND t.State IN ('Published', 'Attended')\nORDER BY t.StartsAt, t.Id";
        const string SelectComing = Columns + $"WHERE {Within.Supervised} AND t.Hours <> 'Logged' AND t.State <> 'Draft' AND t.OnDay >= @Today AND t.OnDay <= @To\nORDER BY t.StartsAt, t.Id";
        const string Past = $"{Within.Supervised} AND t.Hours <> 'Logged' AND t.State <> 'Draft' AND t.OnDay < @Today";
        const string CountCame = "SELECT COUNT(*) FROM placements_Slot t JOIN placements_Supervisor v ON v.Id = t.SupervisorId WHERE " + Past;
        const string SelectCame = Columns + "WHERE " + Past + "\nORDER BY t.StartsAt DESC, t.Id";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var today = London.Today(clock);
            var scope = db.Supervising(me, new { Today = today, To = today.AddDays(DaysAhead) });
            var first = Db.Args(scope, new { Skip = 0, Take = Most });
            var total = await db.One<int>(CountCame, scope, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<Slot>(db.Page(SelectWaiting), first, cancellationToken), await db.List<Slot>(db.Page(SelectComing), first, cancellationToken),
                new(await db.List<Slot>(db.Page(SelectCame), Db.Args(scope, new { paging.Skip, paging.Take }), cancellationToken), total, paging));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/slots-to-sign", async (int? page, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(new(page ?? 1)), ct)))
        .WithName("ListPlacementHoursToSign").WithSummary("Your own slots as a supervisor: hours that wait for you, oldest first (at most 200), who comes today and in the next two weeks, and who came, latest first and a page at a time.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403)
        .Requires(PlacementsPermissions.SignHours);
}
