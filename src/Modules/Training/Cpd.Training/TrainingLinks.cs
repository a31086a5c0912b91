namespace Cpd.Training;

/// <summary>The addresses of this module.</summary>
internal static class TrainingLinks {
    internal const string Catalogue = "/courses";
    internal const string Bookings = "/bookings";
    internal const string StaffBookings = "/bookings?whose=staff";
    internal const string Approvals = "/approvals";
    internal const string BookingRules = "/manage/booking-rules";
    internal const string ChangeRules = "/manage/change-rules";
    internal const string Charges = "/charges";
    internal const string Cancellations = "/cancellations";
    internal const string StaffRelease = "/staff-release";
    internal const string MyNeeds = "/my-needs";
    internal const string Registers = "/registers";
    internal const string ManagedCourses = "/manage/courses";
    internal const string AddCourse = "/manage/courses/add";
    internal const string Venues = "/manage/venues";
    internal const string AddVenue = "/manage/venues/add";

    internal static string Venue(Guid id) => $"/manage/venues/{id}";

    internal static string Course(Guid id) => $"/courses/{id}";
    internal static string Session(Guid id) => $"/sessions/{id}";
    internal static string Book(Guid sessionId) => $"/sessions/{sessionId}/book";
    internal static string Register(Guid sessionId) => $"/sessions/{sessionId}/register";
    internal const string RegisterRules = "/manage/register-rules";
    internal static string Door(Guid sessionId) => $"/sessions/{sessionId}/door";
    internal static string TypedTimes(Guid sessionId) => $"/sessions/{sessionId}/register/times";
    internal static string PrintedRegister(Guid sessionId) => $"/sessions/{sessionId}/register/print";
    internal static string Badges(Guid sessionId) => $"/sessions/{sessionId}/badges";
    internal static string Join(Guid sessionId) => $"/sessions/{sessionId}/join";
    /// <summary>What the code on a confirmation or badge holds: any phone's camera opens it, and the page at the door reads the reference at its end.</summary>
    internal static string Scan(string reference) => $"/scan/{reference}";
    internal const string OwnSessions = "/my-sessions";
    internal static string OwnSession(Guid id) => $"/my-sessions/{id}";
    internal static string Materials(Guid sessionId) => $"/sessions/{sessionId}/materials";
    internal static string Material(Guid id) => $"/materials/{id}";
    internal static string Booking(Guid id) => $"/bookings/{id}";
    internal static string Calendar(Guid bookingId) => $"/bookings/{bookingId}/calendar.ics";
    /// <summary>Another module's page: the address from which a calendar reads all that somebody has booked.</summary>
    internal const string YourCalendar = "/your-calendar";
    internal static string Answer(string token) => $"/waiting/{token}";
    internal static string Approval(Guid bookingId) => $"/approvals/{bookingId}";
    internal static string Instead(string token) => $"/instead/{token}";
    internal static string CancelByLink(string token) => $"/cancel/{token}";
    internal static string JoinByLink(string token) => $"/join/{token}";
    internal static string CalendarByLink(string token) => $"/add-to-calendar/{token}";
    internal const string EvaluationRules = "/manage/evaluation";
    internal static string Evaluation(string token) => $"/evaluations/{token}";
    internal static string Impact(string token) => $"/impact/{token}";
    internal static string SessionEvaluation(Guid sessionId) => $"/sessions/{sessionId}/evaluation";
    internal static string CourseEvaluation(Guid courseId) => $"/courses/{courseId}/evaluation";
    internal static string CancelBooking(Guid id) => $"/bookings/{id}/cancel";
    internal static string Substitute(Guid bookingId) => $"/bookings/{bookingId}/substitute";
    internal static string Move(Guid bookingId) => $"/bookings/{bookingId}/move";
    internal static string Questions(Guid bookingId) => $"/bookings/{bookingId}/questions";
    internal static string Needs(Guid sessionId) => $"/sessions/{sessionId}/needs";
    internal static string SessionQuestions(Guid sessionId) => $"/manage/sessions/{sessionId}/questions";
    internal static string WaiveCharge(Guid id) => $"/charges/{id}";

    internal static string ManagedCourse(Guid id) => $"/manage/courses/{id}";
    internal static string EditCourse(Guid id) => $"/manage/courses/{id}/edit";
    internal static string CancelCourse(Guid id) => $"/manage/courses/{id}/cancel";
    internal static string AddSession(Guid courseId) => $"/manage/courses/{courseId}/sessions/add";
    internal static string ManagedSession(Guid id) => $"/manage/sessions/{id}";
    internal static string EditSession(Guid id) => $"/manage/sessions/{id}/edit";
    internal static string CopySession(Guid id) => $"/manage/sessions/{id}/copy";
    internal static string CancelSession(Guid id) => $"/manage/sessions/{id}/cancel";
    internal static string SessionRules(Guid id) => $"/manage/sessions/{id}/rules";
    internal static string Decisions(Guid sessionId) => $"/manage/sessions/{sessionId}/decisions";
    internal static string SignIn(string returnTo) => $"/sign-in?returnUrl={Uri.EscapeDataString(returnTo)}";

    /// <summary>The venue's own map link or, without one, a map of the address by OpenStreetMap; empty for a session that has no venue.</summary>
    internal static string Map(string? mapLink, params string[] address) => mapLink is { Length: > 0 } ? mapLink
        : string.Join(", ", address.Where(t => t.Length > 0)) is { Length: > 0 } text ? $"https://www.openstreetmap.org/search?query={Uri.EscapeDataString(text)}" : "";
}
