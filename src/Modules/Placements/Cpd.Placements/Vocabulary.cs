using Cpd.People.Contracts;

namespace Cpd.Placements;

/// <summary>The professional register on which a supervisor stands; None for who is on no register, and for "anyone may".</summary>
internal enum Register { None, Nmc, Hcpc, SocialWorkEngland }

/// <summary>Whether a host takes part with a project.</summary>
internal enum ProjectState { Asked, Accepted, Refused }

internal enum StudentState { Active, Withdrawn }

/// <summary>Induction and Project fill a part-day in a host's project; Shadowing and Meeting have a title and times of their own.</summary>
internal enum SlotKind { Induction, Project, Shadowing, Meeting }

internal enum SlotState { Draft, Published, Attended, Missed, Cancelled }

/// <summary>How far the hours of a slot have got: logged by the student, returned by the supervisor, signed off.</summary>
internal enum HoursState { None, Logged, Returned, Signed }

/// <summary>The words people read for these.</summary>
internal static class Words {
    internal static string Of(Register register) => register switch {
        Register.Nmc => "Nursing and Midwifery Council (NMC)", Register.Hcpc => "Health and Care Professions Council (HCPC)", Register.SocialWorkEngland => "Social Work England", _ => "No register",
    };

    internal static string Of(ProjectState state) => state switch { ProjectState.Asked => "Asked", ProjectState.Accepted => "Takes part", _ => "Does not take part" };

    /// <param name="begun">Its time has come.</param>
    internal static string Of(SlotState state, HoursState hours, bool begun) => (state, hours) switch {
        (SlotState.Missed, _) => "Missed", (SlotState.Cancelled, _) => "Cancelled", (SlotState.Draft, _) => "Draft",
        (_, HoursState.Signed) => "Signed off", (_, HoursState.Returned) => "Returned", (_, HoursState.Logged) => "Waits for sign-off",
        (SlotState.Attended, _) => "Attended", _ => begun ? "Not logged yet" : "Planned",
    };

    internal static string Colour(SlotState state, HoursState hours) => (state, hours) switch {
        (SlotState.Missed, _) or (SlotState.Cancelled, _) => "grey", (_, HoursState.Signed) => "green", (_, HoursState.Returned) => "red", (_, HoursState.Logged) => "yellow", _ => "blue",
    };

    /// <summary>The name of the one that was asked for; empty when it is gone.</summary>
    internal static string NameOf(IReadOnlyList<OrganisationCard> found) => found is [var only, ..] ? only.Name : "";

    /// <summary>Monday first.</summary>
    internal static IReadOnlyList<string> Weekdays { get; } = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>1 for Monday to 7 for Sunday.</summary>
    internal static int Weekday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    /// <summary>Where someone is in a slot: the project, or what was arranged by hand.</summary>
    internal static string Place(string? project, string? title) => (project, title) switch { ({ } p, { Length: > 0 } t) => $"{t}, {p}", ({ } p, _) => p, (_, var t) => t ?? "" };
}
