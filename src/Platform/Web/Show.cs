using System.Globalization;

namespace Cpd.Platform.Web;

/// <summary>Europe/London, in which times are shown and typed. Everything stored is UTC.</summary>
public static class London {
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public static DateTime FromUtc(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone);
    public static DateOnly Day(DateTime utc) => DateOnly.FromDateTime(FromUtc(utc));
    public static DateOnly Today(TimeProvider clock) => Day(clock.GetUtcNow().UtcDateTime);

    /// <summary>A time on a day in London, in UTC. In the hour that the clocks skip it is an hour later; in the hour that they repeat, the first.</summary>
    public static DateTime ToUtc(DateOnly day, TimeOnly time) {
        var local = day.ToDateTime(time);
        if (Zone.IsInvalidTime(local)) local = local.AddHours(1);
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
    public static DateTime StartOf(DateOnly day) => ToUtc(day, TimeOnly.MinValue);
}

/// <summary>Values in the words that the design system uses: "3 June 2026", "10am to 12:30pm", "2 hours 30 minutes".</summary>
public static class Show {
    static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static string Date(DateOnly day) => day.ToString("d MMMM yyyy", English);
    public static string Date(DateTime utc) => Date(London.Day(utc));
    public static string DayAndDate(DateTime utc) => London.FromUtc(utc).ToString("dddd d MMMM yyyy", English);
    public static string Time(DateTime utc) {
        var local = London.FromUtc(utc);
        return local.TimeOfDay == TimeSpan.FromHours(12) ? "midday" : local.ToString(local.Minute == 0 ? "htt" : "h:mmtt", CultureInfo.InvariantCulture).ToLowerInvariant();
    }
    public static string DateAndTime(DateTime utc) => $"{Date(utc)} at {Time(utc)}";
    /// <summary>"3 June 2026, 10am to 12:30pm"; over several days "3 June 2026, 10am to 4 June 2026, 3pm".</summary>
    public static string Period(DateTime fromUtc, DateTime toUtc) => London.Day(fromUtc) == London.Day(toUtc)
        ? $"{Date(fromUtc)}, {Time(fromUtc)} to {Time(toUtc)}"
        : $"{Date(fromUtc)}, {Time(fromUtc)} to {Date(toUtc)}, {Time(toUtc)}";
    /// <summary>"Wednesday 3 June 2026, 10am to 12:30pm".</summary>
    public static string DayAndPeriod(DateTime fromUtc, DateTime toUtc) => $"{London.FromUtc(fromUtc).ToString("dddd", English)} {Period(fromUtc, toUtc)}";
    public static string Duration(int minutes) => (minutes / 60, minutes % 60) switch {
        (0, var m) => Count(m, "minute"),
        (var h, 0) => Count(h, "hour"),
        var (h, m) => $"{Count(h, "hour")} {Count(m, "minute")}",
    };
    public static string Money(int pence) => pence == 0 ? "Free" : "£" + (pence / 100m).ToString(pence % 100 == 0 ? "N0" : "N2", English);
    /// <summary>"1 place", "2 places"; give the plural where it is not the singular with an s.</summary>
    public static string Count(int number, string one, string? many = null) => $"{number.ToString("N0", English)} {(number == 1 ? one : many ?? one + "s")}";
}
