using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Forums;

public sealed class AddSeriesTests(CpdApp app) : IClassFixture<CpdApp> {
    const string Address = "/forums/add";

    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() =>
        Assert.StartsWith("/sign-in", new Uri((await app.Browser().Get(Address)).Response.Headers.Location!.ToString()).PathAndQuery, StringComparison.Ordinal);

    [Fact]
    public async Task Get_WrongRole_IsForbidden() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        foreach (var who in (Cpd.Platform.Web.Actor[])[await app.Given.Manager(setting), await app.Given.Practitioner(setting)])
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(who)).Get(Address)).Status);
    }

    [Fact]
    public async Task Post_Nothing_SaysWhatIsMissing() {
        var page = await (await (await Officer()).Get(Address)).Post([]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter the name of the forum", "Enter a summary of what the forum is for"], page.Errors);
    }

    [Fact]
    public async Task Post_NoAuthority_AsksForIt() {
        var page = await (await (await app.Browser(await app.Given.Administrator())).Get(Address)).Post(Good("Of no authority"));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Select the local authority"], page.Errors);
    }

    [Fact]
    public async Task Api_Opens_SaysWhatIsWrong_AndIsForNobodyElsesAuthority() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var authorityId = officer.Grants[0].OrganisationId;
        using var client = await app.Api(officer);
        var made = await client.PostAsJsonAsync("/api/v1/forums", new { authorityId, name = "Opened by program", summary = "What works.", ageRanges = "BirthToTwo", mode = "LiveOnline", audience = new[] { "Manager" }, placesPerSetting = 2, countsHours = false });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var forum = await client.GetFromJsonAsync<JsonElement>(made.Headers.Location!.ToString());
        Assert.Equal(("Opened by program", "LiveOnline", 2, false), (forum.GetProperty("name").GetString(), forum.GetProperty("mode").GetString(), forum.GetProperty("placesPerSetting").GetInt32(), forum.GetProperty("countsHours").GetBoolean()));
        Assert.Equal("Manager", Assert.Single(forum.GetProperty("audience").EnumerateArray()).GetString());
        var wrong = await client.PostAsJsonAsync("/api/v1/forums", new { authorityId, summary = "x", placesPerSetting = 0 });
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (wrong.StatusCode, wrong.Content.Headers.ContentType?.MediaType));
        var words = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("Enter the name of the forum", words, StringComparison.Ordinal);
        Assert.Contains("The places for each setting must be between 1 and 100", words, StringComparison.Ordinal);
        var elsewhere = await app.Given.Authority("Blackpool");
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync("/api/v1/forums", new { authorityId = elsewhere, name = "Not theirs", summary = "x" })).StatusCode);
        using var practitioner = await app.Api(await app.Given.Practitioner(await app.Given.Setting(authorityId)));
        Assert.Equal(HttpStatusCode.Forbidden, (await practitioner.PostAsJsonAsync("/api/v1/forums", new { authorityId, name = "Not theirs", summary = "x" })).StatusCode);
        Assert.Equal(0, await app.Count("forums_Series", "Name = 'Not theirs'"));
    }

    [Theory]
    [InlineData("Name", 201, "The name must be 200 characters or fewer")]
    [InlineData("Summary", 1001, "The summary must be 1,000 characters or fewer")]
    public async Task Post_TooLong_SaysHowLong(string field, int length, string sentence) {
        var page = await (await (await Officer()).Get(Address)).Post([.. Good("Long").Where(f => f.Name != field), (field, new string('x', length)), ("AgeRanges", "TwoToThree")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
        Assert.Equal(["TwoToThree"], page.Document.QuerySelectorAll("input[name=AgeRanges][checked]").Select(i => i.GetAttribute("value")));
    }

    [Fact]
    public async Task Post_AgeIsNone_IsRefused() {
        var page = await (await (await Officer()).Get(Address)).Post([.. Good("Of no age"), ("AgeRanges", "Ninety")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(0, await app.Count("forums_Series", "Name = 'Of no age'"));
    }

    [Fact]
    public async Task Post_NameIsTaken_SaysSo() {
        var form = await (await Officer()).Get(Address);
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post(Good("Twice"))).Status);
        var page = await form.Post(Good(" Twice"));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["There is a forum of this name already"], page.Errors);
    }

    [Fact]
    public async Task Post_AnotherAuthority_IsNotFoundAndNothingIsAdded() {
        var form = await (await Officer()).Get(Address);
        var page = await form.Post([.. Good("Elsewhere"), ("AuthorityId", (await app.Given.Authority("Blackpool")).ToString())]);
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal(0, await app.Count("forums_Series", "Name = 'Elsewhere'"));
    }

    [Fact]
    public async Task Send_AuthorityThatIsNone_IsNotFound() {
        var outcome = await app.Ask(await app.Given.Administrator(), new AddSeries.Command(Guid.Parse("00000000-0000-7000-8000-000000000001"), "Nowhere", "None", AgeRanges.None));
        Assert.Equal(Outcome.NotFound, outcome.Refusal);
    }

    [Fact]
    public async Task Post_Good_IsShownToTheOfficerAndToAnyone() {
        var browser = await Officer();
        var answer = await (await browser.Get(Address)).Post([.. Good(" Outdoor play forum "), ("AgeRanges", "BirthToTwo"), ("AgeRanges", "ThreeToFive")]);
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        var page = await browser.Get(answer.RedirectsTo!);
        Assert.Equal("The forum has been added. Now add its meetings.", page.Banner);
        Assert.Equal("Outdoor play forum", page.Heading);
        Assert.Contains("For those who work with: Birth to 2, 3 to 5", page.Words, StringComparison.Ordinal);
        Assert.Contains("Add a meeting", page.Words, StringComparison.Ordinal);
        var anyone = await app.Browser().Get(answer.RedirectsTo!);
        Assert.Equal("Outdoor play forum", anyone.Heading);
        Assert.DoesNotContain("Add a meeting", anyone.Words, StringComparison.Ordinal);
    }

    async Task<Browser> Officer() => await app.Browser(await app.Given.Officer(await app.Given.Authority()));

    static List<(string Name, string? Value)> Good(string name) => [("Name", name), ("Summary", "Practitioners share what works.")];
}
