namespace Cpd.Placements;

/// <summary>The addresses of this module.</summary>
internal static class PlacementsLinks {
    internal const string List = "/placements";
    internal const string AddProgramme = "/placements/add";
    internal static string Programme(Guid id) => $"/placements/{id}";
    internal static string AddHost(Guid programmeId) => $"/placements/{programmeId}/hosts/add";
}
