using Microsoft.Data.Sqlite;

namespace Cpd.Bench;

/// <summary>
/// What is wrong with the bookings of a database, in sentences; nothing when all is well. Everything that one booking writes (its
/// row, its history, the session's counters, the mail) is there as a whole or not at all, and what was acknowledged is there.
/// </summary>
static class BookingAudit {
    const string SelectBookings = "SELECT Id, PersonId, Reference, State FROM training_Booking";
    static readonly (string What, string Count)[] HalfWritten = [
        ("bookings without their history", """
            SELECT COUNT(*) FROM training_Booking b
            WHERE NOT EXISTS (SELECT 1 FROM training_BookingHistory h WHERE h.BookingId = b.Id)
            """),
        ("bookings whose person was not written to", """
            SELECT COUNT(*) FROM training_Booking b JOIN people_Person p ON p.Id = b.PersonId
            WHERE b.IsWalkIn = 0 AND p.Email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM platform_Message m WHERE m.CauseId = b.Id AND m.Recipient = p.Email)
            """),
        ("messages of bookings that do not exist", """
            SELECT COUNT(*) FROM platform_Message m
            WHERE m.Kind LIKE 'booking-%' AND NOT EXISTS (SELECT 1 FROM training_Booking b WHERE b.Id = m.CauseId)
            """),
        ("sessions that count other places than are booked", """
            SELECT COUNT(*) FROM training_Session s
            WHERE s.PlacesTaken <> (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked' AND b.IsWalkIn = 0)
            """),
        ("sessions that count others waiting than wait", """
            SELECT COUNT(*) FROM training_Session s
            WHERE s.WaitingCount <> (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Waiting')
            """),
        ("sessions where somebody waits while a place is free", """
            SELECT COUNT(*) FROM training_Session s WHERE s.WaitingCount > 0 AND s.PlacesTaken < s.Places
            """),
    ];
    const string Oversold = """
        SELECT COUNT(*) FROM training_Session s
        WHERE s.Places < (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked' AND b.IsWalkIn = 0)
        """;
    const string BookedTwice = """
        SELECT COUNT(*) FROM (SELECT SessionId, PersonId FROM training_Booking WHERE CancelledAt IS NULL GROUP BY SessionId, PersonId HAVING COUNT(*) > 1) twice
        """;

    /// <param name="Missing">Acknowledged, and not there as it was acknowledged.</param>
    /// <param name="HalfWritten">Each kind of half-written thing that was found, with how many.</param>
    public sealed record Findings(int Missing, IReadOnlyList<string> HalfWritten, int Oversold, int BookedTwice);

    public static Task<Findings> Of(Arranged arranged, IReadOnlyCollection<Answer> acknowledged) => arranged.Ask(async db => {
        var there = (await db.List<Row>(SelectBookings, null, default)).ToDictionary(b => b.Id);
        var missing = acknowledged.Count(a => a.BookingId is { } id
            && !(there.TryGetValue(id, out var b) && b.Reference == a.Reference && b.PersonId == a.PersonId && b.State.Equals(a.Outcome, StringComparison.OrdinalIgnoreCase)));
        var half = new List<string>();
        foreach (var (what, count) in HalfWritten)
            if (await db.One<int>(count, null, default) is var found and > 0) half.Add($"{found} {what}");
        return new Findings(missing, half, await db.One<int>(Oversold, null, default), await db.One<int>(BookedTwice, null, default));
    });

    /// <summary>What the engine itself says of the file: "ok", or what is broken.</summary>
    public static string Integrity(string file) {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        var said = Ask("PRAGMA integrity_check");
        return said is ["ok"] ? Ask("PRAGMA foreign_key_check") is { Count: > 0 and var broken } ? $"{broken} rows refer to what is not there" : "ok" : string.Join("; ", said);

        List<string> Ask(string pragma) {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the two constants above.
            command.CommandText = pragma;
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read()) rows.Add(reader.GetString(0));
            return rows;
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Reference { get; init; } = "";
        public string State { get; init; } = "";
    }
}
