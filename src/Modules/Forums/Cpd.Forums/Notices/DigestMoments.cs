using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Forums.Notices;

/// <summary>
/// When readers of notice boards are told what is new: at nine on each day on which they are written to, or on the first such day of each week. What was
/// posted since the moment before belongs to a moment; so nothing is told twice, and nothing left out.
/// </summary>
internal static class DigestMoments {
    /// <summary>The first moment after this one (UTC) at which daily readers are told.</summary>
    internal static DateTime NextDaily(ReminderHours hours, DateTime utc) => hours.After(utc, 0) is var today && today > utc ? today : hours.After(utc, 1);

    /// <summary>The moment for daily readers before this one of theirs.</summary>
    internal static DateTime DailyBefore(ReminderHours hours, DateTime moment) => hours.Before(moment, 1);

    /// <summary>The first moment after this one (UTC) at which weekly readers are told.</summary>
    internal static DateTime NextWeekly(ReminderHours hours, DateTime utc) {
        for (var monday = Monday(utc); ; monday = monday.AddDays(7))
            if (hours.After(London.StartOf(monday), 0) is var at && at > utc) return at;
    }

    /// <summary>The moment for weekly readers before this one; several weeks earlier when nobody was written to in between.</summary>
    internal static DateTime WeeklyBefore(ReminderHours hours, DateTime moment) {
        for (var monday = Monday(moment); ; monday = monday.AddDays(-7))
            if (hours.After(London.StartOf(monday), 0) is var at && at < moment) return at;
    }

    /// <summary>Whether weekly readers are told at this moment.</summary>
    internal static bool IsWeekly(ReminderHours hours, DateTime moment) => NextWeekly(hours, moment.AddTicks(-1)) == moment;

    static DateOnly Monday(DateTime utc) => London.Day(utc) is var day ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : default;
}
