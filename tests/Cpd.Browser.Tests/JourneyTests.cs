using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>The main job, clicked through in a browser: publish, book, attend, record, prove. Once with script and axe on every page, once without script.</summary>
[Collection(nameof(Journeys))]
public sealed class JourneyTests(Site site) {
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journey_OfficerPublishesManagerBooksPractitionerProves(bool script) {
        var title = script ? "Rhymes and talk" : "Rhymes and talk, without script";
        var start = site.Clock.GetUtcNow().AddDays(14);

        // An officer publishes a course with a session.
        var officer = await site.Visit(script);
        await site.SignIn(officer, "AuthorityOfficer");
        await Check(officer, script);
        await officer.GotoAsync("/manage/courses");
        await Check(officer, script);
        await Click(officer, "Add a course");
        await officer.GetByLabel("Course title").FillAsync(title);
        await officer.GetByLabel("Summary").FillAsync("How rhymes help babies to talk.");
        await officer.GetByLabel("What people will be able to do after the course").FillAsync("Use rhymes every day");
        await officer.GetByLabel("In person").CheckAsync();
        await officer.GetByLabel("Length in minutes").FillAsync("90");
        await officer.GetByLabel("Participatory minutes").FillAsync("60");
        await officer.GetByLabel("Birth to 2").CheckAsync();
        var provider = officer.GetByLabel("Training provider");
        await provider.SelectOptionAsync((await provider.Locator("option", new() { HasText = "Thurrock" }).First.GetAttributeAsync("value"))!);
        await Check(officer, script);
        await Click(officer, "Save as draft");
        await Click(officer, "Publish the course");
        await Check(officer, script);
        await Click(officer, "Add a session");
        await officer.GetByLabel("Day").First.FillAsync($"{start.Day}");
        await officer.GetByLabel("Month").First.FillAsync($"{start.Month}");
        await officer.GetByLabel("Year").First.FillAsync($"{start.Year}");
        await officer.GetByLabel("Start time").FillAsync("10am");
        await officer.GetByLabel("End time").FillAsync("11:30am");
        await officer.GetByLabel("Places").FillAsync("8");
        await officer.GetByLabel("Venue", new() { Exact = true }).FillAsync("Civic Hall");
        await Check(officer, script);
        await Click(officer, "Save as draft");
        await Click(officer, "Publish the session");
        await Check(officer, script);
        var session = officer.Url.Split('/')[^1];

        // Anyone finds it in the catalogue.
        var anyone = await site.Visit(script);
        await anyone.GotoAsync($"/courses?Text={Uri.EscapeDataString(title)}");
        await Check(anyone, script);
        await anyone.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).First.ClickAsync();
        await Check(anyone, script);
        await anyone.GotoAsync($"/sessions/{session}");
        await Check(anyone, script);

        // A manager books two staff: the practitioner of the demonstration and one more.
        var me = site.Demo.GetProperty("accounts").EnumerateArray().First(a => a.GetProperty("role").GetString() == "Practitioner" && a.GetProperty("authority").GetString() == "Thurrock").GetProperty("personId").GetString();
        var manager = await site.Visit(script);
        await site.SignIn(manager, "SettingManager");
        await manager.GotoAsync($"/sessions/{session}");
        await Click(manager, "Book a place");
        await Check(manager, script);
        await manager.Locator($"input[name=PersonIds][value='{me}']").CheckAsync();
        await manager.Locator($"input[name=PersonIds]:not([value='{me}'])").First.CheckAsync();
        await Click(manager, "Continue");
        await Check(manager, script);
        await Click(manager, "Book 2 places");
        await Check(manager, script);
        Assert.Equal(2, await manager.GetByText("Booked", new() { Exact = true }).CountAsync());

        // After the session the officer keeps the register and closes it.
        site.Clock.Set(start.AddDays(1));
        officer = await site.Visit(script);
        await site.SignIn(officer, "AuthorityOfficer");
        await officer.GotoAsync($"/sessions/{session}/register");
        await Check(officer, script);
        foreach (var attended in await officer.GetByLabel("Attended", new() { Exact = true }).AllAsync()) await attended.CheckAsync();
        await Click(officer, "Save and close the register");
        await Check(officer, script);
        Assert.Contains("Closed on", await officer.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await site.Settle();

        // The practitioner sees the minutes and opens the certificate.
        var practitioner = await site.Visit(script);
        await site.SignIn(practitioner, "Practitioner");
        await practitioner.GotoAsync("/my-cpd");
        await Check(practitioner, script);
        var entry = practitioner.Locator("li", new() { Has = practitioner.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }) });
        Assert.Contains("1 hour 30 minutes", await entry.InnerTextAsync(), StringComparison.Ordinal);
        await entry.GetByRole(AriaRole.Link, new() { Name = "Certificate" }).ClickAsync();
        await practitioner.WaitForURLAsync("**/certificates/*");
        await Check(practitioner, script);
        var number = practitioner.Url.Split('/')[^1];

        // The public page verifies it, and tells no name.
        anyone = await site.Visit(script);
        await anyone.GotoAsync("/check");
        await Check(anyone, script);
        await anyone.GetByLabel("Number of the certificate").FillAsync(number.ToUpperInvariant().Replace('-', ' '));
        await Click(anyone, "Check certificate");
        await Check(anyone, script);
        var verified = await anyone.Locator("main").InnerTextAsync();
        Assert.Contains(title, verified, StringComparison.Ordinal);
        Assert.Contains("valid", verified, StringComparison.OrdinalIgnoreCase);

        // The setting and the training provider each export it.
        Assert.Contains(number, await Export(await SignedIn("SettingManager", script), start), StringComparison.Ordinal);
        Assert.Contains(number, await Export(await SignedIn("TrainingProviderOfficer", script), start), StringComparison.Ordinal);
    }

    async Task<IPage> SignedIn(string role, bool script) {
        var page = await site.Visit(script);
        await site.SignIn(page, role);
        return page;
    }

    /// <summary>Downloads the CSV of the export page for the weeks around a day.</summary>
    static async Task<string> Export(IPage page, DateTimeOffset around) {
        await page.GotoAsync("/exports");
        await page.Loaded();
        foreach (var (field, day) in new[] { ("From", around.AddDays(-30)), ("To", around.AddDays(2)) }) {
            await page.Locator($"[name='{field}.Day']").FillAsync($"{day.Day}");
            await page.Locator($"[name='{field}.Month']").FillAsync($"{day.Month}");
            await page.Locator($"[name='{field}.Year']").FillAsync($"{day.Year}");
        }
        await page.GetByLabel("CSV", new() { Exact = false }).First.CheckAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        return await File.ReadAllTextAsync((await download.PathAsync())!);
    }

    static async Task Click(IPage page, string button) =>
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    static Task Check(IPage page, bool script) => page.IsAccessible(script);
}
