using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>Someone who waits is offered a place and takes it on a phone, with one button behind the link of the message and without signing in.</summary>
[Collection(nameof(Journeys))]
public sealed partial class OfferJourneyTests(Site site) {
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journey_PlaceBecomesFree_IsAcceptedFromTheMessage(bool script) {
        var start = site.Clock.GetUtcNow().AddDays(40);
        var officer = await site.Visit(script);
        await site.SignIn(officer, "AuthorityOfficer");
        await officer.GotoAsync("/manage/courses");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Babbling Babies" }).First.ClickAsync();
        await Click(officer, "Add a session");
        await officer.GetByLabel("Day").First.FillAsync($"{start.Day}");
        await officer.GetByLabel("Month").First.FillAsync($"{start.Month}");
        await officer.GetByLabel("Year").First.FillAsync($"{start.Year}");
        await officer.GetByLabel("Start time").FillAsync(script ? "10am" : "2pm");
        await officer.GetByLabel("End time").FillAsync(script ? "11:30am" : "3:30pm");
        await officer.GetByLabel("Places").FillAsync("1");
        await officer.GetByLabel("Venue", new() { Exact = true }).FillAsync("Civic Hall");
        await Click(officer, "Save as draft");
        await Click(officer, "Publish the session");
        var session = officer.Url.Split('/')[^1];

        // Two want the one place: the manager books a colleague, then the practitioner of the demonstration, who waits.
        var me = site.Demo.GetProperty("accounts").EnumerateArray().First(a => a.GetProperty("role").GetString() == "Practitioner" && a.GetProperty("authority").GetString() == "Thurrock").GetProperty("personId").GetString();
        var manager = await site.Visit(script);
        await site.SignIn(manager, "SettingManager");
        await manager.GotoAsync($"/sessions/{session}/book");
        await manager.Locator($"input[name=PersonIds]:not([value='{me}'])").First.CheckAsync();
        await Click(manager, "Continue");
        await Click(manager, "Book 1 place");
        var booked = manager.Url.Split('?')[0];
        await manager.GotoAsync($"/sessions/{session}/book");
        await manager.Locator($"input[name=PersonIds][value='{me}']").CheckAsync();
        await Click(manager, "Continue");
        await manager.IsAccessible(script);
        await Click(manager, "Join the waiting list");
        await manager.IsAccessible(script);
        var reference = await manager.Locator(".govuk-panel strong").InnerTextAsync();

        await manager.GotoAsync(booked + "/cancel");
        await manager.GetByLabel("Illness").CheckAsync();
        await Click(manager, "Cancel the booking");

        // The message is opened on a phone where nobody is signed in.
        var link = Link().Match(await site.Mail("A place has become free and is kept for you", reference)).Value;
        var phone = await site.Visit(script, width: 360);
        await phone.GotoAsync(link);
        Assert.Equal("A place is free for you", await phone.Locator("h1").InnerTextAsync());
        await phone.IsAccessible(script);
        if (script) Assert.Empty(await phone.TooWide());
        await Click(phone, "Accept the place");
        Assert.Equal("You have a place", await phone.Locator("h1").InnerTextAsync());
        await phone.IsAccessible(script);

        // Who reads the booking next sees that it is one, and how it came about.
        await officer.GotoAsync($"/manage/sessions/{session}");
        await officer.IsAccessible(script);
        Assert.Contains("1 of 1 taken", await officer.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await officer.GetByRole(AriaRole.Link, new() { Name = "How free places were given out" }).ClickAsync();
        await officer.IsAccessible(script);
        Assert.Contains("Was offered a place", await officer.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    static async Task Click(IPage page, string name) {
        var button = page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await (await button.CountAsync() > 0 ? button.First : page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First).ClickAsync();
        await page.Loaded();
    }

    [GeneratedRegex(@"http://localhost:\d+/waiting/\S+")]
    private static partial Regex Link();
}
