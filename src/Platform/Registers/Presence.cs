using System.Collections.Immutable;

namespace Cpd.Platform.Registers;

/// <summary>Somebody's presence on one date.</summary>
/// <param name="Here">False: it was noted that they did not come.</param>
/// <param name="In">When they came; null if nobody noted it: from the start. UTC.</param>
/// <param name="Out">When they left; null: until the end. UTC.</param>
public sealed record Day(bool Here, DateTime? In, DateTime? Out, MarkSource By);

/// <summary>
/// What follows from the marks made of one person. They are taken in the order in which they were made, wherever and whenever they arrived:
/// so two phones that were without a network come to the same register, and the latest mark by its own time has the last word, taking
/// back included.
/// </summary>
public sealed record Presence {
    /// <summary>For so long after it was made a mark can be taken back.</summary>
    public static readonly TimeSpan Undoable = TimeSpan.FromMinutes(15);
    static readonly Presence Unknown = new();

    /// <summary>Said of the whole at once; null where the days decide.</summary>
    public Attendance? Whole { get; private init; }
    int? WholeMinutes { get; init; }
    /// <summary>By the number of the date, from 0.</summary>
    public ImmutableDictionary<int, Day> Days { get; private init; } = ImmutableDictionary<int, Day>.Empty;
    /// <summary>The mark made last, if it can be taken back for a while; a taking back cannot.</summary>
    public Mark? Last { get; private init; }

    /// <summary>What they come to.</summary>
    /// <param name="marks">Of one person, in any order.</param>
    /// <param name="dates">In order; at least one.</param>
    public static Presence Of(IEnumerable<Mark> marks, IReadOnlyList<IDate> dates) {
        var now = Unknown;
        var before = new Dictionary<Guid, Presence>();
        foreach (var mark in marks.OrderBy(m => m.MadeAt).ThenBy(m => m.Number)) {
            if (mark.Kind == MarkKind.Undo) {
                // One that never arrived here has had no effect that could be taken back.
                if (before.GetValueOrDefault(mark.Undoes ?? Guid.Empty) is { } then) now = then with { Last = null };
            } else {
                before[mark.Nonce] = now;
                now = now.After(mark, dates) with { Last = mark };
            }
        }
        return now;
    }

    Presence After(Mark mark, IReadOnlyList<IDate> dates) {
        if (mark.Kind == MarkKind.Whole) return new() { Whole = mark.Attendance, WholeMinutes = mark.Minutes };
        // Who was at all of it and then leaves early on one date was still at all the others.
        var days = Whole == Attendance.Attended ? dates.Index().ToImmutableDictionary(d => d.Index, _ => new Day(true, null, null, mark.Source)) : Days;
        var moment = mark.At ?? mark.Until ?? mark.MadeAt;
        var date = Nearest(dates, moment);
        var known = days.GetValueOrDefault(date);
        return new() {
            Days = mark.Kind switch {
                // The same person scanned again is still here since the first time. A tap after the end says that they were there, not that they came late.
                MarkKind.Came => known is { Here: true, Out: null } ? days : days.SetItem(date, new Day(true, known is { Here: true } ? known.In : moment >= dates[date].EndsAt ? null : moment, null, mark.Source)),
                MarkKind.Left => days.SetItem(date, new Day(true, known is { Here: true } ? known.In : null, moment, mark.Source)),
                MarkKind.Times => days.SetItem(date, new Day(true, mark.At, mark.Until, mark.Source)),
                MarkKind.Absent => days.SetItem(date, new Day(false, null, null, mark.Source)),
                _ => days.Remove(date),
            },
        };
    }

    /// <summary>The date that a moment belongs to: the one it lies in or comes closest to.</summary>
    public static int Nearest(IReadOnlyList<IDate> dates, DateTime moment) =>
        dates.Index().MinBy(d => moment < d.Item.StartsAt ? d.Item.StartsAt - moment : moment > d.Item.EndsAt ? moment - d.Item.EndsAt : TimeSpan.Zero).Index;

    /// <summary>
    /// Attendance and the minutes that count. Coming late or leaving early by no more than the tolerance is not held against anyone; beyond
    /// it, the minutes of the whole are counted in proportion to the time they were there.
    /// </summary>
    /// <param name="all">The minutes that whoever was there all the time is counted, which may leave out breaks.</param>
    /// <param name="tolerance">In minutes, at each end of each date.</param>
    public (Attendance? Attendance, int Minutes) Counted(IReadOnlyList<IDate> dates, int all, int tolerance) {
        if (Whole is not null) return (Whole, Counted(Whole, WholeMinutes, all));
        if (Days.IsEmpty) return (null, 0);
        var here = Days.Where(d => d.Value.Here && d.Key < dates.Count).ToList();
        if (here.Count == 0) return (Attendance.DidNotAttend, 0);
        var scheduled = dates.Sum(d => (d.EndsAt - d.StartsAt).Ticks);
        var present = here.Sum(d => Within(dates[d.Key], d.Value, TimeSpan.FromMinutes(tolerance)).Ticks);
        return present >= scheduled ? (Attendance.Attended, all) : (Attendance.Part, Math.Max(1, (int)((Int128)all * present / scheduled)));
    }

    /// <summary>The minutes that count of what was said of the whole at once: all of them for those who attended it.</summary>
    /// <param name="typed">For those who attended part.</param>
    public static int Counted(Attendance? attendance, int? typed, int all) => attendance switch { Attendance.Attended => all, Attendance.Part => typed ?? 0, _ => 0 };

    static TimeSpan Within(IDate date, Day day, TimeSpan tolerance) {
        var from = day.In is { } came && came > date.StartsAt + tolerance ? came : date.StartsAt;
        var to = day.Out is { } left && left < date.EndsAt - tolerance ? left : date.EndsAt;
        return to > from ? to - from : TimeSpan.Zero;
    }
}
