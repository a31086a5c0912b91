namespace Cpd.Forums;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class ForumsPermissions {
    internal const string ManageForums = "forums.manage-forums";

    /// <summary>One's own membership, replies, and what members see of a meeting.</summary>
    internal const string TakePart = "forums.take-part";

    /// <summary>What those who come asked to have arranged: it may tell of their health.</summary>
    internal const string SeeNeeds = "forums.see-needs";

    internal static readonly IReadOnlyList<string> All = [ManageForums, TakePart, SeeNeeds];
}
