using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

static class Checks {
    /// <summary>Fails on any violation that axe finds, naming rule and element. Axe is itself a script: where scripts are off, the page is checked in the visit that has them.</summary>
    public static async Task IsAccessible(this IPage page, bool script) {
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
        Assert.DoesNotContain("problem with the service", await page.TitleAsync(), StringComparison.Ordinal);
        if (!script) return;
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length == 0, $"{page.Url}: " + string.Join("\n", result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }

    /// <summary>Fails when something is wider than the window, so that a reader on a phone would have to scroll sideways.</summary>
    public static async Task FitsItsWidth(this IPage page) {
        var widths = await page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.True(widths[0] <= widths[1], $"{page.Url} is {widths[0]} wide in a window of {widths[1]}");
    }
}
