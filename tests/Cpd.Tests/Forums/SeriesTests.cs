using System.Net;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Meetings;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Web;

namespace Cpd.Tests.Forums;

/// <summary>The public list of forums and a forum with its meetings, on the page and as JSON.</summary>
public sealed class SeriesTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_Anyone_SeesNextToMeetFirst() {
        var officer = await app.Given.Officer(await app.Given.Authority("Torbay"));
        await Series(officer, "Without a meeting");
        await Series(officer, "Meets in spring", new DateOnly(2027, 3, 4));
        await Series(officer, "Meets in autumn", new DateOnly(2026, 11, 12));
        await Series(officer, "Has met", new DateOnly(2026, 6, 3));
        var page = await app.Browser().Get($"/forums?AuthorityId={officer.Grants[0].OrganisationId}");
        Assert.Equal(["Meets in autumn", "Meets in spring", "Has met", "Without a meeting"], page.Document.QuerySelectorAll("main h3").Select(h => h.TextContent));
        Assert.Contains("Torbay. All ages. Next meeting 12 November 2026 at 4pm", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Add a forum", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FilterSent_ShowsThatAuthorityAloneAndKeepsTheChoice() {
        await Series(await app.Given.Officer(await app.Given.Authority("Kent")), "Kent forum");
        await Series(await app.Given.Officer(await app.Given.Authority("Dorset")), "Dorset forum");
        var list = await app.Browser().Get("/forums");
        // The form is sent as it stands on the page, so that the field's name and the page's agree.
        var name = list.Document.QuerySelector("main form[method=get] select")!.GetAttribute("name");
        var page = await app.Browser().Get($"/forums?{name}={await app.Given.Authority("Kent")}");
        Assert.Equal(["Kent forum"], page.Document.QuerySelectorAll("main h3").Select(h => h.TextContent));
        Assert.Equal("Kent", page.Document.QuerySelector("main option[selected]")!.TextContent);
    }

    [Fact]
    public async Task Get_AuthorityWithoutForums_SaysWhatToDo() {
        var page = await app.Browser().Get($"/forums?AuthorityId={await app.Given.Authority("Rutland")}");
        Assert.Equal("No forums yet", page.Document.QuerySelector(".app-empty__title")!.TextContent);
        Assert.Contains("Choose another local authority", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_MoreThanAPage_TurnsPagesAndReadsOnWithACursor() {
        var authority = await app.Given.Authority("Leeds");
        var officer = await app.Given.Officer(authority);
        for (var i = 100; i <= 200; i++) {
            app.Clock.Set(app.Clock.GetUtcNow().AddMilliseconds(1)); // Ids keep their order to the millisecond.
            await Series(officer, $"Forum {i}");
        }
        var first = await app.Browser().Get($"/forums?AuthorityId={authority}");
        Assert.Equal("Forums (page 1 of 6) - CPD for early years", first.Document.Title);
        var link = first.Document.QuerySelector(".govuk-pagination__next a")!.GetAttribute("href")!;
        var second = await app.Browser().Get(link);
        Assert.Equal("Forums (page 2 of 6) - CPD for early years", second.Document.Title);
        Assert.Equal("Forum 120", second.Document.QuerySelector("main h3")!.TextContent);

        var part = await Json($"/api/v1/forums?authorityId={authority}");
        Assert.Equal(100, part.GetProperty("items").GetArrayLength());
        var rest = await Json($"/api/v1/forums?authorityId={authority}&after={part.GetProperty("next").GetGuid()}");
        Assert.Equal("Forum 200", Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Get_Series_PutsMeetingsAheadAndHeldApart() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await Series(officer, "Ahead and held", new DateOnly(2026, 11, 12), new DateOnly(2026, 6, 3), new DateOnly(2026, 3, 4), new DateOnly(2024, 3, 4));
        var page = await app.Browser().Get(ForumsLinks.Series(series));
        Assert.Equal(["12 November 2026, 4pm to 5pm"], page.Document.QuerySelectorAll("main h3").Select(h => h.TextContent));
        Assert.Contains("Meetings held 3 June 2026, 4pm to 5pm: Schemas 4 March 2026, 4pm to 5pm: Schemas", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("2024", page.Words, StringComparison.Ordinal);
        var json = await Json($"/api/v1/forums/{series}");
        Assert.Equal("2026-11-12T16:00:00Z", Assert.Single(json.GetProperty("ahead").EnumerateArray()).GetProperty("startsAt").GetString());
        Assert.Equal(2, json.GetProperty("held").GetArrayLength());
    }

    [Fact]
    public async Task Get_SeriesOfAbolishedAuthority_IsStillShown() {
        var authority = await app.Given.Authority("Cumberland");
        var series = await Series(await app.Given.Officer(authority), "Outlives its authority");
        await app.Database(db => db.Execute("UPDATE people_Authority SET ToOn = @on WHERE Id = @authority", new { authority, on = new DateOnly(2026, 9, 30) }, default));
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(ForumsLinks.Series(series))).Status);
    }

    [Fact]
    public async Task Get_NoSuchSeries_IsNotFound() {
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get(ForumsLinks.Series(Guid.Empty))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get("/api/v1" + ForumsLinks.Series(Guid.Empty))).Status);
    }

    [Fact]
    public async Task Get_Officer_MayAdd_OnlyToOwnSeries() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (mine, other) = (await Series(officer, "Mine to keep"), await Series(await app.Given.Officer(await app.Given.Authority("Blackpool")), "Not mine"));
        var browser = await app.Browser(officer);
        Assert.Contains("Add a forum", (await browser.Get("/forums")).Words, StringComparison.Ordinal);
        Assert.Contains("Add a meeting", (await browser.Get(ForumsLinks.Series(mine))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Add a meeting", (await browser.Get(ForumsLinks.Series(other))).Words, StringComparison.Ordinal);
    }

    async Task<Guid> Series(Actor officer, string name, params DateOnly[] days) {
        var series = await app.Send(officer, new AddSeries.Command(officer.Grants[0].OrganisationId, name, "What works.", AgeRanges.None));
        foreach (var day in days) await app.Send(officer, new AddMeeting.Command(series, day, new TimeOnly(16, 0), new TimeOnly(17, 0), "Library", "Schemas"));
        return series;
    }

    async Task<JsonElement> Json(string address) {
        var page = await app.Browser().Get(address);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return JsonDocument.Parse(page.Text).RootElement;
    }
}
