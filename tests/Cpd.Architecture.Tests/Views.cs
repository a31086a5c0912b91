namespace Cpd.Architecture.Tests;

/// <summary>Razor knows a page by its path below its project alone: of two projects that have one at the same path only one is ever shown, and the other's address is not found.</summary>
static class Views {
    public static IReadOnlyList<string> Problems(IEnumerable<string> files) => [.. files
        .Where(f => !f.EndsWith("/_ViewImports.cshtml", StringComparison.Ordinal))
        .GroupBy(f => string.Join('/', f.Split('/').Skip(f.StartsWith("src/Modules/", StringComparison.Ordinal) ? 4 : 2)))
        .Where(g => g.Count() > 1)
        .Select(g => $"{string.Join(" and ", g)} have one path, so that only one of them is shown")];
}

public class ViewsTests {
    [Fact]
    public void Views_OfAllProjects_HavePathsOfTheirOwn() {
        var files = Product.Files("src", "*.cshtml").Keys.ToList();
        Assert.True(files.Count > 100, $"only {files.Count} views");
        Expect.None(Views.Problems(files));
    }

    [Fact]
    public void Views_OfOnePathInTwoProjects_AreNamed() {
        var problem = Assert.Single(Views.Problems(["src/Modules/A/Cpd.A/Needs/List.cshtml", "src/Modules/B/Cpd.B/Needs/List.cshtml", "src/Platform/Needs/Keep.cshtml", "src/Modules/A/Cpd.A/_ViewImports.cshtml", "src/Modules/B/Cpd.B/_ViewImports.cshtml"]));
        Assert.StartsWith("src/Modules/A/Cpd.A/Needs/List.cshtml and src/Modules/B/Cpd.B/Needs/List.cshtml have one path", problem, StringComparison.Ordinal);
    }
}
