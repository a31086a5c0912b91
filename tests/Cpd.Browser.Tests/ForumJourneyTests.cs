using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>An officer publishes a forum's year in one act; a member apologises from the message, on a phone without signing in, and from the page.</summary>
[Collection(nameof(Journeys))]
public sealed partial class ForumJourneyTests(Site site) {
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journey_YearIsPublished_MemberApologisesFromTheMessageAndFromThePage(bool script) {
        var name = script ? "Two-year-olds forum" : "Outdoor play forum";
        var officer = await site.Visit(script);
        await site.SignIn(officer, "AuthorityOfficer");
        await officer.GotoAsync("/forums");
        await Click(officer, "Add a forum");
        await officer.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await officer.GetByLabel("What it is for").FillAsync("Practitioners share what works.");
        await officer.IsAccessible(script);
        await Click(officer, "Add forum");
        await officer.IsAccessible(script);
        var forum = officer.Url;

        await Click(officer, "Members (0)");
        await officer.GetByLabel("Find someone to add").FillAsync("penny");
        await Click(officer, "Search");
        await officer.IsAccessible(script);
        await officer.GetByRole(AriaRole.Button, new() { Name = "Add Penny Applewick as practitioner" }).ClickAsync();
        Assert.Contains("1 member", await officer.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await officer.IsAccessible(script);

        await officer.GotoAsync(forum);
        await Click(officer, "Plan the year");
        await officer.GetByLabel("Day of the week").SelectOptionAsync("Friday");
        await officer.GetByLabel("When in the term").SelectOptionAsync("End");
        await officer.GetByLabel("Start time", new() { Exact = true }).FillAsync("10am");
        await officer.GetByLabel("End time", new() { Exact = true }).FillAsync("11:30am");
        await Click(officer, "Propose dates");
        await officer.GetByLabel("Where it meets").FillAsync("Civic Hall, RM17 6SL");
        await officer.IsAccessible(script);
        await Click(officer, "Publish the year");
        var published = await officer.Locator("main").InnerTextAsync();
        Assert.Contains("published, and every member is invited", published, StringComparison.Ordinal);
        var meetings = await officer.Locator("main h3").CountAsync();
        Assert.InRange(meetings, 1, 3);
        await officer.IsAccessible(script);

        // The message is opened on a phone where nobody is signed in.
        var link = Link().Match(await site.Mail(name, meetings == 1 ? "You are invited" : "to come")).Value;
        var phone = await site.Visit(script, width: 360);
        await phone.GotoAsync(link);
        Assert.Equal("Reply to the invitation", await phone.Locator("h1").InnerTextAsync());
        await phone.IsAccessible(script);
        if (script) Assert.Empty(await phone.TooWide());
        await phone.GetByLabel("No, I send apologies").CheckAsync();
        await phone.GetByLabel("Why you can't come").FillAsync("We are short of staff");
        await Click(phone, "Send reply");
        Assert.Contains("Your apologies have been noted", await phone.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await phone.IsAccessible(script);

        // From the page: first they come after all, then not.
        var member = await site.Visit(script, width: 360);
        await site.SignIn(member, "Practitioner");
        await member.GotoAsync("/my-forums");
        await member.IsAccessible(script);
        if (script) Assert.Empty(await member.TooWide());
        var section = member.Locator("section").Filter(new() { HasText = name }).First;
        Assert.Contains("Apologies", await section.InnerTextAsync(), StringComparison.Ordinal);
        await section.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Change your reply") }).ClickAsync();
        await member.GetByLabel("Yes, I am coming").CheckAsync();
        await Click(member, "Send reply");
        Assert.Contains("Coming", await section.InnerTextAsync(), StringComparison.Ordinal);
        await section.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Change your reply") }).ClickAsync();
        await member.IsAccessible(script);
        await member.GetByLabel("No, I send apologies").CheckAsync();
        await member.GetByLabel("Why you can't come").FillAsync("The room needs me");
        await Click(member, "Send reply");
        Assert.Contains("Apologies", await section.InnerTextAsync(), StringComparison.Ordinal);

        // Who reads the meeting next sees it.
        await officer.Locator("main h3 a").First.ClickAsync();
        Assert.Contains("0 coming, 1 apology", await officer.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await officer.IsAccessible(script);
    }

    static async Task Click(IPage page, string name) {
        var button = page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await (await button.CountAsync() > 0 ? button.First : page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First).ClickAsync();
        await page.Loaded();
    }

    [GeneratedRegex(@"http://localhost:\d+/reply/\S+")]
    private static partial Regex Link();
}
