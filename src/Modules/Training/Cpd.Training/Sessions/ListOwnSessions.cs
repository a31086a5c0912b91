using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Sessions;

/// <summary>The sessions that a trainer gives: those ahead soonest first, those that are over latest first.</summary>
internal static class ListOwnSessions {
    internal sealed record Query(bool Past, Paging Paging) : IRequest<PageOf<View>>;

    /// <summary>For programs: all of them, in the order they were planned.</summary>
    internal sealed record AllQuery(Guid? After) : IRequest<Slice<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public int Booked { get; init; }
        public int Places { get; init; }
        public Publication State { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
    }

    const string Columns = """
        SELECT s.Id, c.Title AS CourseTitle, s.StartsAt, s.EndsAt, s.VenueName, s.Places, s.State, s.RegisterClosedAt,
            (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS Booked
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId

        """;

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        const string Ahead = "WHERE s.TrainerPersonId = @Self AND s.State <> 'Draft' AND s.EndsAt > @Now\n";
        const string Past = "WHERE s.TrainerPersonId = @Self AND s.State <> 'Draft' AND s.EndsAt <= @Now\n";
        const string CountAhead = "SELECT COUNT(*) FROM training_Session s\n" + Ahead;
        const string CountPast = "SELECT COUNT(*) FROM training_Session s\n" + Past;
        const string SelectAhead = Columns + Ahead + "ORDER BY s.StartsAt, s.Id";
        const string SelectPast = Columns + Past + "ORDER BY s.StartsAt DESC, s.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var key = new { Self = me.Reach(TrainingPermissions.SeeOwnSessions).Self ?? Guid.Empty, Now = clock.GetUtcNow().UtcDateTime };
            var total = await db.One<int>(request.Past ? CountPast : CountAhead, key, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<View>(db.Page(request.Past ? SelectPast : SelectAhead), Db.Args(key, new { paging.Skip, paging.Take }), cancellationToken), total, paging);
        }
    }

    internal sealed class AllHandler(Db db, CurrentUser me) : IRequestHandler<AllQuery, Slice<View>> {
        const string Select = Columns + "WHERE s.TrainerPersonId = @Self AND s.State <> 'Draft' AND s.Id > @After\nORDER BY s.Id";

        public async Task<Slice<View>> Handle(AllQuery request, CancellationToken cancellationToken) => Slice<View>.Of(await db.List<View>(db.Page(Select), new {
            Self = me.Reach(TrainingPermissions.SeeOwnSessions).Self ?? Guid.Empty, After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<View>.Size + 1,
        }, cancellationToken), v => v.Id);
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/my-sessions", (Guid? after, IMediator mediator, CancellationToken ct) => mediator.Send(new AllQuery(after), ct))
        .WithName("ListOwnSessions").WithSummary("The sessions that you give as a trainer, in the order they were planned; at most 100, and next goes into the next call's after. Times are UTC.").Produces<Slice<View>>()
        .Requires(TrainingPermissions.SeeOwnSessions);
}
