using System.Net;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Web;

namespace Cpd.Tests.Placements;

/// <summary>The list of programmes and a programme: who sees which, on the page and as JSON.</summary>
public sealed class ProgrammesTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() {
        foreach (var address in (string[])["/placements", $"/placements/{Guid.Empty}"])
            Assert.StartsWith("/sign-in", new Uri((await app.Browser().Get(address)).Response.Headers.Location!.ToString()).PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetApi_NoKey_IsUnauthorised() {
        foreach (var address in (string[])["/api/v1/placements", $"/api/v1/placements/{Guid.Empty}"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Browser().Get(address)).Status);
    }

    [Fact]
    public async Task Get_WrongRole_IsForbidden() {
        var practitioner = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        var (browser, api) = (await app.Browser(practitioner), await app.Api(practitioner));
        foreach (var address in (string[])["/placements", $"/placements/{Guid.Empty}"]) {
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.Get(address)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/api/v1" + address)).StatusCode);
        }
    }

    [Fact]
    public async Task Get_OtherAuthoritysOfficer_FindsNothing() {
        var programme = await Programme(await app.Given.Officer(await app.Given.Authority()), "Thurrock's own");
        var other = await app.Given.Officer(await app.Given.Authority("Blackburn with Darwen"));
        var (browser, api) = (await app.Browser(other), await app.Api(other));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(PlacementsLinks.Programme(programme))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/api/v1" + PlacementsLinks.Programme(programme))).StatusCode);
        Assert.Equal("No placement programmes yet", (await browser.Get("/placements")).Document.QuerySelector(".app-empty__title")!.TextContent);
        Assert.Empty((await Json(api, "/api/v1/placements")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Get_Host_SeesOwnProgrammesAndProjectsOnly() {
        var officer = await app.Given.Officer(await app.Given.Authority("Luton"));
        var (mine, theirs) = (await app.Given.Organisation(OrganisationKind.PlacementHost, "Acorn library"), await app.Given.Organisation(OrganisationKind.PlacementHost, "Beech family hub"));
        var shared = await Programme(officer, "Both take part");
        var alone = await Programme(officer, "Beech alone");
        await app.Send(officer, new AddHost.Command(shared, mine, "Story time", 3));
        await app.Send(officer, new AddHost.Command(shared, theirs, "Baby room", 5));
        await app.Send(officer, new AddHost.Command(alone, theirs, "Garden", 7));
        var host = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, mine);
        var (browser, api) = (await app.Browser(host), await app.Api(host));

        var list = await browser.Get("/placements");
        Assert.Equal("1 programme", list.Document.QuerySelector("main h2")!.TextContent);
        Assert.Contains("Your organisation takes 3 students at once", list.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Add a placement programme", list.Words, StringComparison.Ordinal);
        var page = await browser.Get(PlacementsLinks.Programme(shared));
        Assert.Contains("Your projects", page.Words, StringComparison.Ordinal);
        Assert.Contains("Story time", page.Words, StringComparison.Ordinal);
        Assert.Contains("Room for 3 students at once", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Beech", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Add a host", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(PlacementsLinks.Programme(alone))).Status);

        var item = Assert.Single((await Json(api, "/api/v1/placements")).GetProperty("items").EnumerateArray());
        Assert.Equal((shared, 1, 3), (item.GetProperty("id").GetGuid(), item.GetProperty("hosts").GetInt32(), item.GetProperty("capacity").GetInt32()));
        var one = await Json(api, $"/api/v1/placements/{shared}");
        Assert.Equal("Story time", Assert.Single(one.GetProperty("hosts").EnumerateArray()).GetProperty("project").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/v1/placements/{alone}")).StatusCode);

        var whole = await (await app.Browser(officer)).Get(PlacementsLinks.Programme(shared));
        Assert.Equal(["Acorn library", "Beech family hub"], whole.Document.QuerySelectorAll("tbody th").Select(h => h.TextContent));
        Assert.Contains("Room for 8 students at once", whole.Words, StringComparison.Ordinal);
        Assert.Contains("2 hosts, with room for 8 students at once", (await (await app.Browser(officer)).Get("/placements")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HostWithoutProgramme_IsToldWhenOneAppears() {
        var host = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, "Idle museum"));
        Assert.Contains("as soon as a local authority adds your organisation", (await (await app.Browser(host)).Get("/placements")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Administrator_SeesEveryAuthoritys() {
        await Programme(await app.Given.Officer(await app.Given.Authority("Kent")), "In Kent", 2100);
        await Programme(await app.Given.Officer(await app.Given.Authority("Dorset")), "In Dorset", 2100);
        var words = (await (await app.Browser(await app.Given.Administrator())).Get("/placements")).Words;
        Assert.Contains("In Kent, 2100 to 2101", words, StringComparison.Ordinal);
        Assert.Contains("In Dorset, 2100 to 2101", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_MoreThanAPage_TurnsPagesAndReadsOnWithACursor() {
        var officer = await app.Given.Officer(await app.Given.Authority("Leeds"));
        for (var year = 2000; year <= 2100; year++) {
            app.Clock.Set(app.Clock.GetUtcNow().AddMilliseconds(1)); // Ids keep their order to the millisecond.
            await app.Send(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, "Yearly", "Every year.", year, 100));
        }
        var browser = await app.Browser(officer);
        var first = await browser.Get("/placements");
        Assert.Equal("Placements (page 1 of 6) - CPD for early years", first.Document.Title);
        Assert.Contains("Yearly, 2100 to 2101", first.Words, StringComparison.Ordinal);
        var last = await browser.Get("/placements?page=6");
        Assert.Equal("Yearly, 2000 to 2001", Assert.Single(last.Document.QuerySelectorAll("main h3")).TextContent);
        Assert.Equal("Placements (page 1 of 6) - CPD for early years", (await browser.Get("/placements?page=7")).Document.Title);

        var api = await app.Api(officer);
        var part = await Json(api, "/api/v1/placements");
        Assert.Equal(100, part.GetProperty("items").GetArrayLength());
        var rest = await Json(api, $"/api/v1/placements?after={part.GetProperty("next").GetGuid()}");
        Assert.Equal(2100, Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("academicYear").GetInt32());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Get_NoSuchProgramme_IsNotFound() =>
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Administrator())).Get($"/placements/{Guid.Empty}")).Status);

    Task<Guid> Programme(Actor officer, string name, int year = 2026) => app.Send(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, name, "Students practise.", year, 315));

    static async Task<JsonElement> Json(HttpClient api, string address) {
        var response = await api.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
