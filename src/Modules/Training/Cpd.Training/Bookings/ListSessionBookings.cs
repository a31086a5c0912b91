using System.Text.Json.Serialization;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
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

    /// <param name="Position">On the waiting list, from 1; null for those who have a place offered or held until their manager approves.</param>
    /// <param name="Hold">What kind of place is held for someone who waits, if one is.</param>
    internal sealed record View(Guid Id, Guid PersonId, string PersonName, Guid? SettingId, string SettingName, BookingState State, string Reference, DateTime BookedAt, int? Position, HoldKind? Hold, DateTime? HeldUntil, Attendance? Attendance, int MinutesAttended, bool IsWalkIn) {
        /// <summary>The last message about the booking, where one was sent in the last 30 days. Programs are not told.</summary>
        [JsonIgnore] public LastMessage? LastMessage { get; init; }
    }

    const string IsSeen = "SELECT COUNT(*) FROM training_Session WHERE Id = @SessionId AND (@All = 1 OR AuthorityId IN @Authorities OR TrainerPersonId = @Self)";
    const string Columns = """
        SELECT b.Id, b.PersonId, b.SettingId, b.State, b.Reference, b.BookedAt, b.Attendance, b.MinutesAttended, b.IsWalkIn
        FROM training_Booking b

        """;

    internal sealed class Handler(Db db, IMediator mediator, WaitingList waitingList, Deliveries deliveries, CurrentUser me) : IRequestHandler<Query, Outcome<PageOf<View>>> {
        const string CountSeen = """
            SELECT (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = @State) AS Bookings
            FROM training_Session s
            WHERE s.Id = @SessionId AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;
        const string Select = Columns + """
            WHERE b.SessionId = @SessionId AND b.State = @State
            ORDER BY b.Id
            """;
        const string SelectThese = Columns + "WHERE b.SessionId = @SessionId AND b.Id IN @Ids";

        public async Task<Outcome<PageOf<View>>> Handle(Query request, CancellationToken cancellationToken) {
            var key = new { request.SessionId, State = request.State.ToString() };
            if (await db.One<int?>(CountSeen, Db.Args(Reached(db, me), key), cancellationToken) is not { } total) return Outcome.NotFound;
            var found = request.State == BookingState.Waiting ? await InTheirOrder(request, cancellationToken) : await AsTheyWereMade(request, total, cancellationToken);
            var told = await deliveries.Last([.. found.Items.Select(v => v.Id)], [request.SessionId], cancellationToken);
            return found with { Items = [.. found.Items.Select(v => v with { LastMessage = told.GetValueOrDefault(v.Id) })] };
        }

        async Task<PageOf<View>> AsTheyWereMade(Query request, int total, CancellationToken ct) {
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1, request.Paging.Size);
            return new(await Views(mediator, await db.List<Row>(db.Page(Select), new { request.SessionId, State = request.State.ToString(), paging.Skip, paging.Take }, ct), null, ct), total, paging);
        }

        // Bands and groups make the order, which the database does not know.
        async Task<PageOf<View>> InTheirOrder(Query request, CancellationToken ct) {
            var list = (await waitingList.Read(request.SessionId, new HashSet<Guid>(), ct))!;
            var paging = request.Paging.Skip < list.People.Count ? request.Paging : new Paging(1, request.Paging.Size);
            var ids = list.Turns.SelectMany(t => t.People).Select(p => p.BookingId).Skip(paging.Skip).Take(paging.Take).ToList();
            var rows = (await db.List<Row>(SelectThese, new { request.SessionId, Ids = db.Ids(ids) }, ct)).ToDictionary(r => r.Id);
            return new(await Views(mediator, [.. ids.Select(id => rows[id])], list, ct), list.People.Count, paging);
        }
    }

    internal sealed class AllHandler(Db db, IMediator mediator, WaitingList waitingList, CurrentUser me) : IRequestHandler<AllQuery, Outcome<Slice<View>>> {
        const string Select = Columns + """
            WHERE b.SessionId = @SessionId AND b.CancelledAt IS NULL AND b.Id > @After
            ORDER BY b.Id
            """;

        public async Task<Outcome<Slice<View>>> Handle(AllQuery request, CancellationToken cancellationToken) {
            if (await db.One<int>(IsSeen, Db.Args(Reached(db, me), new { request.SessionId }), cancellationToken) == 0) return Outcome.NotFound;
            var rows = await db.List<Row>(db.Page(Select), new { request.SessionId, After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<View>.Size + 1 }, cancellationToken);
            var list = rows.Any(r => r.State == BookingState.Waiting) ? await waitingList.Read(request.SessionId, new HashSet<Guid>(), cancellationToken) : null;
            return Slice<View>.Of(await Views(mediator, rows, list, cancellationToken), v => v.Id);
        }
    }

    static object Reached(Db db, CurrentUser me) {
        var reach = me.Reach(TrainingPermissions.SeeBookings);
        return new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty };
    }

    static async Task<IReadOnlyList<View>> Views(IMediator mediator, IReadOnlyList<Row> rows, WaitingList.List? list, CancellationToken ct) {
        if (rows.Count == 0) return [];
        var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId)]), ct)).ToDictionary(p => p.Id, p => p.Name);
        var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), ct)).ToDictionary(s => s.Id, s => s.Name);
        var positions = list?.Positions();
        var held = list?.People.ToDictionary(p => p.Id);
        return [.. rows.Select(r => new View(r.Id, r.PersonId, names.GetValueOrDefault(r.PersonId, ""), r.SettingId, r.SettingId is { } s ? settings.GetValueOrDefault(s, "") : "",
            r.State, r.Reference, r.BookedAt, positions is not null && positions.TryGetValue(r.Id, out var at) ? at : null, held?.GetValueOrDefault(r.Id)?.HoldKind, held?.GetValueOrDefault(r.Id)?.ExpiresAt, r.Attendance, r.MinutesAttended, r.IsWalkIn))];
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
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public bool IsWalkIn { get; init; }
    }
}
