using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>A student logs hours, the supervisor signs them on a phone, the student's CPD record shows them, and the institution takes them away.</summary>
[Collection(nameof(Journeys))]
public sealed class PlacementJourneyTests(Site site) {
    [Fact]
    public async Task Journey_HoursAreLoggedSignedOnAPhoneAndExported() {
        var student = await site.Visit();
        await site.SignIn(student, "Student");
        await student.GotoAsync("/my-placement");
        await student.IsAccessible(script: true);
        await student.Picture("my-placement");
        await student.Locator("h3:has-text('Hours to log') + ul a").First.ClickAsync();
        await student.IsAccessible(script: true);
        await student.GetByLabel("How long you were there").FillAsync("165");
        await student.GetByLabel("What you did, and what you learnt").FillAsync("I followed a baby's gaze and named what she saw.");
        await student.Picture("log-hours");
        await Click(student, "Send to my supervisor");
        Assert.Contains("Your hours have been logged.", await student.Locator("main").InnerTextAsync(), StringComparison.Ordinal);

        // Script off: signing works all the same, and nothing is wider than the phone where it is on.
        foreach (var script in (bool[])[true, false]) {
            var phone = await site.Visit(script, width: 360);
            await site.SignIn(phone, "PlacementHost");
            await phone.GotoAsync("/placement-hours");
            await phone.IsAccessible(script);
            if (script) {
                Assert.Empty(await phone.TooWide());
                await phone.Picture("placement-hours-360");
                continue;
            }
            await phone.Locator(".govuk-checkboxes__item").Filter(new() { HasText = "named what she saw" }).Locator("input").CheckAsync();
            await Click(phone, "Sign off what is ticked");
            Assert.Contains("1 slot signed off.", await phone.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        }

        await site.Settle();
        await student.GotoAsync("/my-cpd");
        Assert.Contains("Baby room, Early years work placements", await student.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await student.GotoAsync("/my-placement");
        await student.GetByRole(AriaRole.Link, new() { Name = "Statement of hours" }).First.ClickAsync();
        await student.IsAccessible(script: true);
        await student.Picture("statement");
        Assert.Contains("2 hours 45 minutes", await student.Locator("main").InnerTextAsync(), StringComparison.Ordinal);

        var institution = await site.Visit();
        await site.SignIn(institution, "InstitutionOfficer");
        await institution.GotoAsync("/placements/totals");
        await institution.IsAccessible(script: true);
        await institution.Picture("placement-year");
        var download = await institution.RunAndWaitForDownloadAsync(() => institution.GetByRole(AriaRole.Button, new() { Name = "Export as CSV" }).ClickAsync());
        var file = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.Contains("Signed minutes", file, StringComparison.Ordinal);
        Assert.Contains(",165,165,", file, StringComparison.Ordinal);
        await institution.GotoAsync("/placements");
        await institution.GetByRole(AriaRole.Link, new() { Name = "Early years work placements" }).First.ClickAsync();
        await institution.GetByRole(AriaRole.Link, new() { Name = "Ambition Hub, Level 2" }).ClickAsync();
        await institution.IsAccessible(script: true);
        await institution.Picture("cohort");
    }

    static async Task Click(IPage page, string name) {
        await page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await page.Loaded();
    }
}
