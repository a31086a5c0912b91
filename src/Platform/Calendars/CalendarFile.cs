using System.Globalization;
using System.Text;
using Cpd.Platform.Web;

namespace Cpd.Platform.Calendars;

/// <summary>
/// Appointments as an iCalendar object (RFC 5545), to take away, to subscribe to, or as an invitation by email (RFC 5546). Times stand in
/// Europe/London, whose rule comes with them, so that a calendar shows what the session's page shows.
/// </summary>
public static class CalendarFile {
    public const string ContentType = "text/calendar; charset=utf-8; method=PUBLISH";
    const int LongestLine = 75;

    // In force since 1996; nothing here is older. Between the clocks' going forward and back it is BST, and GMT for the rest of the year.
    static readonly IReadOnlyList<string> Zone = [
        "BEGIN:VTIMEZONE", "TZID:Europe/London",
        "BEGIN:DAYLIGHT", "DTSTART:19960331T010000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "TZNAME:BST", "END:DAYLIGHT",
        "BEGIN:STANDARD", "DTSTART:19961027T020000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "TZNAME:GMT", "END:STANDARD",
        "END:VTIMEZONE",
    ];

    /// <summary>A file to take away: nothing to answer, nobody invited.</summary>
    public static string Publish(IEnumerable<CalendarEntry> entries, DateTime now) => Write("PUBLISH", entries, [], _ => now);

    /// <summary>What is read at a subscribed address, with how often to come again. The same entries give the same text, whenever it is asked for.</summary>
    public static string Feed(string name, IEnumerable<CalendarEntry> entries) => Write("PUBLISH", entries,
        [$"NAME:{Text(name)}", $"X-WR-CALNAME:{Text(name)}", "X-WR-TIMEZONE:Europe/London", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"], e => e.ChangedAt);

    /// <summary>
    /// Asks one person's calendar to take the appointment, or to drop it if it is cancelled. One entry to one person: an invitation may
    /// hold no second appointment (RFC 5546, 3.2.2), and mail programs show everyone who is invited to all of them.
    /// </summary>
    /// <param name="accepted">They have said that they come, as by booking; otherwise the entry stands as one that nothing was said to.</param>
    public static CalendarPart Invite(CalendarEntry entry, CalendarParty organiser, CalendarParty attendee, bool accepted = true) {
        var method = entry.IsCancelled ? "CANCEL" : "REQUEST";
        return new(method, Write(method, [entry], [], e => e.ChangedAt, [
            $"ORGANIZER;CN={Quoted(organiser.Name)}:mailto:{organiser.Email}",
            // Answers are given in the service, never by the calendar.
            $"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={(accepted ? "ACCEPTED" : "NEEDS-ACTION")};RSVP=FALSE;CN={Quoted(attendee.Name)}:mailto:{attendee.Email}",
        ]));
    }

    static string Write(string method, IEnumerable<CalendarEntry> entries, IReadOnlyList<string> head, Func<CalendarEntry, DateTime> stamp, IReadOnlyList<string>? parties = null) {
        var file = new StringBuilder();
        Lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CPD for early years//CPD 1.0//EN", "CALSCALE:GREGORIAN", $"METHOD:{method}");
        Lines([.. head]);
        Lines([.. Zone]);
        foreach (var entry in entries) {
            Lines("BEGIN:VEVENT", $"UID:{Text(entry.Uid)}", $"DTSTAMP:{Utc(stamp(entry))}", $"LAST-MODIFIED:{Utc(entry.ChangedAt)}", $"SEQUENCE:{entry.Sequence.ToString(CultureInfo.InvariantCulture)}",
                $"DTSTART{Local(entry.StartsAt)}", $"DTEND{Local(entry.EndsAt)}", $"SUMMARY:{Text(entry.Summary)}");
            if (entry.Description.Length > 0) Lines($"DESCRIPTION:{Text(entry.Description)}");
            if (entry.Location.Length > 0) Lines($"LOCATION:{Text(entry.Location)}");
            Lines($"URL:{entry.Address}");
            Lines([.. parties ?? []]);
            Lines(entry.IsCancelled ? ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"] : ["STATUS:CONFIRMED", "TRANSP:OPAQUE"]);
            Lines("END:VEVENT");
        }
        Lines("END:VCALENDAR");
        return file.ToString();

        void Lines(params string[] lines) {
            foreach (var line in lines) Fold(file, line);
        }
    }

    static string Utc(DateTime utc) => utc.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    // In the hour that comes twice a local time means the first (RFC 5545, 3.3.5), but readers differ: there only UTC is certain.
    static string Local(DateTime utc) {
        var local = London.FromUtc(utc);
        return London.FromUtc(utc.AddHours(1)) == local || London.FromUtc(utc.AddHours(-1)) == local
            ? $":{Utc(utc)}" : $";TZID=Europe/London:{local.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}";
    }

    static string Text(string value) => value.ReplaceLineEndings("\n").Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    // A parameter's value knows no escape: what would end it is left out.
    static string Quoted(string value) => $"\"{value.ReplaceLineEndings(" ").Replace('"', '\'')}\"";

    // A line holds at most 75 octets; the rest goes on after a space on the next, and no character is cut in two.
    static void Fold(StringBuilder file, string line) {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes()) {
            // Of control characters only the tab may stand in a value.
            if (Rune.IsControl(rune) && rune.Value != '\t') continue;
            if (octets + rune.Utf8SequenceLength > LongestLine) {
                file.Append("\r\n ");
                octets = 1;
            }
            file.Append(rune);
            octets += rune.Utf8SequenceLength;
        }
        file.Append("\r\n");
    }
}
