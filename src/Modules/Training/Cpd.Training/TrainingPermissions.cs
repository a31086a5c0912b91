namespace Cpd.Training;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class TrainingPermissions {
    internal const string ManageCourses = "training.manage-courses";
    internal const string SeeBookings = "training.see-bookings";
    internal const string Book = "training.book";
    internal const string ApproveBookings = "training.approve-bookings";
    internal const string ChangeBookingRules = "training.change-booking-rules";
    internal const string SeeCharges = "training.see-charges";
    internal const string WaiveCharges = "training.waive-charges";
    internal const string SeeNeeds = "training.see-needs";
    internal const string KeepRegister = "training.keep-register";
    internal const string SeeOwnSessions = "training.see-own-sessions";
    internal const string KeepMaterials = "training.keep-materials";
    /// <summary>What people said of a session after it; a trainer of their own sessions only.</summary>
    internal const string SeeEvaluations = "training.see-evaluations";
    internal const string ChangeEvaluation = "training.change-evaluation";

    internal static readonly IReadOnlyList<string> All = [ManageCourses, SeeBookings, Book, ApproveBookings, ChangeBookingRules, SeeCharges, WaiveCharges, SeeNeeds, KeepRegister, SeeOwnSessions, KeepMaterials, SeeEvaluations, ChangeEvaluation];
}
