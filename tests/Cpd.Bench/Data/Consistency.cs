using System.Globalization;

namespace Cpd.Bench.Data;

/// <summary>What must hold in a data set as it does in one that the service has written itself: each statement counts what breaks it.</summary>
static class Consistency {
    static readonly IReadOnlyList<(string What, string Count)> Checks = [
        ("sessions whose places taken are not their booked places", """
            SELECT COUNT(*) FROM training_Session s
            WHERE s.PlacesTaken <> (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked' AND b.IsWalkIn = 0)
            """),
        ("sessions whose waiting count is not their waiting list", """
            SELECT COUNT(*) FROM training_Session s
            WHERE s.WaitingCount <> (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Waiting')
            """),
        ("sessions with a free place and somebody who waits", "SELECT COUNT(*) FROM training_Session WHERE WaitingCount > 0 AND PlacesTaken < Places"),
        ("sessions that do not begin and end with their dates", """
            SELECT COUNT(*) FROM training_Session s
            WHERE s.StartsAt <> COALESCE((SELECT MIN(d.StartsAt) FROM training_SessionDate d WHERE d.SessionId = s.Id), '')
               OR s.EndsAt <> COALESCE((SELECT MAX(d.EndsAt) FROM training_SessionDate d WHERE d.SessionId = s.Id), '')
            """),
        ("bookings without history", "SELECT COUNT(*) FROM training_Booking b WHERE NOT EXISTS (SELECT 1 FROM training_BookingHistory h WHERE h.BookingId = b.Id)"),
        ("closed registers with somebody not recorded", """
            SELECT COUNT(*) FROM training_Booking b JOIN training_Session s ON s.Id = b.SessionId
            WHERE s.RegisterClosedAt IS NOT NULL AND b.State = 'Booked' AND (b.Attendance IS NULL OR b.Revision = 0)
            """),
        ("told attendances without an entry of the same minutes", """
            SELECT COUNT(*) FROM training_Booking b
            WHERE b.Revision > 0 AND NOT EXISTS (SELECT 1 FROM accreditation_Entry e WHERE e.CauseKind = 'Attendance' AND e.CauseId = b.Id AND e.Minutes = b.MinutesAttended AND e.PersonId = b.PersonId)
            """),
        ("completions without a certificate, or certificates without one", """
            SELECT ABS((SELECT COUNT(*) FROM training_Booking WHERE Revision > 0 AND Attendance = 'Attended') - (SELECT COUNT(*) FROM accreditation_Certificate WHERE RevokedAt IS NULL))
            """),
        ("people without a workplace or an authority", """
            SELECT COUNT(*) FROM people_Person p
            WHERE NOT EXISTS (SELECT 1 FROM people_Membership m WHERE m.PersonId = p.Id) AND NOT EXISTS (SELECT 1 FROM people_Contact c WHERE c.PersonId = p.Id)
            """),
        ("events that the nightly clean-up would have removed", "SELECT COUNT(*) FROM platform_Outbox WHERE DeliveredAt < datetime('now', '-80 days')"),
        ("rows that refer to nothing", "SELECT COUNT(*) FROM pragma_foreign_key_check"),
    ];

    public static int Count => Checks.Count;

    public static IReadOnlyList<string> Problems(DataSet set, CancellationToken ct) {
        using var connection = set.Open();
        var wrong = new List<string>();
        foreach (var (what, count) in Checks) {
            ct.ThrowIfCancellationRequested();
            using var command = connection.CreateCommand();
            command.CommandText = count;
            command.CommandTimeout = 0;
            if (Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) is var found and > 0) wrong.Add($"{found} {what}");
        }
        return wrong;
    }
}
