using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>An officer changes a student's part of a timetable by hand, is told what is not right, pins what is, plans the rest again around it and publishes.</summary>
[Collection(nameof(Journeys))]
public sealed class TimetableJourneyTests(Site site) {
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journey_TimetableIsEditedPlannedAgainAndPublished(bool script) {
        var page = await site.Visit(script);
        await site.SignIn(page, "AuthorityOfficer", "Bradford");
        await page.GotoAsync("/placements");
        await page.GetByRole(AriaRole.Link, new() { Name = "Midwifery placements" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Midwifery year 2" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Timetable", Exact = true }).ClickAsync();
        await page.IsAccessible(script);
        if (script) await page.Picture("timetable");
        Assert.Contains("Published on", await Words(page), StringComparison.Ordinal);

        await Click(page, "Change by hand");
        Assert.Contains("This is a draft.", await Words(page), StringComparison.Ordinal);
        // The last of them comes in August.
        await page.Locator("tbody th a").Last.ClickAsync();
        await page.IsAccessible(script);
        await page.SetViewportSizeAsync(360, 800);
        if (script) Assert.Empty(await page.TooWide());
        if (script) await page.Picture("timetable-edit-360");
        await page.SetViewportSizeAsync(1280, 900);
        var first = page.Locator("select[name='Parts[0].Place']");
        var place = await first.InputValueAsync();
        await first.SelectOptionAsync("");
        await Click(page, "Check only");
        await page.IsAccessible(script);
        if (script) await page.Picture("timetable-edit-wrong");
        Assert.True(await page.Locator(".govuk-error-summary").IsVisibleAsync());
        // What was typed is still there, and nothing was saved.
        Assert.Equal("", await first.InputValueAsync());
        await first.SelectOptionAsync(place);
        await page.Locator("input[type=checkbox][name='Parts[0].Pinned']").CheckAsync();
        await Click(page, "Save");
        Assert.Contains("has been saved.", await Words(page), StringComparison.Ordinal);
        Assert.Contains("1 pinned", await Words(page), StringComparison.Ordinal);

        await Click(page, "Plan again around what is pinned");
        Assert.Contains("1 pinned", await Words(page), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "week", Exact = true }).ClickAsync();
        await page.IsAccessible(script);
        if (script) await page.Picture("timetable-week");
        await Click(page, "Publish");
        Assert.Contains("Published on", await Words(page), StringComparison.Ordinal);
        Assert.DoesNotContain("This is a draft.", await Words(page), StringComparison.Ordinal);
    }

    static Task<string> Words(IPage page) => page.Locator("main").InnerTextAsync();

    static async Task Click(IPage page, string name) {
        await page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await page.Loaded();
    }
}
