using System.Net;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Tests.Placements;

public sealed class AddHostTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() =>
        Assert.StartsWith("/sign-in", new Uri((await app.Browser().Get(PlacementsLinks.AddHost(Guid.Empty))).Response.Headers.Location!.ToString()).PathAndQuery, StringComparison.Ordinal);

    [Fact]
    public async Task Get_HostItself_IsForbidden() {
        var (officer, programme) = await Programme("Not for hosts to change");
        var organisation = await Host("Cedar nursery school");
        await app.Send(officer, new AddHost.Command(programme, organisation, "Kitchen", 1));
        var host = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, organisation);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(host)).Get(PlacementsLinks.AddHost(programme))).Status);
    }

    [Fact]
    public async Task Post_OtherAuthoritysProgramme_IsNotFoundAndNothingIsAdded() {
        var (officer, programme) = await Programme("Kept apart");
        var other = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        var browser = await app.Browser(other);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(PlacementsLinks.AddHost(programme))).Status);
        // The command is the wall, not the page before it.
        var outcome = await app.Ask(other, new AddHost.Command(programme, await Host("Dormouse library"), "Story time", 2));
        Assert.Equal(Outcome.NotFound, outcome.Refusal);
        Assert.Empty((await app.Send(officer, new OpenProgramme.Query(programme))).Hosts);
    }

    [Fact]
    public async Task Get_HostWhoIsAlsoOfficerElsewhere_IsNotFound() {
        var (officer, programme) = await Programme("Seen, not managed");
        var organisation = await Host("Elm museum");
        await app.Send(officer, new AddHost.Command(programme, organisation, "Gallery", 1));
        var both = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        both = both with { Grants = [.. both.Grants, .. (await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, organisation, both.PersonId)).Grants] };
        var browser = await app.Browser(both);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(PlacementsLinks.Programme(programme))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(PlacementsLinks.AddHost(programme))).Status);
    }

    [Fact]
    public async Task Post_Nothing_SaysWhatIsMissing() {
        await Host("Fern library");
        var page = await Post("Nothing typed", []);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Select the placement host", "Enter the project that students join", "Enter how many students it takes at once"], page.Errors);
    }

    [Theory]
    [InlineData("Capacity", "0", "Students at once must be between 1 and 1,000")]
    [InlineData("Capacity", "1001", "Students at once must be between 1 and 1,000")]
    [InlineData("Capacity", "some", "Students at once is not valid")]
    public async Task Post_CapacityIsWrong_SaysWhy(string field, string typed, string sentence) {
        var host = await Host($"Grove hub {typed}");
        var page = await Post($"Capacity {typed}", [("OrganisationId", host.ToString()), ("Project", "Garden"), (field, typed)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
        Assert.Equal("Garden", page.Document.QuerySelector("[name=Project]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Post_ProjectIsTooLong_SaysHowLong() {
        var page = await Post("Long project", [("OrganisationId", (await Host("Hazel hub")).ToString()), ("Project", new string('x', 201)), ("Capacity", "1")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["The project must be 200 characters or fewer"], page.Errors);
    }

    [Fact]
    public async Task Post_OrganisationIsNoPlacementHost_IsRefused() {
        await Host("Ivy library");
        var provider = await app.Given.Organisation(OrganisationKind.TrainingProvider, "A training provider");
        foreach (var id in (Guid[])[provider, Guid.Parse("00000000-0000-7000-8000-000000000001")]) {
            var page = await Post($"No host {id}", [("OrganisationId", id.ToString()), ("Project", "Garden"), ("Capacity", "1")]);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Equal(["Select the placement host"], page.Errors);
        }
    }

    [Fact]
    public async Task Post_SameProjectAgain_IsRefusedAndAnotherIsTaken() {
        var host = await Host("Juniper library");
        var (officer, programme) = await Programme("Several projects");
        var browser = await app.Browser(officer);
        var form = await browser.Get(PlacementsLinks.AddHost(programme));
        var answer = await form.Post([("OrganisationId", host.ToString()), ("Project", " Story time "), ("Capacity", "3")]);
        Assert.Equal(PlacementsLinks.Programme(programme), answer.RedirectsTo);
        var again = await form.Post([("OrganisationId", host.ToString()), ("Project", "Story time"), ("Capacity", "9")]);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal(["This host takes part with a project of this name already"], again.Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post([("OrganisationId", host.ToString()), ("Project", "Rhyme time"), ("Capacity", "1")])).Status);

        var page = await browser.Get(PlacementsLinks.Programme(programme));
        Assert.Equal("The host has been added and asked whether it takes part.", page.Banner);
        Assert.Equal(["Rhyme time", "1", "Asked", "Story time", "3", "Asked"], page.Document.QuerySelectorAll("tbody td").Select(d => d.TextContent.Trim()));
        Assert.Contains("Room for 4 students at once", page.Words, StringComparison.Ordinal);
        Assert.Contains("1 host, with room for 4 students at once", (await browser.Get("/placements")).Words, StringComparison.Ordinal);
    }

    async Task<WebPage> Post(string name, IEnumerable<(string, string?)> fields) {
        var (officer, programme) = await Programme(name);
        return await (await (await app.Browser(officer)).Get(PlacementsLinks.AddHost(programme))).Post(fields);
    }

    Task<Guid> Host(string name) => app.Given.Organisation(OrganisationKind.PlacementHost, name);

    async Task<(Actor Officer, Guid Programme)> Programme(string name) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        return (officer, await app.Send(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, name, "Students practise.", 2026, 315)));
    }
}
