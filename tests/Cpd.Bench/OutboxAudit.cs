using System.Text.Json;

namespace Cpd.Bench;

/// <summary>
/// Whether what the registers settled arrived in the CPD ledger exactly once. What must have an effect is read from the bookings, not
/// from the outbox: an event that is lost from there is missed too.
/// </summary>
static class OutboxAudit {
    const string SelectSettled = "SELECT Id, Revision FROM training_Booking WHERE Revision > 0";
    const string SelectEvents = "SELECT Payload FROM platform_Outbox WHERE Type = 'Cpd.Training.Contracts.AttendanceRecorded'";
    const string SelectEntries = "SELECT CauseId AS Id, Revision FROM accreditation_Entry WHERE CauseKind = 'Attendance'";
    const string SelectStanding = "SELECT CauseId AS Id, Revision FROM accreditation_Certificate WHERE RevokedAt IS NULL";

    /// <param name="Settled">Bookings whose attendance is settled.</param>
    /// <param name="WithoutEffect">Of them, those whose ledger entry or certificate is missing or behind.</param>
    /// <param name="WithoutEvent">Of them, those of which the outbox never had a word.</param>
    /// <param name="WithoutCommit">Entries and certificates of what no register holds.</param>
    /// <param name="Doubled">Causes with more than one entry, standing certificate or event.</param>
    public sealed record Findings(int Settled, int WithoutEffect, int WithoutEvent, int WithoutCommit, int Doubled);

    public static Task<Findings> Of(Arranged arranged) => arranged.Ask(async db => {
        var settled = (await db.List<Row>(SelectSettled, null, default)).ToDictionary(b => b.Id, b => b.Revision);
        var events = (await db.List<string>(SelectEvents, null, default)).Select(payload => JsonSerializer.Deserialize<Told>(payload)!).ToList();
        var entries = await db.List<Row>(SelectEntries, null, default);
        var standing = await db.List<Row>(SelectStanding, null, default);
        var (entered, certified, told) = (entries.ToLookup(e => e.Id), standing.ToLookup(c => c.Id), events.ToLookup(e => e.BookingId));
        return new Findings(settled.Count,
            settled.Count(b => entered[b.Key].All(e => e.Revision != b.Value) || certified[b.Key].All(c => c.Revision != b.Value)),
            settled.Count(b => told[b.Key].All(e => e.Revision != b.Value)),
            entries.Concat(standing).Count(e => settled.GetValueOrDefault(e.Id) < e.Revision),
            entered.Count(e => e.Count() > 1) + certified.Count(c => c.Count() > 1) + told.Count(e => e.DistinctBy(t => t.Revision).Count() < e.Count()));
    });

    sealed record Told(Guid BookingId, int Revision);

    sealed record Row {
        public Guid Id { get; init; }
        public int Revision { get; init; }
    }
}
