using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Charges;

/// <summary>What cancelling a booking at this moment would cost, before one does it; and the terms for the time to come.</summary>
internal static class PreviewCancellation {
    /// <param name="Token">Of the link in a message; <paramref name="Id"/> is then not looked at.</param>
    internal sealed record Query(Guid Id, string? Token = null) : IRequest<Outcome<View>>;

    /// <param name="Pence">0 when nothing is charged.</param>
    /// <param name="IsLate">The authority counts the cancellation as late.</param>
    /// <param name="Terms">In words, in the order of time; empty when the authority charges nothing.</param>
    internal sealed record View(Guid BookingId, int Pence, bool IsLate, DateTime LateFrom, IReadOnlyList<string> Terms);

    internal sealed class Handler(Db db, Tariff tariff, CancelToken tokens, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT b.Id, b.State, b.IsWalkIn, b.BookedAt, s.StartsAt, s.AuthorityId
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var place = request.Token is null ? null : tokens.Read(request.Token);
            if (request.Token is not null && place is null) return Outcome.NotFound;
            var reach = me.Reach(TrainingPermissions.Book);
            var key = new { Id = place?.BookingId ?? request.Id, All = place is not null || reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Row>(Select, key, cancellationToken) is not { } booking) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            var lateFrom = booking.StartsAt.AddHours(-(await tariff.Rules(booking.AuthorityId, cancellationToken)).LateHours);
            // A place that one only waits for costs nothing to give up.
            if (booking.State != BookingState.Booked || booking.IsWalkIn) return new View(booking.Id, 0, false, lateFrom, []);
            var terms = await tariff.Terms(booking.AuthorityId, booking.BookedAt, cancellationToken);
            return new View(booking.Id, terms.For(booking.StartsAt, now), now >= lateFrom, lateFrom, terms.Words(booking.StartsAt));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id:guid}/cancellation", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("PreviewCancellation").WithSummary("What cancelling a booking would cost now, in pence, and the terms for the time to come. Send the amount back as agreed when you cancel. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.Book);

    sealed record Row {
        public Guid Id { get; init; }
        public BookingState State { get; init; }
        public bool IsWalkIn { get; init; }
        public DateTime BookedAt { get; init; }
        public DateTime StartsAt { get; init; }
        public Guid AuthorityId { get; init; }
    }
}
