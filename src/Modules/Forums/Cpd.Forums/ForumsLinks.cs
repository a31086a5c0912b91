namespace Cpd.Forums;

/// <summary>The addresses of this module.</summary>
internal static class ForumsLinks {
    internal const string List = "/forums";
    internal const string Mine = "/my-forums";
    internal const string AddSeries = "/forums/add";
    internal const string Attendance = "/forums/attendance";
    internal const string Absent = "/forums/absent";
    internal static string Series(Guid id) => $"/forums/{id}";
    internal static string EditSeries(Guid id) => $"/forums/{id}/edit";
    internal static string Authorities(Guid id) => $"/forums/{id}/authorities";
    internal static string Members(Guid id) => $"/forums/{id}/members";
    internal static string Member(Guid id, Guid personId) => $"/forums/{id}/members/{personId}";
    internal static string Membership(Guid id) => $"/forums/{id}/membership";
    internal static string PlanYear(Guid id) => $"/forums/{id}/year";
    internal static string AddMeeting(Guid seriesId) => $"/forums/{seriesId}/meetings/add";
    internal static string Meeting(Guid id) => $"/meetings/{id}";
    internal static string EditMeeting(Guid id) => $"/meetings/{id}/edit";
    internal static string CancelMeeting(Guid id) => $"/meetings/{id}/cancel";
    internal static string Reply(Guid id) => $"/meetings/{id}/reply";
    internal static string ReplyByLink(string token) => $"/reply/{token}";
}
