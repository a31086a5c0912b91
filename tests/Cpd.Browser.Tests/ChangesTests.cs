using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>On a phone: a manager books three staff in at most four pages, and later cancels one of them, with the charge shown before it is made.</summary>
[Collection(nameof(Journeys))]
public sealed class ChangesTests(Site site) {
    const int Phone = 360;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Book_ThreeStaffOnAPhone_TakesAtMostFourPages(bool script) {
        var (page, pages, _) = await BookThree(script);
        Assert.True(pages.Count <= 4, $"{pages.Count} pages: {string.Join(", ", pages)}");
        Assert.Equal(3, await page.GetByText("Booked", new() { Exact = true }).CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_WithinAWeekOnAPhone_ShowsTheChargeBeforeItIsMade(bool script) {
        var (booked, _, starts) = await BookThree(script);
        var booking = await booked.Locator("main tbody a").First.GetAttributeAsync("href");
        site.Clock.Set(starts.AddDays(-3));
        var page = await Manager(script);
        await page.GotoAsync(booking!);
        await Check(page, script);
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel this booking" }).ClickAsync();
        await Check(page, script);
        Assert.Contains("Cancelling now costs £30.", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.GetByRole(AriaRole.Link, new() { Name = "Let a colleague take the place" }).IsVisibleAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the booking for £30" }).ClickAsync();
        await Check(page, script);
        Assert.Contains("Select why you are cancelling", await page.Locator(".govuk-error-summary").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByLabel("Illness").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the booking for £30" }).ClickAsync();
        await Check(page, script);
        Assert.Contains("Charged £30", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);

        // The setting finds it among its charges.
        await page.GotoAsync("/charges");
        await Check(page, script);
        Assert.Contains("£30", await page.Locator("main table").InnerTextAsync(), StringComparison.Ordinal);
        await page.GotoAsync("/cancellations");
        await Check(page, script);

        // Handing the place of another over costs nothing.
        var second = await booked.Locator("main tbody a").Nth(1).GetAttributeAsync("href");
        await page.GotoAsync(second!);
        await page.GetByRole(AriaRole.Link, new() { Name = "Let a colleague take the place" }).ClickAsync();
        await Check(page, script);
        await page.Locator("input[name=PersonId]:not([disabled])").First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Check(page, script);
        await page.GetByRole(AriaRole.Button, new() { Name = "Hand the place over" }).ClickAsync();
        await Check(page, script);
        Assert.Contains("has the place now", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    /// <summary>Gives the page with the answers, the pages seen since the session's own, and when it starts.</summary>
    async Task<(IPage Page, IReadOnlyList<string> Pages, DateTimeOffset Starts)> BookThree(bool script) {
        var (session, starts) = await Session(script);
        var page = await Manager(script);
        var seen = new List<string>();
        async Task Look() {
            seen.Add(new Uri(page.Url).AbsolutePath);
            await Check(page, script);
        }
        await page.GotoAsync($"/sessions/{session}");
        await Look();
        await page.GetByRole(AriaRole.Button, new() { Name = "Book a place" }).ClickAsync();
        await Look();
        var free = page.Locator("input[name=PersonIds]:not([disabled])");
        for (var i = 0; i < 3; i++) await free.Nth(i).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Look();
        Assert.Contains("From", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Book 3 places" }).ClickAsync();
        await Look();
        return (page, seen, starts);
    }

    /// <summary>A new session with room for three, far enough ahead to cost nothing; each on a day of its own.</summary>
    async Task<(string Id, DateTimeOffset Starts)> Session(bool script) {
        var day = DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime).AddDays(30 + 2 * Interlocked.Increment(ref made));
        var officer = await site.Visit(script);
        await site.SignIn(officer, "AuthorityOfficer");
        await officer.GotoAsync("/manage/courses");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Babbling Babies" }).First.ClickAsync();
        await officer.GetByRole(AriaRole.Link, new() { Name = "Add a session", Exact = true }).Or(officer.GetByRole(AriaRole.Button, new() { Name = "Add a session", Exact = true })).First.ClickAsync();
        await officer.GetByLabel("Day").First.FillAsync($"{day.Day}");
        await officer.GetByLabel("Month").First.FillAsync($"{day.Month}");
        await officer.GetByLabel("Year").First.FillAsync($"{day.Year}");
        await officer.GetByLabel("Start time").FillAsync("10am");
        await officer.GetByLabel("End time").FillAsync("11:30am");
        await officer.GetByLabel("Places").FillAsync("12");
        await officer.GetByLabel("Venue", new() { Exact = true }).FillAsync("Civic Hall");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Save as draft" }).ClickAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Publish the session" }).ClickAsync();
        return (officer.Url.Split('/')[^1], new DateTimeOffset(Cpd.Platform.Web.London.ToUtc(day, new TimeOnly(10, 0))));
    }

    static int made;

    async Task<IPage> Manager(bool script) {
        var page = await site.Visit(script, Phone);
        await site.SignIn(page, "SettingManager");
        return page;
    }

    static async Task Check(IPage page, bool script) {
        await page.IsAccessible(script);
        if (script) Assert.Empty(await page.TooWide());
    }
}
