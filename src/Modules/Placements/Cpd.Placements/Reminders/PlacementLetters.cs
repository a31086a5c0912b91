using Cpd.Platform.Calendars;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Placements.Reminders;

/// <summary>The words of the messages about placements.</summary>
internal static class PlacementLetters {
    internal static readonly LetterKind HostAskedKind = new("placements.host-asked", "Asked to take students", "To everyone who acts for a placement host that an officer asks to take part in a programme.",
        s => HostAsked(s.Recipient, s.Name, "Community Health Trust", "Baby room", "Early years work placements", s.Absolute(PlacementsLinks.Project(Guid.Empty))));
    internal static readonly LetterKind TimetableKind = new("placements.timetable", "Placement timetable", "To students and their supervisors when a timetable is published, with the dates for their calendar.",
        s => Timetable(s.Recipient, s.Name, isStudent: true, isNew: true, [Example(s)], s.Absolute(PlacementsLinks.MyPlacement)));
    internal static readonly LetterKind ChangedKind = new("placements.timetable-changed", "Placement timetable changed", "To students and supervisors whose dates are changed or called off, for their calendar too.",
        s => Timetable(s.Recipient, s.Name, isStudent: true, isNew: false, [Example(s)], s.Absolute(PlacementsLinks.MyPlacement)));
    internal static readonly LetterKind HostTimetableKind = new("placements.host-timetable", "Students coming to a host", "To everyone who acts for a placement host, when students are planned, moved or called off in its projects: once for a whole timetable.",
        s => HostTimetable(s.Recipient, s.Name, "Early years work placements", isNew: true, [new("Sam Student", Example(s))], s.Absolute(PlacementsLinks.Coming(Guid.Empty))));
    internal static readonly LetterKind TomorrowKind = new("placements.tomorrow", "Placement tomorrow", "To students and supervisors, on the last working day before a day with slots.",
        s => Tomorrow(s.Recipient, s.Name, [Example(s)], s.Absolute(PlacementsLinks.MyPlacement)));
    internal static readonly LetterKind ToLogKind = new("placements.hours-to-log", "Hours to log", "To students who have not logged the hours of the week before, and when hours are returned to them.",
        s => ToLog(s.Recipient, s.Name, [Example(s)], s.Absolute(PlacementsLinks.MyPlacement)));
    internal static readonly LetterKind ToSignKind = new("placements.hours-to-sign", "Hours to sign", "To supervisors two working days after hours were logged, if they still wait.",
        s => ToSign(s.Recipient, s.Name, 3, s.Absolute(PlacementsLinks.ToSign)));

    internal static IReadOnlyList<LetterKind> All => [HostAskedKind, TimetableKind, ChangedKind, HostTimetableKind, TomorrowKind, ToLogKind, ToSignKind];

    /// <summary>A slot as a letter names it.</summary>
    /// <param name="Place">The project, or what was arranged by hand.</param>
    /// <param name="Other">For a student the supervisor, for a supervisor the student.</param>
    internal sealed record Line(DateTime StartsAt, DateTime EndsAt, string Place, string Other, bool IsCancelled = false) {
        internal string Words => $"{Place}, with {Other}{(IsCancelled ? " (called off)" : "")}";
    }

    internal static Letter HostAsked(string recipient, string name, string host, string project, string programme, string address) => new(recipient, name, $"Will {host} take students?", [
        new Say($"You are asked whether {host} takes part in {programme} with the project {project}."),
        new Do("Say yes or no", address),
    ]);

    internal static Letter Timetable(string recipient, string name, bool isStudent, bool isNew, IReadOnlyList<Line> lines, string address) => new(recipient, name, isNew ? "Your placement timetable" : "Your placement timetable has changed", [
        new Say(isNew ? isStudent ? "Your placement has been planned." : "Students have been planned with you." : "These dates of the placement have changed. The others stay as they were."),
        .. lines.OrderBy(l => l.StartsAt).Select(l => new Fact(Show.DayAndPeriod(l.StartsAt, l.EndsAt), l.Words)),
        new Do(isStudent ? "See your placement" : "See who comes", address),
    ]);

