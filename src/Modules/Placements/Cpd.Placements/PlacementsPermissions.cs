namespace Cpd.Placements;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class PlacementsPermissions {
    internal const string ManagePlacements = "placements.manage-placements";
    internal const string SeePlacements = "placements.see-placements";
    /// <summary>Say what a host offers: its projects, their capacity, who supervises and when.</summary>
    internal const string AnswerForHost = "placements.answer-for-host";
    /// <summary>Send students and confirm their entry checks.</summary>
    internal const string SendStudents = "placements.send-students";
    internal const string SeeHours = "placements.see-hours";
    internal const string LogHours = "placements.log-hours";
    internal const string SignHours = "placements.sign-hours";

    internal static readonly IReadOnlyList<string> All = [ManagePlacements, SeePlacements, AnswerForHost, SendStudents, SeeHours, LogHours, SignHours];
}
