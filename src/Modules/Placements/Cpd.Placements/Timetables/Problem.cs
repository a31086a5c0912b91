using System.Globalization;

namespace Cpd.Placements.Timetables;

/// <summary>A part of one day: in it a student is at one place, or off.</summary>
internal readonly record struct When(DateOnly Day, int Part) : IComparable<When> {
    public int CompareTo(When other) => (Day, Part).CompareTo((other.Day, other.Part));
    public static bool operator <(When one, When other) => one.CompareTo(other) < 0;
    public static bool operator >(When one, When other) => one.CompareTo(other) > 0;
    public static bool operator <=(When one, When other) => one.CompareTo(other) <= 0;
    public static bool operator >=(When one, When other) => one.CompareTo(other) >= 0;
}

/// <summary>A part of a day on which the programme is open.</summary>
/// <param name="Over">It has begun: nothing new is planned in it, and what stands in it stays.</param>
internal sealed record OpenPart(When When, string Name, int Minutes, bool Over = false);

internal sealed record Theme(Guid Id, string Name, bool ByInduction);

/// <summary>A host's project.</summary>
/// <param name="Themes">What its slots meet, apart from the induction's own theme.</param>
/// <param name="Room">How many students of this cohort it can take in a part of a day; none where nothing is said.</param>
internal sealed record Project(Guid Id, string Name, bool GivesInduction, IReadOnlySet<Guid> Themes, IReadOnlyDictionary<When, int> Room);

/// <summary>Someone who looks after students.</summary>
/// <param name="Places">How many students they look after at once.</param>
/// <param name="MayInduct">They stand, checked, on the register that the induction asks for.</param>
/// <param name="MaySupervise">They stand, checked, on the register that the projects ask for.</param>
/// <param name="Duty">How many students of this cohort they can take in a part of a day; who is not on duty, none.</param>
internal sealed record Supervisor(Guid Id, string Name, int Places, bool MayInduct, bool MaySupervise, IReadOnlySet<Guid> Projects, IReadOnlyDictionary<When, int> Duty) {
    /// <summary>Since when they are at the host no more, and so can be given nothing; null while they are.</summary>
    internal DateOnly? LeftOn { get; init; }
}

/// <param name="Minutes">What the slots of the timetable come to, exactly.</param>
/// <param name="Inducted">They have been inducted, by no slot of this timetable.</param>
/// <param name="Busy">When they are bound elsewhere.</param>
internal sealed record Student(Guid Id, string Name, DateOnly From, DateOnly To, int Minutes, bool Inducted, IReadOnlySet<When> Busy);

/// <summary>Where a student is in a part of a day, and with whom.</summary>
internal sealed record Slot(Guid StudentId, When When, Guid ProjectId, Guid SupervisorId, bool Induction);

/// <summary>A slot that stays as it is.</summary>
/// <param name="Worked">It has been worked, or its time is over, and is no longer judged; otherwise an officer has pinned it.</param>
internal sealed record Standing(Slot Slot, bool Worked);

/// <summary>
/// All that a timetable is made from. Room and duty are what is left for these students, after those of other cohorts. The order of the lists is the order of
/// what is proposed from them: the same problem has the same timetable.
/// </summary>
/// <param name="MovesADay">At most so many changes of project within a student's day; null when it does not matter.</param>
/// <param name="Before">What they know already: where nothing speaks against it, it stays.</param>
internal sealed record Problem(
    IReadOnlyList<Student> Students, IReadOnlyList<OpenPart> Parts, IReadOnlyList<Project> Projects, IReadOnlyList<Supervisor> Supervisors,
    IReadOnlyList<Theme> Themes, int? MovesADay = null, IReadOnlyList<Standing>? Standing = null, IReadOnlyList<Slot>? Before = null) {
    static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    internal IReadOnlyList<Standing> Stands => Standing ?? [];

    /// <summary>What a project has to meet for a student; the induction meets the others.</summary>
    internal IEnumerable<Theme> ProjectThemes => Themes.Where(t => !t.ByInduction);

    internal string Words(When when) => $"{Words(when.Day)}, {(Parts.FirstOrDefault(p => p.When == when) ?? Parts.FirstOrDefault(p => p.When.Part == when.Part))?.Name.ToLowerInvariant() ?? $"part {when.Part}"}";
    internal static string Words(DateOnly day) => day.ToString("dddd d MMMM yyyy", English);
}
