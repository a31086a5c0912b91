using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>A meeting from its register to the next one's agenda: the quorum on a phone while people come and go, then minutes, and an action that is carried over.</summary>
[Collection(nameof(Journeys))]
public sealed class MeetingJourneyTests(Site site) {
    [Fact]
    public async Task Journey_RegisterWithQuorumOnAPhone_ThenMinutesAndActions() {
        var phone = await site.Visit(width: 360);
        await site.SignIn(phone, "AuthorityOfficer");
        var begins = site.Clock.GetUtcNow();
        // A meeting of today, so that its register can be kept; and one to carry something over to.
        await phone.GotoAsync("/forums");
        await phone.GetByLabel("Local authority").SelectOptionAsync("Thurrock");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Show forums" }).ClickAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Birth to three forum" }).First.ClickAsync();
        var forum = phone.Url.Split('/')[^1].Split('?')[0];
        var today = await Meeting(phone, forum, begins, "00:05", "23:55");
        var next = await Meeting(phone, forum, begins.AddDays(50), "9am", "11am");

        await phone.GotoAsync($"/manage/forums/{forum}/quorum");
        await Look(phone, "quorum");
        await phone.GetByLabel("People in all: at least").FillAsync("2");
        await phone.GetByLabel("Managers: at least").FillAsync("1");
        await Click(phone, "Save");

        await phone.GotoAsync($"/manage/meetings/{today}/register");
        var quorum = phone.Locator("section[aria-labelledby=quorum]");
        Assert.Contains("Not met now", await quorum.InnerTextAsync(), StringComparison.Ordinal);
        await phone.Locator("[data-kept=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Look(phone, "register-before");
        await Tap(phone, "Here", "Penny Applewick");
        await Assertions.Expect(quorum).ToContainTextAsync("Managers: 0 of at least 1");
        await Assertions.Expect(quorum).ToContainTextAsync("People in all: 1 of at least 2");
        // The hall has no network: the page opens all the same, the tap waits on the phone, and the quorum follows when it has been sent.
        await phone.Context.SetOfflineAsync(true);
        await phone.ReloadAsync();
        await Tap(phone, "Here", "Mabel Quillfeather");
        await Assertions.Expect(phone.Locator("#door-status")).ToContainTextAsync("1 mark waits on this phone for a network.");
        await Look(phone, "register-offline");
        await phone.Context.SetOfflineAsync(false);
        await phone.EvaluateAsync("() => { dispatchEvent(new Event('online')); }");
        await Assertions.Expect(quorum).ToContainTextAsync("Met now", new() { Timeout = 30_000 });
        await Assertions.Expect(phone.Locator("#door-status")).ToHaveTextAsync("All marks are sent.");
        await Look(phone, "register-met");
        await Tap(phone, "Left", "Mabel Quillfeather");
        await Assertions.Expect(quorum).ToContainTextAsync("Not met now");
        await Tap(phone, "Undo", "Mabel Quillfeather");
        await Assertions.Expect(quorum).ToContainTextAsync("Met now");
        await Assertions.Expect(phone.Locator("#door-status")).ToHaveTextAsync("All marks are sent.");
        await Click(phone, "Close the register");
        Assert.Contains("2 people were there. The quorum was met.", await phone.Locator(".govuk-notification-banner").InnerTextAsync(), StringComparison.Ordinal);

        var officer = await site.Visit();
        await site.SignIn(officer, "AuthorityOfficer");
        await officer.GotoAsync($"/manage/meetings/{today}/minutes");
        await officer.GetByLabel("Text", new() { Exact = true }).FillAsync("We spoke of sleep, and of song.");
        await Click(officer, "Save the draft");
        await officer.GetByLabel("What is to be done").FillAsync("Bring a song for each age");
        await officer.GetByLabel("Who does it").SelectOptionAsync("Penny Applewick");
        await officer.GetByLabel("Day").FillAsync("1");
        await officer.GetByLabel("Month").FillAsync("3");
        await officer.GetByLabel("Year").FillAsync($"{begins.Year + 1}");
        await Click(officer, "Add the action");
        await Look(officer, "minutes");
        await officer.GetByLabel("The chair").CheckAsync();
        await Click(officer, "The minutes are agreed");
        await Click(officer, "Publish the minutes");
        await officer.GotoAsync($"/manage/meetings/{next}/agenda");
        Assert.Contains("Bring a song for each age", await officer.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await Look(officer, "agenda");

        var anyone = await site.Visit();
        await anyone.GotoAsync($"/meetings/{today}/minutes");
        Assert.Contains("We spoke of sleep, and of song.", await anyone.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await Look(anyone, "minutes-public");

        // Pages of the demonstration's next meeting, for members and officers, at both widths.
        foreach (var (role, addresses) in ((string, string[])[])[
            ("Practitioner", [$"/forums/{forum}/notices"]), ("AuthorityOfficer", [$"/manage/meetings/{today}/papers", $"/manage/meetings/{today}/polls", $"/manage/meetings/{today}/register/times", $"/manage/meetings/{today}/evaluation", $"/manage/forums/{forum}/actions", $"/manage/forums/{forum}/notices", "/manage/themes"])])
            foreach (var width in (int[])[360, 1280]) {
                var page = await site.Visit(width: width);
                await site.SignIn(page, role);
                foreach (var address in addresses) {
                    await page.GotoAsync(address);
                    await Look(page, $"{address.Split('/')[^1]}-{width}");
                }
            }
    }

    static async Task<string> Meeting(IPage page, string forum, DateTimeOffset on, string from, string to) {
        await page.GotoAsync($"/forums/{forum}/meetings/add");
        await page.GetByLabel("Day").FillAsync($"{on.Day}");
        await page.GetByLabel("Month").FillAsync($"{on.Month}");
        await page.GetByLabel("Year").FillAsync($"{on.Year}");
        await page.GetByLabel("Start time").FillAsync(from);
        await page.GetByLabel("End time").FillAsync(to);
        await page.GetByLabel("Where it meets").FillAsync("Library");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add meeting" }).ClickAsync();
        var link = page.GetByRole(AriaRole.Link, new() { Name = $"{on:d MMMM yyyy}, " });
        return (await link.Last.GetAttributeAsync("href"))!.Split('/')[^1];
    }

    static async Task Click(IPage page, string button) {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();
        await page.Loaded();
    }

    static async Task Tap(IPage page, string what, string who) {
        await page.Locator(".app-door__person").Filter(new() { HasText = who }).GetByRole(AriaRole.Button).Filter(new() { HasText = what }).ClickAsync();
        await page.Loaded();
    }

    static async Task Look(IPage page, string name) {
        await page.IsAccessible(script: true);
        Assert.Empty(await page.TooWide());
        await page.Picture($"forum-{name}");
    }
}
