using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>The requests of staff that wait for a manager's approval: those for whom a place is held first, by when it ends.</summary>
internal static class ListApprovals {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    /// <summary>One of them; not found once it has been answered.</summary>
    internal sealed record OneQuery(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Until">Until when a place is held; null while there is none.</param>
    internal sealed record View(Guid Id, string PersonName, string SettingName, string CourseTitle, DateTime StartsAt, DateTime EndsAt, int PricePence, DateTime BookedAt, DateTime? Until);

    const string Columns = """
        SELECT b.Id, b.PersonId, b.SettingId, c.Title, c.PricePence, s.StartsAt, s.EndsAt, b.BookedAt, h.ExpiresAt
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
        WHERE b.State = 'Waiting' AND b.Approval = 'Asked' AND s.StartsAt > @Now AND (@All = 1 OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities)

        """;

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        const string Count = """
            SELECT COUNT(*)
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE b.State = 'Waiting' AND b.Approval = 'Asked' AND s.StartsAt > @Now AND (@All = 1 OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities)
            """;
        const string Select = Columns + "ORDER BY CASE WHEN h.ExpiresAt IS NULL THEN 1 ELSE 0 END, h.ExpiresAt, b.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var args = Args(db, me, clock);
            var total = await db.One<int>(Count, args, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await Views(mediator, await db.List<Row>(db.Page(Select), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken), cancellationToken), total, paging);
        }
    }

    internal sealed class OneHandler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<OneQuery, Outcome<View>> {
        const string Select = Columns + "AND b.Id = @Id";

        public async Task<Outcome<View>> Handle(OneQuery request, CancellationToken cancellationToken) =>
            await db.One<Row>(Select, Db.Args(Args(db, me, clock), new { request.Id }), cancellationToken) is { } row ? (await Views(mediator, [row], cancellationToken))[0] : Outcome.NotFound;
    }

    static object Args(Db db, CurrentUser me, TimeProvider clock) {
        var reach = me.Reach(TrainingPermissions.ApproveBookings);
        return new { All = reach.All ? 1 : 0, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities), Now = clock.GetUtcNow().UtcDateTime };
    }

    static async Task<IReadOnlyList<View>> Views(IMediator mediator, IReadOnlyList<Row> rows, CancellationToken ct) {
        if (rows.Count == 0) return [];
        var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId).Distinct()]), ct)).ToDictionary(p => p.Id, p => p.Name);
        var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), ct)).ToDictionary(s => s.Id, s => s.Name);
        return [.. rows.Select(r => new View(r.Id, names.GetValueOrDefault(r.PersonId, ""), settings.GetValueOrDefault(r.SettingId ?? Guid.Empty, ""), r.Title, r.StartsAt, r.EndsAt, r.PricePence, r.BookedAt, r.ExpiresAt))];
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/approvals", async (int? page, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(new Paging(page ?? 1)), ct)))
        .WithName("ListApprovals").WithSummary("Requests of your staff that wait for your approval; 20 a page. Times are UTC.").Produces<PageOf<View>>()
        .Requires(TrainingPermissions.ApproveBookings);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public string Title { get; init; } = "";
        public int PricePence { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public DateTime BookedAt { get; init; }
        public DateTime? ExpiresAt { get; init; }
    }
}
