using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Training.Sessions;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>The dates to which someone can go whose session was cancelled, for the reader of the link in the message that told them.</summary>
internal static class BookInstead {
    internal sealed record Query(string Token) : IRequest<Outcome<View>>;

    internal sealed record View(string PersonName, string CourseTitle, DateTime LostOn, IReadOnlyList<ListAlternatives.View> Dates);

    internal sealed class Handler(Db db, IMediator mediator, InsteadToken tokens) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT b.PersonId, b.SessionId, s.CourseId, s.StartsAt, c.Title
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE b.Id = @Id AND b.State = 'Cancelled' AND s.State = 'Cancelled'
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (tokens.Read(request.Token) is not { } id || await db.One<Row>(Select, new { Id = id }, cancellationToken) is not { } row) return Outcome.NotFound;
            var person = await mediator.Send(new FindPeople([row.PersonId]), cancellationToken) is [var found, ..] ? found.Name : "";
            return new View(person, row.Title, row.StartsAt, await mediator.Send(new ListAlternatives.Query(row.CourseId, row.SessionId), cancellationToken));
        }
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public Guid SessionId { get; init; }
        public Guid CourseId { get; init; }
        public DateTime StartsAt { get; init; }
        public string Title { get; init; } = "";
    }
}
