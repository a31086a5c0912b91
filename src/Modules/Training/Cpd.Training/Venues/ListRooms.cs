using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Training.Venues;

/// <summary>The rooms that a session of a course can choose: those in use at venues of the course's authority, by venue.</summary>
internal static class ListRooms {
    /// <param name="Current">The room that the session is in, which it may keep even when it is no longer used.</param>
    internal sealed record Query(Guid AuthorityId, Guid? Current) : IRequest<IReadOnlyList<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string VenueName { get; init; } = "";
        public string Name { get; init; } = "";
        public int Capacity { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, IReadOnlyList<View>> {
        const string Select = """
            SELECT r.Id, v.Name AS VenueName, r.Name, r.Capacity
            FROM training_Room r
            JOIN training_Venue v ON v.Id = r.VenueId
            WHERE v.AuthorityId = @AuthorityId AND (r.EndedAt IS NULL OR r.Id = @Current) AND (@All = 1 OR v.AuthorityId IN @Authorities)
            ORDER BY v.NameKey, v.Id, r.Number
            """;

        public Task<IReadOnlyList<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            return db.List<View>(Select, new { request.AuthorityId, Current = request.Current ?? Guid.Empty, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken);
        }
    }
}
