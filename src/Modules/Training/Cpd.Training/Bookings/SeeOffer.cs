using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Training.Sessions;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>What the reader of a message's link sees before they answer: the session, where they stand, and what is offered. It changes nothing.</summary>
internal static class SeeOffer {
    internal sealed record Query(string Token) : IRequest<Outcome<View>>;

    /// <param name="People">Whom the answer is for: the person, or all of a group that is offered its places.</param>
    internal sealed record View(Booking Booking, IReadOnlyList<SessionDate> Dates, IReadOnlyList<string> People, WaitingList.Standing? Standing);

    internal sealed record Booking {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid? GroupId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public string CancelReason { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public string VenueName { get; init; } = "";
        public string CourseTitle { get; init; } = "";
    }

    internal sealed class Handler(Db db, IMediator mediator, WaitingList waitingList, AnswerToken tokens, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.GroupId, b.State, b.Reference, b.CancelReason, s.StartsAt, s.VenueName, c.Title AS CourseTitle
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE b.Id = @Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (tokens.Read(request.Token) is not { } id || await db.One<Booking>(Select, new { Id = id }, cancellationToken) is not { } booking) return Outcome.NotFound;
            var list = booking.State == BookingState.Waiting && booking.StartsAt > clock.GetUtcNow().UtcDateTime ? await waitingList.Read(booking.SessionId, new HashSet<Guid>(), cancellationToken) : null;
            var standing = list?.Of(id);
            var who = standing?.Hold == HoldKind.Offer && booking.GroupId is { } group ? list!.People.Where(p => p.GroupId == group).Select(p => p.PersonId).ToList() : [booking.PersonId];
            return new View(booking, await db.List<SessionDate>(SessionParts.SelectDates, new { Id = booking.SessionId }, cancellationToken),
                [.. (await mediator.Send(new FindPeople(who), cancellationToken)).Select(p => p.Name).Order(StringComparer.Ordinal)], standing);
        }
    }
}
