using Cpd.Training.Contracts;

namespace Cpd.Training;

/// <summary>How far a course or session has come: seen by its officers only, by everyone, or called off.</summary>
internal enum Publication { Draft, Published, Cancelled }

/// <summary>Someone's place at a session: theirs, hoped for, or given up.</summary>
internal enum BookingState { Booked, Waiting, Cancelled }

/// <summary>Why someone gave up their place. Moved: to another date of the course, which nobody chooses from the list.</summary>
internal enum CancelCause { Ill, NoCover, Clash, Travel, Left, Mistake, Other, Moved }

/// <summary>The words people read for this vocabulary.</summary>
internal static class TrainingWording {
    internal static IReadOnlyList<CourseMode> Modes { get; } = [CourseMode.InPerson, CourseMode.LiveOnline, CourseMode.SelfStudy];

    internal static string Of(CourseMode mode) => mode switch { CourseMode.InPerson => "In person", CourseMode.LiveOnline => "Live online", _ => "Self-study" };

    internal static string Of(BookingState state) => state == BookingState.Waiting ? "On the waiting list" : state.ToString();

    internal static string Of(Attendance attendance) => attendance switch { Attendance.Attended => "Attended", Attendance.Part => "Attended part", _ => "Did not attend" };

    /// <summary>The reasons that people choose from.</summary>
    internal static IReadOnlyList<CancelCause> CancelCauses { get; } = [CancelCause.Ill, CancelCause.NoCover, CancelCause.Clash, CancelCause.Travel, CancelCause.Left, CancelCause.Mistake, CancelCause.Other];

    internal static string Of(CancelCause cause) => cause switch {
        CancelCause.Ill => "Illness", CancelCause.NoCover => "Nobody can stand in for them", CancelCause.Clash => "Something else at the same time", CancelCause.Travel => "They can't get there",
        CancelCause.Left => "They no longer work here", CancelCause.Mistake => "Booked by mistake", CancelCause.Moved => "Moved to another date", _ => "Another reason",
    };

    internal static string Of(Charges.ChargeKind kind) => kind == Charges.ChargeKind.NoShow ? "Did not come" : "Cancelled late";

    internal static string Colour(Publication state) => state switch { Publication.Draft => "grey", Publication.Published => "green", _ => "red" };

    internal static string Colour(BookingState state) => state switch { BookingState.Booked => "green", BookingState.Waiting => "yellow", _ => "red" };

    internal static string Of(Bookings.Verdict verdict) => verdict switch {
        Bookings.Verdict.Booked => "Got a place", Bookings.Verdict.Offered => "Was offered a place", Bookings.Verdict.Approval => "Manager asked to approve", Bookings.Verdict.Kept => "Place kept for the group",
        Bookings.Verdict.LastCall => "Told that places are open", Bookings.Verdict.Holds => "Has a place kept", Bookings.Verdict.PassedOver => "Passed over", _ => "No place left",
    };

    /// <summary>"5 places left", "Full – join the waiting list".</summary>
    internal static string PlacesLeft(int left) => left > 0 ? $"{Platform.Web.Show.Count(left, "place")} left" : "Full – join the waiting list";
}
