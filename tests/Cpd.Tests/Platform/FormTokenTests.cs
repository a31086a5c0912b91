using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Cpd.Platform.Web;
using Cpd.Tests.Training;

namespace Cpd.Tests.Platform;

/// <summary>A form sent twice is done once and leads to the same confirmation; put right after a refusal it is done.</summary>
public sealed partial class FormTokenTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly (string, string?)[] Reading = [
        ("Title", "Reading: attachment"), ("Source", "The library"), ("HappenedOn.Day", "3"), ("HappenedOn.Month", "9"), ("HappenedOn.Year", "2026"), ("Hours", "1"), ("Minutes", "30"),
        ("ParticipatoryMinutes", "20"), ("AgeRanges", "TwoToThree"), ("Mode", "SelfStudy"), ("Reflection", "Watch first"), ("Evidence", "In my folder"),
    ];

    async Task<Actor> Learner() => await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));

    Task<int> Entries(Actor who) => app.Count("accreditation_Entry", "PersonId = @PersonId", new { who.PersonId });

    [Fact]
    public async Task Post_SameFormAgain_SameConfirmationAndOneRow() {
        var learner = await Learner();
        var browser = await app.Browser(learner);
        var form = await browser.Get("/my-cpd/add");
        var first = await form.Post(Reading);
        var told = await After(browser, first);
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(10));
        // Back, and sent again as it stood.
        var again = await form.Post(Reading);
        Assert.Equal((first.Status, first.RedirectsTo), (again.Status, again.RedirectsTo));
        Assert.True(again.Response.Headers.Contains(Answer.Replayed));
        Assert.NotNull(told);
        Assert.Equal(told, await After(browser, again));
        Assert.Equal(1, await Entries(learner));
        // A page opened anew is a new form.
        await (await browser.Get("/my-cpd/add")).Post(Reading);
        Assert.Equal(2, await Entries(learner));
    }

    [Fact]
    public async Task Post_DoubleClick_SameConfirmationAndOneRow() {
        var learner = await Learner();
        var browser = await app.Browser(learner);
        for (var round = 1; round <= 5; round++) {
            var form = await browser.Get("/my-cpd/add");
            var sent = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => form.Post(Reading))));
            Assert.All(sent, s => Assert.Equal((HttpStatusCode.Redirect, "/my-cpd"), (s.Status, s.RedirectsTo)));
            Assert.All(sent, s => Assert.Contains(s.Response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-banner=", StringComparison.Ordinal)));
            Assert.Equal(round, await Entries(learner));
        }
    }

    [Fact]
    public async Task Post_DoubleClickOnWhatCannotBeTwice_IsNotRefusedTheSecondTime() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var browser = await app.Browser(officer);
        var form = await browser.Get("/forums/add");
        var fields = new[] { ("Name", (string?)"Birth to three forum"), ("Summary", "Meets each term") };
        var sent = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => form.Post(fields))));
        Assert.All(sent, s => Assert.Equal(HttpStatusCode.Redirect, s.Status));
        Assert.Single(sent.Select(s => s.RedirectsTo).Distinct());
        Assert.Equal(1, await app.Count("forums_Series"));
    }

    [Fact]
    public async Task Post_AcrossARestart_SameConfirmationAndOneRow() {
        var learner = await Learner();
        var browser = await app.Browser(learner);
        var form = await browser.Get("/my-cpd/add");
        var first = await form.Post(Reading);
        await using var after = app.WithWebHostBuilder(_ => { });
        using var client = after.CreateClient();
        foreach (var cookie in browser.Client.DefaultRequestHeaders.GetValues("Cookie")) client.DefaultRequestHeaders.Add("Cookie", cookie);
        client.DefaultRequestHeaders.Add("Cookie", form.Response.Headers.GetValues("Set-Cookie").First(c => c.StartsWith("__Host-antiforgery", StringComparison.Ordinal)).Split(';')[0]);
        var again = await (await WebPage.Read(new Browser(client), Copy(form))).Post(Reading);
        Assert.Equal((first.Status, first.RedirectsTo), (again.Status, again.RedirectsTo));
        Assert.Equal(1, await Entries(learner));

        static HttpResponseMessage Copy(WebPage page) => new(page.Status) { Content = new StringContent(page.Text), RequestMessage = page.Response.RequestMessage };
    }

    [Fact]
    public async Task Post_RefusedThenPutRight_IsDone() {
        var learner = await Learner();
        var form = await (await app.Browser(learner)).Get("/my-cpd/add");
        var wrong = Reading.Select(f => f.Item1 == "Title" ? ("Title", "") : f).ToArray();
        var refused = await form.Post(wrong);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("The library", refused.Document.QuerySelector("#Source")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.Redirect, (await refused.Post([("Title", "Reading")])).Status);
        Assert.Equal(1, await Entries(learner));
        // Back to the first page, with its first token, and put right there.
        Assert.Equal(HttpStatusCode.BadRequest, (await form.Post(wrong)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post(Reading)).Status);
        Assert.Equal(2, await Entries(learner));
    }

    [Fact]
    public async Task Post_BackAndChanged_IsAnotherEntry() {
        var learner = await Learner();
        var form = await (await app.Browser(learner)).Get("/my-cpd/add");
        await form.Post(Reading);
        var other = await form.Post(Reading.Select(f => f.Item1 == "Title" ? ("Title", "Another book") : f));
        Assert.Equal(HttpStatusCode.Redirect, other.Status);
        Assert.False(other.Response.Headers.Contains(Answer.Replayed));
        Assert.Equal(2, await Entries(learner));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not one of ours")]
    public async Task Post_TokenMissingOrUnknown_LosesNothing(string? token) {
        var learner = await Learner();
        var form = await (await app.Browser(learner)).Get("/my-cpd/add");
        Assert.Equal("/my-cpd", (await form.Post([.. Reading, (Once.Field, token)])).RedirectsTo);
        Assert.Equal(1, await Entries(learner));
    }

    [Fact]
    public async Task Post_TokenOfADayAgo_IsDone() {
        var learner = await Learner();
        var form = await (await app.Browser(learner)).Get("/my-cpd/add");
        await form.Post(Reading);
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(25));
        var browser = await app.Browser(learner);
        var fresh = await browser.Get("/my-cpd/add");
        var token = form.Document.QuerySelector($"main form input[name={Once.Field}]")!.GetAttribute("value");
        Assert.Equal(HttpStatusCode.Redirect, (await fresh.Post([.. Reading, (Once.Field, token)])).Status);
        Assert.Equal(2, await Entries(learner));
    }

    [Fact]
    public async Task Post_SomebodyElsesToken_IsNotTheirConfirmation() {
        var (one, two) = (await Learner(), await Learner());
        var form = await (await app.Browser(one)).Get("/my-cpd/add");
        await form.Post(Reading);
        var token = form.Document.QuerySelector($"main form input[name={Once.Field}]")!.GetAttribute("value");
        var theirs = await (await (await app.Browser(two)).Get("/my-cpd/add")).Post([.. Reading, (Once.Field, token)]);
        Assert.False(theirs.Response.Headers.Contains(Answer.Replayed));
        Assert.Equal((1, 1), (await Entries(one), await Entries(two)));
    }

    [Fact]
    public async Task Post_ConfirmationIsAPage_TheSamePageIsShown() {
        var authority = await app.Given.Authority();
        var (officer, setting) = (await app.Given.Officer(authority), await app.Given.Setting(authority));
        var (_, session) = await app.Session(officer);
        var staff = new[] { await app.Given.Staff(setting, "Bea One"), await app.Given.Staff(setting, "Cal Two") };
        var browser = await app.Browser(await app.Given.Manager(setting));
        var check = await (await browser.Get($"/sessions/{session}/book")).Post(staff.Select(s => ("PersonIds", (string?)s.ToString())));
        Assert.Equal("Check before you book", check.Heading);
        var first = await check.Post([]);
        Assert.Equal(2, first.Document.QuerySelectorAll(".govuk-tag--green").Length);
        var again = await check.Post([]);
        Assert.Equal(first.Text, again.Text);
        // The page's script still has the nonce that its policy names.
        Assert.Equal(Policy(first), Policy(again));
        Assert.Contains(again.Document.QuerySelector("script[nonce]")!.GetAttribute("nonce")!, Policy(again), StringComparison.Ordinal);
        Assert.Equal(2, await app.Count("training_Booking", "SessionId = @session", new { session }));

        static string Policy(WebPage page) => page.Response.Headers.GetValues("Content-Security-Policy").Single();
    }

    [Fact]
    public async Task Post_KeyMadeTwice_IsOneKey_AndItsSecretIsNotStored() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var browser = await app.Browser(officer);
        var form = await browser.Get("/api-keys");
        var fields = new[] { ("Name", (string?)"Payroll export"), ("Role", form.Document.QuerySelectorAll("#Role option")[^1].GetAttribute("value")), ("Days", "30") };
        var first = await form.Post(fields, "#make");
        var secret = first.Document.QuerySelector(".govuk-inset-text code")!.TextContent;
        Assert.Equal(secret, (await form.Post(fields, "#make")).Document.QuerySelector(".govuk-inset-text code")!.TextContent);
        Assert.Equal(1, await app.Count("people_ApiKey", "PersonId = @PersonId", new { officer.PersonId }));
        foreach (var stored in await app.Database(db => db.List<string>("SELECT Sealed FROM platform_KeptAnswer", null, default)))
            Assert.DoesNotContain(secret, Encoding.UTF8.GetString(Convert.FromBase64String(stored)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FormsOfSomebodySignedIn_CarryTheToken_OthersDoNot() {
        var page = await (await app.Browser(await app.Given.Officer(await app.Given.Authority()))).Get("/people");
        Assert.NotEmpty(page.Document.QuerySelectorAll("form[method=post]"));
        Assert.All(page.Document.QuerySelectorAll("form[method=post]"), f => Assert.Matches(Token(), f.QuerySelector($"input[type=hidden][name={Once.Field}]")!.GetAttribute("value")!));
        Assert.All(page.Document.QuerySelectorAll("form[method=get]"), f => Assert.Null(f.QuerySelector($"input[name={Once.Field}]")));
        Assert.DoesNotContain(Once.Field, (await app.Browser().Get("/sign-in")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ContinueWithoutWriting_KeepsNothing() {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var (_, session) = await app.Session(await app.Given.Officer(authority));
        var staff = await app.Given.Staff(setting);
        var choose = await (await app.Browser(await app.Given.Manager(setting))).Get($"/sessions/{session}/book");
        var before = await app.Count("platform_KeptAnswer");
        Assert.Equal("Check before you book", (await choose.Post([("PersonIds", staff.ToString())])).Heading);
        Assert.Equal(before, await app.Count("platform_KeptAnswer"));
    }

    static async Task<string?> After(Browser browser, WebPage sent) => (await browser.Get(sent.RedirectsTo!)).Banner;

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Token();
}
