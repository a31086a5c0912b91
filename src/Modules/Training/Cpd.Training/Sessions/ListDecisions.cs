using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Sessions;

/// <summary>Each time that a session's free places were given out: who got one, who did not, and why; latest first.</summary>
internal static class ListDecisions {
    internal sealed record Query(Guid SessionId, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(string CourseTitle, DateTime StartsAt, PageOf<Decision> Decisions);

    /// <param name="Behind">How many more waited when all the free places were gone.</param>
    internal sealed record Decision(DateTime At, string Cause, string By, int FreeBefore, int FreeAfter, int Behind, IReadOnlyList<Line> Lines);

    internal sealed record Line(Guid BookingId, string PersonName, string? Band, Verdict Verdict, string Why);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectSession = """
            SELECT c.Title, s.StartsAt
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @SessionId AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;
        const string Count = "SELECT COUNT(*) FROM training_Decision WHERE SessionId = @SessionId";
        const string Select = "SELECT Id, At, MadeBy, Cause, FreeBefore, FreeAfter, Behind FROM training_Decision WHERE SessionId = @SessionId ORDER BY Id DESC";
        const string SelectLines = """
            SELECT l.DecisionId, l.BookingId, l.Band, l.Verdict, l.Why, b.PersonId
            FROM training_DecisionLine l
            JOIN training_Booking b ON b.Id = l.BookingId
            WHERE l.DecisionId IN @Decisions
            ORDER BY l.DecisionId, l.Number
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (await db.One<Session>(SelectSession, new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } session) return Outcome.NotFound;
            var total = await db.One<int>(Count, new { request.SessionId }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), new { request.SessionId, paging.Skip, paging.Take }, cancellationToken);
            var lines = rows.Count == 0 ? [] : await db.List<LineRow>(SelectLines, new { Decisions = db.Ids(rows.Select(r => r.Id)) }, cancellationToken);
            var names = (await mediator.Send(new FindPeople([.. lines.Select(l => l.PersonId).Concat(rows.Select(r => r.MadeBy)).Distinct()]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var byDecision = lines.ToLookup(l => l.DecisionId);
            return new View(session.Title, session.StartsAt, new([.. rows.Select(r => new Decision(r.At, r.Cause, r.MadeBy == Guid.Empty ? "" : names.GetValueOrDefault(r.MadeBy, ""), r.FreeBefore, r.FreeAfter, r.Behind,
                [.. byDecision[r.Id].Select(l => new Line(l.BookingId, names.GetValueOrDefault(l.PersonId, ""), l.Band, l.Verdict, l.Why))]))], total, paging));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}/decisions", async (Guid id, int? page, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id, new Paging(page ?? 1)), ct)).ToHttp())
        .WithName("ListDecisions").WithSummary("Each time that a session's free places were given out, with who got one, who did not, and why; latest first, 20 a page.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.ManageCourses);

    sealed record Session {
        public string Title { get; init; } = "";
        public DateTime StartsAt { get; init; }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public DateTime At { get; init; }
        public Guid MadeBy { get; init; }
        public string Cause { get; init; } = "";
        public int FreeBefore { get; init; }
        public int FreeAfter { get; init; }
        public int Behind { get; init; }
    }

    sealed record LineRow {
        public Guid DecisionId { get; init; }
        public Guid BookingId { get; init; }
        public string? Band { get; init; }
        public Verdict Verdict { get; init; }
        public string Why { get; init; } = "";
        public Guid PersonId { get; init; }
    }
}
