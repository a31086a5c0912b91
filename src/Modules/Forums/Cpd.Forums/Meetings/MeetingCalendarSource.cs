using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Forums.Meetings;

/// <summary>The meetings of somebody's forums for their calendar. Those they have sent apologies for, and those at which they wait for a place, are left out; what was called off stays only if calendars were told of it.</summary>
internal sealed class MeetingCalendarSource(Db db, Appointments appointments, Site site) : ICalendarSource {
    const string Select = Meeting.Select + """
        WHERE (m.State = 'Published' AND m.EndsAt >= @From OR m.State = 'Cancelled' AND m.CancelledAt >= @From)
          AND (EXISTS (SELECT 1 FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.PersonId = @PersonId AND (p.Reply = 'Coming' OR p.Attendance IN ('Attended', 'Part')))
            OR EXISTS (SELECT 1 FROM forums_Member b WHERE b.SeriesId = s.Id AND b.PersonId = @PersonId AND b.Until IS NULL AND m.EndsAt >= b.Since)
              AND NOT EXISTS (SELECT 1 FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.PersonId = @PersonId AND p.Reply IN ('Apologies', 'Waiting')))
        ORDER BY m.StartsAt, m.Id
        """;

    public async Task<IReadOnlyList<CalendarEntry>> Entries(Guid personId, DateTime from, CancellationToken ct) {
        var meetings = await db.List<Meeting>(Select, new { PersonId = personId, From = from }, ct);
        if (meetings.Count == 0) return [];
        var revisions = await appointments.Find(meetings.Select(m => m.Id), ct);
        return [.. meetings.Where(m => m.State == Publication.Published || revisions.ContainsKey(m.Id))
            .Select(m => m.Entry(revisions.GetValueOrDefault(m.Id) ?? new Revision { Id = m.Id, ChangedAt = m.StartsAt }, site, m.State == Publication.Cancelled, site.Absolute(ForumsLinks.Join(m.Id))))];
    }
}
