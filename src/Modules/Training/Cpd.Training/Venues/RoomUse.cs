using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Training.Venues;

/// <summary>
/// Which room a session is in, and what speaks against it: another session at the same time, or fewer chairs than places. It is said and not
/// refused: two groups may share a hall on purpose, and the room may hold more than its list says.
/// </summary>
internal static class RoomUse {
    internal sealed record Room {
        public Guid Id { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
    }

    internal sealed record Clash {
        public Guid SessionId { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public string VenueName { get; init; } = "";
        public string Name { get; init; } = "";
        public string Address { get; init; } = "";
    }

    sealed record Size {
        public int Places { get; init; }
        public int Capacity { get; init; }
    }

    const string SelectRoom = """
        SELECT r.Id, v.Name AS VenueName, r.Name, v.Address
        FROM training_Room r
        JOIN training_Venue v ON v.Id = r.VenueId
        WHERE r.Id = @RoomId AND v.AuthorityId = @AuthorityId AND (r.EndedAt IS NULL OR r.Id = @Current)
        """;
    const string SelectSize = "SELECT s.Places, r.Capacity FROM training_Session s JOIN training_Room r ON r.Id = s.RoomId WHERE s.Id = @Id";
    const string SelectClashes = """
        SELECT o.Id AS SessionId, c.Title AS CourseTitle, d.StartsAt, d.EndsAt
        FROM training_Session s
        JOIN training_Session o ON o.RoomId = s.RoomId AND o.Id <> s.Id AND o.State <> 'Cancelled' AND o.StartsAt < s.EndsAt AND o.EndsAt > s.StartsAt
        JOIN training_SessionDate mine ON mine.SessionId = s.Id
        JOIN training_SessionDate d ON d.SessionId = o.Id AND d.StartsAt < mine.EndsAt AND d.EndsAt > mine.StartsAt
        JOIN training_Course c ON c.Id = o.CourseId
        WHERE s.Id = @Id
        ORDER BY d.StartsAt, o.Id
        """;

    /// <summary>The words by which people find it: "Civic Hall, Main hall".</summary>
    internal static string Words(string venue, string room) => $"{venue}, {room}";

    /// <summary>The room, if it is one that the authority's sessions may choose; the one that the session is in already it may keep.</summary>
    internal static async Task<Room?> Find(Db db, Guid authorityId, Guid roomId, Guid? current, CancellationToken ct) =>
        await db.One<Row>(SelectRoom, new { RoomId = roomId, AuthorityId = authorityId, Current = current ?? Guid.Empty }, ct) is { } row
            ? new Room { Id = row.Id, VenueName = Words(row.VenueName, row.Name), VenueAddress = row.Address } : null;

    /// <summary>What speaks against the room of a session as it is written; sentences, none when all is well.</summary>
    internal static async Task<IReadOnlyList<string>> Warnings(Db db, Guid sessionId, CancellationToken ct) {
        if (await db.One<Size>(SelectSize, new { Id = sessionId }, ct) is not { } size) return [];
        var clashes = (await db.List<Clash>(SelectClashes, new { Id = sessionId }, ct)).DistinctBy(c => (c.SessionId, c.StartsAt)).ToList();
        return [
            .. clashes.Take(5).Select(c => $"The room is taken on {Show.Period(c.StartsAt, c.EndsAt)} by {c.CourseTitle}."),
            .. clashes.Count > 5 ? (string[])[$"And at {clashes.Count - 5} more times."] : [],
            .. size.Places > size.Capacity ? (string[])[$"The room holds {Show.Count(size.Capacity, "person", "people")} and the session has {Show.Count(size.Places, "place")}."] : [],
        ];
    }
}
