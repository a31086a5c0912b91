using System.Globalization;

namespace Cpd.Platform.Calendars;

/// <summary>Addresses with which a reader puts something into a calendar that lives on the web. They carry a copy: later changes do not follow it.</summary>
public static class CalendarLinks {
    public static string Google(CalendarEntry entry) => "https://calendar.google.com/calendar/render?action=TEMPLATE" +
        $"&text={Escape(entry.Summary)}&dates={Basic(entry.StartsAt)}/{Basic(entry.EndsAt)}&ctz=Europe%2FLondon&details={Escape(entry.Description)}&location={Escape(entry.Location)}";

    /// <param name="work">An account of an organisation (Microsoft 365), not a private one.</param>
    public static string Outlook(CalendarEntry entry, bool work) => $"https://outlook.{(work ? "office" : "live")}.com/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent" +
        $"&subject={Escape(entry.Summary)}&startdt={Extended(entry.StartsAt)}&enddt={Extended(entry.EndsAt)}&body={Escape(entry.Description)}&location={Escape(entry.Location)}";

    /// <summary>Opens the calendar program of the device, which then reads the feed by itself.</summary>
    public static string Subscribe(string feed) => "webcal://" + feed[(feed.IndexOf("://", StringComparison.Ordinal) + 3)..];
    public static string SubscribeGoogle(string feed) => "https://calendar.google.com/calendar/r?cid=" + Escape(Subscribe(feed));
    public static string SubscribeOutlook(string feed, string name, bool work) => $"https://outlook.{(work ? "office" : "live")}.com/calendar/0/addfromweb?url={Escape(feed)}&name={Escape(name)}";

    static string Escape(string value) => Uri.EscapeDataString(value);
    static string Basic(DateTime utc) => utc.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
    static string Extended(DateTime utc) => Escape(utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
