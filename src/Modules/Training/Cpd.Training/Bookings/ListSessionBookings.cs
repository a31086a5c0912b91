using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>Who is booked at a session of one's authority (or that one trains), and who waits in which order.</summary>
internal static class ListSessionBookings {
    /// <summary>For people: a page of those in one state, the waiting list in its order and the others as they were booked.</summary>
    internal sealed record Query(Guid SessionId, BookingState State, Paging Paging) : IRequest<Outcome<PageOf<View>>>;

    /// <summary>For programs: all that are not cancelled, in the order they were made.</summary>
    internal sealed record AllQuery(Guid SessionId, Guid? After) : IRequest<Outcome<Slice<View>>>;

    /// <param name="Position">On the waiting list, from 1.</param>
    internal sealed record View(Guid Id, Guid PersonId, string PersonName, Guid? SettingId, string SettingName, BookingState State, string Reference, DateTime BookedAt, int? Position, Attendance? Attendance, int MinutesAttended, bool IsWalkIn);

    const string IsSeen = "SELECT COUNT(*) FROM training_Session WHERE Id = @SessionId AND (@All = 1 OR AuthorityId IN @Authorities OR TrainerPersonId = @Self)";
    const string Columns = """
        SELECT b.Id, b.PersonId, b.SettingId, b.State, b.Reference, b.BookedAt, b.WaitingNumber, b.Attendance, b.MinutesAttended, b.IsWalkIn,
            CASE WHEN b.State = 'Waiting' THEN (SELECT COUNT(*) FROM training_Booking w WHERE w.SessionId = b.SessionId AND w.State = 'Waiting' AND w.WaitingNumber <= b.WaitingNumber) ELSE 0 END AS Position
        FROM training_Booking b

        """;

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<PageOf<View>>> {
        const string Count = "SELECT COUNT(*) FROM training_Booking WHERE SessionId = @SessionId AND State = @State";
        const string Select = Columns + """
            WHERE b.SessionId = @SessionId AND b.State = @State
            ORDER BY b.WaitingNumber, b.Id
            """;

        public async Task<Outcome<PageOf<View>>> Handle(Query request, CancellationToken cancellationToken) {
            if (!await Seen(db, me, request.SessionId, cancellationToken)) return Outcome.NotFound;
            var key = new { request.SessionId, State = request.State.ToString() };
            var total = await db.One<int>(Count, key, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1, request.Paging.Size);
            return new PageOf<View>(await Views(mediator, await db.List<Row>(db.Page(Select), new { key.SessionId, key.State, paging.Skip, paging.Take }, cancellationToken), cancellationToken), total, paging);
        }
    }

    internal sealed class AllHandler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<AllQuery, Outcome<Slice<View>>> {
        const string Select = Columns + """
            WHERE b.SessionId = @SessionId AND b.CancelledAt IS NULL AND b.Id > @After
            ORDER BY b.Id
            """;

        public async Task<Outcome<Slice<View>>> Handle(AllQuery request, CancellationToken cancellationToken) {
            if (!await Seen(db, me, request.SessionId, cancellationToken)) return Outcome.NotFound;
            var rows = await db.List<Row>(db.Page(Select), new { request.SessionId, After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<View>.Size + 1 }, cancellationToken);
            return Slice<View>.Of(await Views(mediator, rows, cancellationToken), v => v.Id);
        }
    }

    static async Task<bool> Seen(Db db, CurrentUser me, Guid sessionId, CancellationToken ct) {
        var reach = me.Reach(TrainingPermissions.SeeBookings);
        return await db.One<int>(IsSeen, new { SessionId = sessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty }, ct) > 0;
    }

    static async Task<IReadOnlyList<View>> Views(IMediator mediator, IReadOnlyList<Row> rows, CancellationToken ct) {
        if (rows.Count == 0) return [];
        var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId)]), ct)).ToDictionary(p => p.Id, p => p.Name);
        var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), ct)).ToDictionary(s => s.Id, s => s.Name);
        return [.. rows.Select(r => new View(r.Id, r.PersonId, names.GetValueOrDefault(r.PersonId, ""), r.SettingId, r.SettingId is { } s ? settings.GetValueOrDefault(s, "") : "",
            r.State, r.Reference, r.BookedAt, r.State == BookingState.Waiting ? r.Position : null, r.Attendance, r.MinutesAttended, r.IsWalkIn))];
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}/bookings", async (Guid id, Guid? after, IMediator mediator, CancellationToken ct) => (await mediator.Send(new AllQuery(id, after), ct)).ToHttp())
        .WithName("ListSessionBookings").WithSummary("Who is booked and who waits at a session, in the order they were booked; at most 100, and next goes into the next call's after.").Produces<Slice<View>>().ProducesProblem(404)
        .Requires(TrainingPermissions.SeeBookings);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public DateTime BookedAt { get; init; }
        public int? WaitingNumber { get; init; }
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public bool IsWalkIn { get; init; }
        public int Position { get; init; }
    }
}
