using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>The other dates of a published course that can be booked now, soonest first; at most 100, as it is a choice on one page.</summary>
internal static class ListAlternatives {
    internal sealed record Query(Guid CourseId, Guid Except) : IRequest<IReadOnlyList<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        internal int PlacesLeft => WaitingCount > 0 ? 0 : Places - PlacesTaken;
    }

    const int Most = 100;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Query, IReadOnlyList<View>> {
        const string Select = """
            SELECT s.Id, s.StartsAt, s.EndsAt, s.VenueName, s.Places, s.PlacesTaken, s.WaitingCount
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.CourseId = @CourseId AND s.Id <> @Except AND s.State = 'Published' AND c.State = 'Published' AND s.StartsAt > @Now
              AND (s.OpensAt IS NULL OR s.OpensAt <= @Now) AND (s.ClosesAt IS NULL OR s.ClosesAt > @Now)
            ORDER BY s.StartsAt, s.Id
            """;

        public Task<IReadOnlyList<View>> Handle(Query request, CancellationToken cancellationToken) =>
            db.List<View>(db.Page(Select), new { request.CourseId, request.Except, Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = Most }, cancellationToken);
    }
}
