using Cpd.Platform.Data;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Training.Answers;

/// <summary>Answers other modules' questions about sessions.</summary>
internal static class AnswerSessions {
    const string Select = """
        SELECT s.Id, s.CourseId, s.AuthorityId, s.StartsAt, s.VenueName
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.CourseId IN @Ids AND s.State = 'Published' AND c.State = 'Published' AND s.StartsAt > @Now AND s.PlacesTaken < s.Places AND s.WaitingCount = 0
          AND (s.OpensAt IS NULL OR s.OpensAt <= @Now) AND (s.ClosesAt IS NULL OR s.ClosesAt > @Now)
        ORDER BY s.StartsAt, s.Id
        """;

    internal sealed class Bookable(Db db, TimeProvider clock) : IRequestHandler<FindBookableSessions, IReadOnlyList<BookableSession>> {
        public async Task<IReadOnlyList<BookableSession>> Handle(FindBookableSessions request, CancellationToken cancellationToken) =>
            [.. (await db.List<Row>(db.Page(Select), new { Ids = db.Ids(request.CourseIds), Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = 200 }, cancellationToken))
                .Select(r => new BookableSession(r.Id, r.CourseId, r.AuthorityId, r.StartsAt, r.VenueName))];
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid CourseId { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public string VenueName { get; init; } = "";
    }
}
