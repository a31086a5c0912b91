using System.Globalization;
using System.Text;

namespace Cpd.Platform.Web;

/// <summary>One appointment. Times are UTC.</summary>
/// <param name="Uid">The same for ever, so that a calendar which takes the file again changes what it has.</param>
/// <param name="Sequence">Rises with each change.</param>
/// <param name="Status">CONFIRMED, TENTATIVE or CANCELLED.</param>
public sealed record CalendarEntry(string Uid, DateTime StartsAt, DateTime EndsAt, string Summary, string Description, string Location, string? Address, int Sequence, string Status = "CONFIRMED");

/// <summary>A calendar file to take away (RFC 5545): times in UTC, no invitation to answer.</summary>
public static class CalendarFile {
    public const string ContentType = "text/calendar; charset=utf-8; method=PUBLISH";
    const int LongestLine = 75;

    public static string Write(IEnumerable<CalendarEntry> entries, DateTime now) {
        var file = new StringBuilder();
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//CPD for early years//EN");
        Line("CALSCALE:GREGORIAN");
        Line("METHOD:PUBLISH");
        foreach (var entry in entries) {
            Line("BEGIN:VEVENT");
            Line("UID:" + Text(entry.Uid));
            Line("DTSTAMP:" + Utc(now));
            Line("SEQUENCE:" + entry.Sequence.ToString(CultureInfo.InvariantCulture));
            Line("DTSTART:" + Utc(entry.StartsAt));
            Line("DTEND:" + Utc(entry.EndsAt));
            Line("SUMMARY:" + Text(entry.Summary));
            if (entry.Description.Length > 0) Line("DESCRIPTION:" + Text(entry.Description));
            if (entry.Location.Length > 0) Line("LOCATION:" + Text(entry.Location));
            if (entry.Address is not null) Line("URL:" + entry.Address.ReplaceLineEndings(""));
            Line("STATUS:" + entry.Status);
            Line("END:VEVENT");
        }
        Line("END:VCALENDAR");
        return file.ToString();

        void Line(string text) => Fold(file, text);
    }

    static string Utc(DateTime utc) => utc.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    static string Text(string value) => value.ReplaceLineEndings("\n").Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

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
