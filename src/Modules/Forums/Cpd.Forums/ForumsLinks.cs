namespace Cpd.Forums;

/// <summary>The addresses of this module.</summary>
internal static class ForumsLinks {
    internal const string List = "/forums";
    internal const string Ended = "/forums?Ended=true";
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
    /// <summary>The form of another meeting like one that is full.</summary>
    internal static string SecondMeeting(Guid seriesId, Guid firstId) => $"{AddMeeting(seriesId)}?SecondOf={firstId}";
    internal static string Meeting(Guid id) => $"/meetings/{id}";
    internal static string EditMeeting(Guid id) => $"/meetings/{id}/edit";
    internal static string CancelMeeting(Guid id) => $"/meetings/{id}/cancel";
    internal static string Join(Guid id) => $"/meetings/{id}/join";
    internal static string Reply(Guid id) => $"/meetings/{id}/reply";
    internal static string ReplyByLink(string token) => $"/reply/{token}";

    // What is done before, at and after a meeting, and between meetings.
    internal const string Themes = "/manage/themes";
    internal static string KeepAgenda(Guid meetingId) => $"/manage/meetings/{meetingId}/agenda";
    internal static string KeepPapers(Guid meetingId) => $"/manage/meetings/{meetingId}/papers";
    internal static string Papers(Guid meetingId) => $"/meetings/{meetingId}/papers";
    internal static string Paper(Guid id) => $"/papers/{id}";
    internal static string PapersByLink(string token) => $"/meeting-papers/{token}";
    internal static string PaperByLink(string token, Guid id) => $"/meeting-papers/{token}/files/{id}";
    internal static string KeepPolls(Guid meetingId) => $"/manage/meetings/{meetingId}/polls";
    internal static string Vote(Guid meetingId) => $"/meetings/{meetingId}/vote";
    internal static string Register(Guid meetingId) => $"/manage/meetings/{meetingId}/register";
    internal static string Needs(Guid meetingId) => $"/manage/meetings/{meetingId}/needs";
    internal static string PrintRegister(Guid meetingId) => $"/manage/meetings/{meetingId}/register/print";
    internal static string TypedTimes(Guid meetingId) => $"/manage/meetings/{meetingId}/register/times";
    internal static string EndSeries(Guid id) => $"/manage/forums/{id}/end";
    internal static string Quorum(Guid seriesId) => $"/manage/forums/{seriesId}/quorum";
    internal static string KeepMinutes(Guid meetingId) => $"/manage/meetings/{meetingId}/minutes";
    internal static string Minutes(Guid meetingId) => $"/meetings/{meetingId}/minutes";
    internal static string Actions(Guid seriesId) => $"/manage/forums/{seriesId}/actions";
    internal static string Action(Guid id) => $"/manage/actions/{id}";
    internal static string Evaluation(Guid meetingId) => $"/manage/meetings/{meetingId}/evaluation";
    internal static string EvaluationByLink(string token) => $"/meeting-evaluations/{token}";
    internal static string Notices(Guid seriesId) => $"/forums/{seriesId}/notices";
    internal static string Notice(Guid id) => $"/notices/{id}";
    internal static string ModerateNotices(Guid seriesId) => $"/manage/forums/{seriesId}/notices";
    /// <summary>People's pages of an authority's terms and closed days, and of its people.</summary>
    internal const string Calendar = "/calendar";
    internal const string People = "/people";
    /// <summary>Training's page of a course.</summary>
    internal static string Course(Guid id) => $"/courses/{id}";
}
