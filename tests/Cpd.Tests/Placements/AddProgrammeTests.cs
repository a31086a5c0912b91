using System.Net;
using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Tests.Placements;

public sealed class AddProgrammeTests(CpdApp app) : IClassFixture<CpdApp> {
    const string Address = "/placements/add";

    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() => Assert.StartsWith("/sign-in", new Uri((await app.Browser().Get(Address)).Response.Headers.Location!.ToString()).PathAndQuery, StringComparison.Ordinal);

    [Fact]
    public async Task Get_WrongRole_IsForbidden() {
        var manager = await app.Given.Manager(await app.Given.Setting(await app.Given.Authority()));
        var host = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, "Children's library"));
        foreach (var who in (Actor[])[manager, host]) Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(who)).Get(Address)).Status);
    }

    [Fact]
    public async Task Get_Officer_OffersOwnAuthorityAlone() {
        var page = await (await Officer()).Get(Address);
        Assert.Equal(["Thurrock"], page.Document.QuerySelectorAll("select[name=AuthorityId] option").Select(o => o.TextContent));
    }

    [Fact]
    public async Task Post_Nothing_SaysWhatIsMissing() {
        var page = await (await (await Officer()).Get(Address)).Post([]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([
            "Enter the name of the programme", "Enter a summary of what students do", "Enter the year in which the academic year starts, like 2026", "Enter the hours for each student",
        ], page.Errors);
    }

    [Fact]
    public async Task Post_NoAuthority_AsksForIt() {
        var page = await (await (await app.Browser(await app.Given.Administrator())).Get(Address)).Post(Good("Of no authority"));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Select the local authority"], page.Errors);
    }

    [Theory]
    [InlineData("Name", 201, "The name must be 200 characters or fewer")]
    [InlineData("Summary", 1001, "The summary must be 1,000 characters or fewer")]
    public async Task Post_TooLong_SaysHowLong(string field, int length, string sentence) => await Refuses(field, new string('x', length), sentence);

    [Theory]
    [InlineData("AcademicYear", "1999", "The year must be between 2000 and 2100")]
    [InlineData("AcademicYear", "2101", "The year must be between 2000 and 2100")]
    [InlineData("AcademicYear", "next", "The year is not valid")]
    [InlineData("HoursPerStudent", "0", "The hours for each student must be between 1 and 2,300")]
    [InlineData("HoursPerStudent", "2301", "The hours for each student must be between 1 and 2,300")]
    [InlineData("HoursPerStudent", "many", "The hours for each student is not valid")]
    public async Task Post_NumberIsWrong_SaysWhy(string field, string typed, string sentence) => await Refuses(field, typed, sentence);

    [Fact]
    public async Task Post_NameIsTakenInThatYear_SaysSo() {
        var browser = await Officer();
        var form = await browser.Get(Address);
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post(Good("Twice"))).Status);
        var page = await form.Post(Good("Twice "));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["There is a programme of this name in that academic year already"], page.Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post([.. Good("Twice").Where(f => f.Name != "AcademicYear"), ("AcademicYear", "2027")])).Status);
    }

    [Fact]
    public async Task Post_AnotherAuthority_IsNotFoundAndNothingIsAdded() {
        var form = await (await Officer()).Get(Address);
        var page = await form.Post([.. Good("Elsewhere"), ("AuthorityId", (await app.Given.Authority("Blackpool")).ToString())]);
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal(0, await app.Count("placements_Programme", "Name = 'Elsewhere'"));
    }

    [Fact]
    public async Task Send_AuthorityThatIsNone_IsNotFound() {
        var outcome = await app.Ask(await app.Given.Administrator(), new AddProgramme.Command(Guid.Parse("00000000-0000-7000-8000-000000000001"), "Nowhere", "None", 2026, 10));
        Assert.Equal(Outcome.NotFound, outcome.Refusal);
    }

    [Fact]
    public async Task Post_Good_IsShownWithWhatWasTyped() {
        var browser = await Officer();
        var answer = await (await browser.Get(Address)).Post(Good(" Library placements "));
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        var page = await browser.Get(answer.RedirectsTo!);
        Assert.Equal("The programme has been added. Now add its hosts.", page.Banner);
        Assert.Equal("Library placements", page.Heading);
        Assert.Contains("Academic year 2026 to 2027. Each student completes 315 hours.", page.Words, StringComparison.Ordinal);
        Assert.Contains("Thurrock", page.Words, StringComparison.Ordinal);
        Assert.Contains("No hosts yet", page.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("placements_Programme", "Name = 'Library placements' AND MinutesPerStudent = 18900"));
    }

    async Task Refuses(string field, string typed, string sentence) {
        var page = await (await (await Officer()).Get(Address)).Post([.. Good("Refused").Where(f => f.Name != field), (field, typed)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
        Assert.Contains(typed, page.Document.QuerySelector($"[name={field}]") is AngleSharp.Html.Dom.IHtmlTextAreaElement area ? area.Value : page.Document.QuerySelector($"[name={field}]")!.GetAttribute("value")!, StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("placements_Programme", "Name = 'Refused'"));
    }

    async Task<Browser> Officer() => await app.Browser(await app.Given.Officer(await app.Given.Authority()));

    static List<(string Name, string? Value)> Good(string name) =>
        [("Name", name), ("Summary", "Students join a story time."), ("AcademicYear", "2026"), ("HoursPerStudent", "315")];
}
