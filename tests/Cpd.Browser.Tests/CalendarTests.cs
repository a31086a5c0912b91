using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>A practitioner makes the address of their calendar, sees it once, and switches it off.</summary>
[Collection(nameof(Journeys))]
public sealed class CalendarTests(Site site) {
    [Theory]
    [InlineData(true, 1280)]
    [InlineData(false, 360)]
    public async Task Calendar_MadeAndSwitchedOff_IsReadWithoutCookiesAndThenGone(bool script, int width) {
        var page = await site.Visit(script, width);
        await site.SignIn(page, "Practitioner");
        await page.GotoAsync("/bookings");
        await page.GetByRole(AriaRole.Link, new() { Name = "See your bookings in your own calendar" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the address" }).WaitForAsync();
        await page.Picture($"your-calendar-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the address" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Copy the address now" }).WaitForAsync();
        await page.IsAccessible(script);
        Assert.Empty(await page.TooWide());
        await page.Picture($"your-calendar-made-{width}");
        var address = new Uri((await page.Locator("code").InnerTextAsync()).Trim());
        using var calendar = new HttpClient { BaseAddress = new Uri(site.Address) };
        Assert.StartsWith("BEGIN:VCALENDAR", await calendar.GetStringAsync(new Uri(address.AbsolutePath, UriKind.Relative)), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch it off" }).ClickAsync();
        await page.GetByText("The address has been switched off").WaitForAsync();
        await page.Picture($"your-calendar-off-{width}");
        await page.IsAccessible(script);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await calendar.GetAsync(new Uri(address.AbsolutePath, UriKind.Relative))).StatusCode);
    }
}
