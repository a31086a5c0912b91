namespace Cpd.Tests;

/// <summary>What the walk needs to know of addresses: whose row stands for an id, and what a program sends.</summary>
static class AccessSamples {
    /// <summary>By the beginning of the address, the first that fits: a query for a row that belongs to @Authority, or the text itself.</summary>
    public static readonly Dictionary<string, string> ById = new() {
        ["/forums/{"] = "SELECT Id FROM forums_Series WHERE AuthorityId = @Authority",
        ["/api/v1/forums/{"] = "SELECT Id FROM forums_Series WHERE AuthorityId = @Authority",
        ["/placements/{"] = "SELECT Id FROM placements_Programme WHERE AuthorityId = @Authority",
        ["/api/v1/placements/{"] = "SELECT Id FROM placements_Programme WHERE AuthorityId = @Authority",
        ["/error/"] = "404",
    };

    /// <summary>Pages behind a permission whose rows belong to everyone.</summary>
    public static readonly HashSet<string> Shared = [];
    public static readonly HashSet<string> SharedPosts = [];

    /// <summary>Left out of the walk, with the reason.</summary>
    public static readonly HashSet<string> Left = [
        "/error/{code:int}", // answers every request with the status it was asked for
    ];

    public static string Query(string template) => template.Contains("/exports/", StringComparison.Ordinal) ? "?from=2026-01-01&to=2026-12-31&format=json" : "";

    public static object? Body(string method, string template, Dictionary<string, string> ids) => null;

    /// <summary>Endpoints that answer for each person: someone else's is refused in the answer.</summary>
    public static bool AnswersEachPerson(string method, string template) => method == "POST" && template.EndsWith("/bookings", StringComparison.Ordinal);
}
