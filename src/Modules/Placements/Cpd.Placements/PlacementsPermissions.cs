namespace Cpd.Placements;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class PlacementsPermissions {
    internal const string ManagePlacements = "placements.manage-placements";
    internal const string SeePlacements = "placements.see-placements";

    internal static readonly IReadOnlyList<string> All = [ManagePlacements, SeePlacements];
}