    /// <summary>A student's slot, for the host.</summary>
    internal sealed record Visit(string Student, Line Line);

    // Up to so many slots are told one by one; more are told by student, up to so many students.
    const int MostVisits = 12, MostStudents = 60;

    internal static Letter HostTimetable(string recipient, string name, string programme, bool isNew, IReadOnlyList<Visit> visits, string address) {
        var byStudent = visits.GroupBy(v => v.Student).OrderBy(g => g.Min(v => v.Line.StartsAt)).ThenBy(g => g.Key, StringComparer.OrdinalIgnoreCase).ToList();
        IEnumerable<Part> facts = visits.Count <= MostVisits
            ? visits.OrderBy(v => v.Line.StartsAt).Select(v => new Fact(Show.DayAndPeriod(v.Line.StartsAt, v.Line.EndsAt), $"{v.Student}: {v.Line.Words}"))
            : byStudent.Take(MostStudents).Select(g => new Fact(Days(g), $"{g.Key}: {string.Join(", ", g.GroupBy(v => (v.Line.Place, v.Line.IsCancelled)).Select(p => $"{p.Key.Place} ({Show.Count(p.Count(), "slot")}{(p.Key.IsCancelled ? ", called off" : "")})"))}"));
        return new(recipient, name, isNew ? $"Students are coming: {programme}" : $"Changes to who comes: {programme}", [
            new Say(isNew ? $"{Show.Count(byStudent.Count, "student")} {(byStudent.Count == 1 ? "has" : "have")} been planned in your projects." : "These dates of students in your projects have changed. The others stay as they were."),
            .. facts,
            .. byStudent.Count > MostStudents && visits.Count > MostVisits ? [new Say($"{byStudent.Count - MostStudents} more students stand on the page.")] : Array.Empty<Part>(),
            new Do("See who comes", address),
        ]);

        static string Days(IEnumerable<Visit> visits) => (London.Day(visits.Min(v => v.Line.StartsAt)), London.Day(visits.Max(v => v.Line.StartsAt))) is var (from, to) && from == to ? Show.Date(from) : $"{Show.Date(from)} to {Show.Date(to)}";
    }

    internal static Letter Tomorrow(string recipient, string name, IReadOnlyList<Line> lines, string address) => new(recipient, name, $"Placement on {Show.DayAndDate(lines.Min(l => l.StartsAt))}", [
        .. lines.OrderBy(l => l.StartsAt).Select(l => new Fact(Show.DayAndPeriod(l.StartsAt, l.EndsAt), l.Words)),
        new Do("See the timetable", address),
    ]);

    internal static Letter ToLog(string recipient, string name, IReadOnlyList<Line> lines, string address) => new(recipient, name, $"Log your hours: {Show.Count(lines.Count, "slot")}", [
        new Say("These hours count only once you have logged them and your supervisor has signed them off."),
        .. lines.OrderBy(l => l.StartsAt).Select(l => new Fact(Show.DayAndPeriod(l.StartsAt, l.EndsAt), l.Words)),
        new Do("Log your hours", address),
    ]);

    internal static Letter ToSign(string recipient, string name, int count, string address) => new(recipient, name, $"{Show.Count(count, "slot")} to sign", [
        new Say($"Students have logged the hours of {Show.Count(count, "slot")} with you. Until you sign them off they do not count."),
        new Do("Look at the hours", address),
    ]);

    static Line Example(Specimen s) => new(s.Now.AddDays(1), s.Now.AddDays(1).AddHours(3), "Baby room, Community Health Trust", "Jo Midwife");

    /// <summary>A slot for its student's or supervisor's calendar.</summary>
    internal static CalendarEntry Entry(Guid slotId, Line line, string address, Revision revision) => new($"{slotId:N}@cpd", line.StartsAt, line.EndsAt, $"{(line.IsCancelled ? "Cancelled: " : "")}Placement: {line.Place}",
        $"With {line.Other}\n{address}", line.Place, address, revision.Sequence, revision.ChangedAt, line.IsCancelled);
}
