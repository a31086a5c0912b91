using Cpd.Platform.Web;

namespace Cpd.Platform.Messages;

/// <summary>
/// When people are reminded: at nine in the morning in London, on a day on which they work. Never at the weekend and never on the days off that
/// are given (bank holidays and closed days of the authority, closed weeks of a setting), unless it would then be too late; and at night only if
/// even the morning would be.
/// </summary>
/// <param name="daysOff">Besides Saturdays and Sundays.</param>
public sealed class ReminderHours(IReadOnlySet<DateOnly> daysOff) {
    static readonly TimeOnly Nine = new(9, 0), Morning = new(8, 0), Evening = new(20, 0);
    // Nobody is reminded weeks too early or too late because of a long holiday: beyond this only weekends count.
    const int Furthest = 14;

    /// <summary>Nine o'clock (UTC) so many days before the day of this moment, or on the last working day before that.</summary>
    public DateTime Before(DateTime utc, int days) => London.ToUtc(Working(London.Day(utc).AddDays(-days), -1), Nine);

    /// <summary>Nine o'clock (UTC) so many days after the day of this moment, or on the first working day after that.</summary>
    public DateTime After(DateTime utc, int days) => London.ToUtc(Working(London.Day(utc).AddDays(days), 1), Nine);

    /// <summary>
    /// When something that is due may go: now, or, when this is no hour for it, the next that is. What would then be too late goes in the day on any day,
    /// and at once when even that is too late.
    /// </summary>
    /// <param name="goodUntil">UTC; null for what is never too late.</param>
    public DateTime Next(DateTime now, DateTime? goodUntil) {
        var (day, time) = (London.Day(now), TimeOnly.FromDateTime(London.FromUtc(now)));
        var inDay = time >= Morning && time < Evening;
        if (inDay && Works(day)) return now;
        var next = London.ToUtc(Working(time < Morning ? day : day.AddDays(1), 1), Nine);
        if (goodUntil is null || next < goodUntil) return next;
        if (inDay) return now;
        var morning = London.ToUtc(time < Morning ? day : day.AddDays(1), Morning);
        return morning < goodUntil ? morning : now;
    }

    DateOnly Working(DateOnly day, int step) {
        for (var i = 0; i <= Furthest; i++)
            if (Works(day.AddDays(i * step))) return day.AddDays(i * step);
        while (Weekend(day)) day = day.AddDays(step);
        return day;
    }

    bool Works(DateOnly day) => !Weekend(day) && !daysOff.Contains(day);
    static bool Weekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
