using Cpd.Platform.Web;

namespace Cpd.Training.Bookings;

/// <summary>
/// Hours in which an authority works: between two times of day in London, Monday to Friday, but not on the days it is closed.
/// An offer made on a Friday afternoon runs on Monday morning.
/// </summary>
internal sealed class WorkingTime(TimeOnly starts, TimeOnly ends, IReadOnlySet<DateOnly> closed) {
    // A calendar on which nobody ever works must not hold up a booking: beyond this, time counts as it passes.
    const int Furthest = 400;

    /// <summary>The moment (UTC) at which this many working hours have passed since then.</summary>
    internal DateTime After(DateTime utc, int hours) {
        var left = TimeSpan.FromHours(hours);
        var day = London.Day(utc);
        for (var i = 0; i < Furthest; i++, day = day.AddDays(1)) {
            if (!Works(day)) continue;
            var (from, to) = (Later(London.ToUtc(day, starts), utc), London.ToUtc(day, ends));
            if (to <= from) continue;
            if (to - from >= left) return from + left;
            left -= to - from;
        }
        return utc.AddHours(hours);
    }

    /// <summary>The moment (UTC) from which this many working hours remain until then.</summary>
    internal DateTime Before(DateTime utc, int hours) {
        var left = TimeSpan.FromHours(hours);
        if (left == TimeSpan.Zero) return utc;
        var day = London.Day(utc);
        for (var i = 0; i < Furthest; i++, day = day.AddDays(-1)) {
            if (!Works(day)) continue;
            var (from, to) = (London.ToUtc(day, starts), Earlier(London.ToUtc(day, ends), utc));
            if (to <= from) continue;
            if (to - from >= left) return to - left;
            left -= to - from;
        }
        return utc.AddHours(-hours);
    }

    bool Works(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !closed.Contains(day);

    internal static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;
    static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;
}
