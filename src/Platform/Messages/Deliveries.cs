using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Platform.Messages;

/// <summary>What has become of messages, for whoever looks after those they were for. Messages are kept for 30 days.</summary>
public sealed class Deliveries(Db db) {
    // What was said at once is about its cause; what was planned has a cause, and its moment follows from something else (the session).
    const string Select = """
        SELECT x.Cause, x.State, x.At, x.Delivery
        FROM (
            SELECT CASE WHEN m.PlannedFor IS NULL THEN m.AboutId ELSE m.CauseId END AS Cause, m.State, COALESCE(m.SentAt, m.DueAt) AS At, m.Delivery,
                ROW_NUMBER() OVER (PARTITION BY CASE WHEN m.PlannedFor IS NULL THEN m.AboutId ELSE m.CauseId END ORDER BY COALESCE(m.SentAt, m.DueAt) DESC, m.Id DESC) AS Number
            FROM platform_Message m
            WHERE m.AboutId IN @Abouts AND m.State IN ('Sent', 'Parked')) x
        WHERE x.Number = 1
        """;
    const string CountParked = "SELECT AuthorityId, COUNT(*) AS Messages FROM platform_Message WHERE State = 'Parked' AND AuthorityId IN @Ids GROUP BY AuthorityId";

    /// <summary>The last message about each of these that was sent or given up, where there is one.</summary>
    /// <param name="causeIds">What messages are about: bookings.</param>
    /// <param name="aboutIds">What the moments of those that were planned follow from: the bookings' sessions.</param>
    public async Task<IReadOnlyDictionary<Guid, LastMessage>> Last(IReadOnlyCollection<Guid> causeIds, IReadOnlyCollection<Guid> aboutIds, CancellationToken ct) => causeIds.Count == 0 ? new Dictionary<Guid, LastMessage>() :
        (await db.List<Row>(Select, new { Abouts = db.Ids(causeIds.Concat(aboutIds)) }, ct)).Where(r => causeIds.Contains(r.Cause)).ToDictionary(r => r.Cause, r => new LastMessage(r.At, r.State == "Sent" && r.Delivery is null or nameof(Delivery.Delivered)));

    /// <summary>How many messages of each of these authorities are parked, of those that have any.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> Parked(IReadOnlyCollection<Guid> authorityIds, CancellationToken ct) =>
        (await db.List<ParkedRow>(CountParked, new { Ids = db.Ids(authorityIds) }, ct)).ToDictionary(r => r.AuthorityId, r => r.Messages);

    sealed record Row {
        public Guid Cause { get; init; }
        public string State { get; init; } = "";
        public DateTime At { get; init; }
        public string? Delivery { get; init; }
    }

    sealed record ParkedRow {
        public Guid AuthorityId { get; init; }
        public int Messages { get; init; }
    }
}

/// <param name="At">When it was sent, or last tried (UTC).</param>
/// <param name="WasSent">The mail server took it and has not said that it could not be delivered.</param>
public sealed record LastMessage(DateTime At, bool WasSent) {
    /// <summary>"Sent 3 March 2026 at 9am".</summary>
    public string Words => WasSent ? $"Sent {Show.DateAndTime(At)}" : $"Could not be delivered, {Show.DateAndTime(At)}";
}
