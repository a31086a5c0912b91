namespace Cpd.Forums;

/// <summary>The addresses of this module.</summary>
internal static class ForumsLinks {
    internal const string List = "/forums";
    internal const string AddSeries = "/forums/add";
    internal static string Series(Guid id) => $"/forums/{id}";
    internal static string AddMeeting(Guid seriesId) => $"/forums/{seriesId}/meetings/add";
}
