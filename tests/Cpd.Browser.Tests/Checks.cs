using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

static class Checks {
    /// <summary>
    /// Waits for the page that a click has led to. When its event comes just as Playwright begins to wait, Playwright can miss it and wait for ever; so after a while
    /// the page is taken as it is, and what is asked of it next says whether it is the right one.
    /// </summary>
    public static async Task Loaded(this IPage page) {
        try {
            await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded, new() { Timeout = 5000 });
        } catch (TimeoutException) { }
    }

    /// <summary>Fails on any violation that axe finds. Axe is itself a script: where scripts are off, the page is checked in the visit that has them.</summary>
    public static async Task IsAccessible(this IPage page, bool script) {
        await page.Loaded();
        Assert.DoesNotContain("problem with the service", await page.TitleAsync(), StringComparison.Ordinal);
        if (!script) return;
        var found = await page.Violations();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>What axe finds, each with its rule and the elements. Frames are left out: those that show a message run no script, not even axe.</summary>
    public static async Task<IReadOnlyList<string>> Violations(this IPage page) {
        // Axe is run here and not by its package for Playwright, which opens an empty page for every check, to put the findings of frames together.
        await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { iframes: false, resultTypes: ["violations"] })).violations
                .map(v => `${location.href}: ${v.id}: ${v.help}: ${v.nodes.map(n => n.html).join(" | ")}`)
            """);
    }

    /// <summary>Leaves a picture of the whole page in the folder that CPD_SCREENSHOTS names, if it names one.</summary>
    public static async Task Picture(this IPage page, string name) {
        if (Environment.GetEnvironmentVariable("CPD_SCREENSHOTS") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>A sentence when something is wider than the window, so that a reader on a phone would have to scroll sideways.</summary>
    public static async Task<IReadOnlyList<string>> TooWide(this IPage page) {
        var widths = await page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        return widths[0] <= widths[1] ? [] : [$"{page.Url} is {widths[0]} wide in a window of {widths[1]}"];
    }
}
