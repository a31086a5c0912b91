using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>A supervisor's own slots: the hours that wait to be signed, oldest first, and who comes from today on and who came in the last two weeks.</summary>
internal static class ListToSign {
    internal const int DaysBack = 14, DaysAhead = 14, Most = 200;

    internal sealed record Query : IRequest<View>;

    internal sealed record View(IReadOnlyList<Slot> Waiting, IReadOnlyList<Slot> Others);

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
        const string SelectWaiting = Columns + "WHERE v.PersonId = @Me AND t.Hours = 'Logged' AND t.State IN ('Published', 'Attended')\nORDER BY t.StartsAt, t.Id";
        const string SelectOthers = Columns + "WHERE v.PersonId = @Me AND t.Hours <> 'Logged' AND t.State <> 'Draft' AND t.OnDay >= @From AND t.OnDay <= @To\nORDER BY t.StartsAt DESC, t.Id";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var today = London.Today(clock);
            var args = new { Me = me.Reach(PlacementsPermissions.SignHours).Self ?? Guid.Empty, From = today.AddDays(-DaysBack), To = today.AddDays(DaysAhead), Skip = 0, Take = Most };
            return new(await db.List<Slot>(db.Page(SelectWaiting), args, cancellationToken), await db.List<Slot>(db.Page(SelectOthers), args, cancellationToken));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/slots-to-sign", async (IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(), ct)))
        .WithName("ListPlacementHoursToSign").WithSummary("Your own slots as a supervisor: hours that wait for you, oldest first (at most 200), and the others of two weeks back and ahead.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403)
        .Requires(PlacementsPermissions.SignHours);
}
