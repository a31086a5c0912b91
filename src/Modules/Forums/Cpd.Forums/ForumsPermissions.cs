namespace Cpd.Forums;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class ForumsPermissions {
    internal const string ManageForums = "forums.manage-forums";

    internal static readonly IReadOnlyList<string> All = [ManageForums];
}
