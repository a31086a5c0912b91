using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>Someone's own bookings, or those of the staff they book for: ahead, soonest first; or past and cancelled, latest first.</summary>
internal static class ListBookings {
    /// <param name="OfStaff">Those of the settings and authorities in reach instead of one's own.</param>
    internal sealed record Query(bool OfStaff, bool Past, Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View(Guid Id, Guid SessionId, Guid PersonId, string PersonName, string CourseTitle, DateTime StartsAt, DateTime EndsAt, string VenueName, BookingState State, string Reference, Attendance? Attendance);

    /// <summary>For programs: all in reach, one's own and the staff's, in the order they were made.</summary>
    internal sealed record AllQuery(Guid? After) : IRequest<Slice<View>>;

    const string Columns = """
        SELECT b.Id, b.SessionId, b.PersonId, c.Title AS CourseTitle, s.StartsAt, s.EndsAt, s.VenueName, b.State, b.Reference, b.Attendance
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId

        """;
    const string Ahead = """
        WHERE b.CancelledAt IS NULL AND s.EndsAt >= @Now AND ((@OfStaff = 0 AND b.PersonId = @Me) OR (@OfStaff = 1 AND (@All = 1 OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities)))
        """;
    const string Past = """
        WHERE (b.CancelledAt IS NOT NULL OR s.EndsAt < @Now) AND ((@OfStaff = 0 AND b.PersonId = @Me) OR (@OfStaff = 1 AND (@All = 1 OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities)))
        """;
    const string Counted = "SELECT COUNT(*) FROM training_Booking b JOIN training_Session s ON s.Id = b.SessionId\n";

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        const string CountAhead = Counted + Ahead;
        const string CountPast = Counted + ListBookings.Past;
        const string SelectAhead = Columns + Ahead + "\nORDER BY s.StartsAt, b.Id";
        const string SelectPast = Columns + ListBookings.Past + "\nORDER BY s.StartsAt DESC, b.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            var args = new {
                OfStaff = request.OfStaff ? 1 : 0, Me = me.PersonId, All = reach.All ? 1 : 0, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities), Now = clock.GetUtcNow().UtcDateTime,
            };
            var total = await db.One<int>(request.Past ? CountPast : CountAhead, args, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(request.Past ? SelectPast : SelectAhead), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken);
            return new(await Views(mediator, rows, cancellationToken), total, paging);
        }
    }

    internal sealed class AllHandler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<AllQuery, Slice<View>> {
        const string Select = Columns + """
            WHERE b.Id > @After AND (@All = 1 OR b.PersonId = @Me OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities)
            ORDER BY b.Id
            """;

        public async Task<Slice<View>> Handle(AllQuery request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            var rows = await db.List<Row>(db.Page(Select), new {
                After = request.After ?? Guid.Empty, All = reach.All ? 1 : 0, Me = me.PersonId, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities), Skip = 0, Take = Slice<View>.Size + 1,
            }, cancellationToken);
            return Slice<View>.Of(await Views(mediator, rows, cancellationToken), v => v.Id);
        }
    }

    static async Task<IReadOnlyList<View>> Views(IMediator mediator, IReadOnlyList<Row> rows, CancellationToken ct) {
        if (rows.Count == 0) return [];
        var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId).Distinct()]), ct)).ToDictionary(p => p.Id, p => p.Name);
        return [.. rows.Select(r => new View(r.Id, r.SessionId, r.PersonId, names.GetValueOrDefault(r.PersonId, ""), r.CourseTitle, r.StartsAt, r.EndsAt, r.VenueName, r.State, r.Reference, r.Attendance))];
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings", async (Guid? after, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new AllQuery(after), ct)))
        .WithName("ListBookings").WithSummary("Your bookings and those of the staff you book for, in the order they were made; at most 100, and next goes into the next call's after. Times are UTC.").Produces<Slice<View>>()
        .Requires(TrainingPermissions.Book);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public Attendance? Attendance { get; init; }
    }
}
