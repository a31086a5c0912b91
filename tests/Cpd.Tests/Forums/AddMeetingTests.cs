using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Meetings;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Tests.Forums;

public sealed class AddMeetingTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() =>
        Assert.StartsWith("/sign-in", new Uri((await app.Browser().Get(ForumsLinks.AddMeeting(Guid.Empty))).Response.Headers.Location!.ToString()).PathAndQuery, StringComparison.Ordinal);

    [Fact]
    public async Task Get_WrongRole_IsForbidden() {
        var (_, series) = await Series("Not for managers");
        var manager = await app.Given.Manager(await app.Given.Setting(await app.Given.Authority()));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(manager)).Get(ForumsLinks.AddMeeting(series))).Status);
    }

    [Fact]
    public async Task Post_OtherAuthoritysSeries_IsNotFoundAndNothingIsAdded() {
        var (_, series) = await Series("Kept apart");
        var other = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(other)).Get(ForumsLinks.AddMeeting(series))).Status);
        // The command is the wall, not the page before it.
        var outcome = await app.Ask(other, new AddMeeting.Command(series, new DateOnly(2026, 11, 12), new TimeOnly(16, 0), new TimeOnly(17, 0), "Elsewhere", null));
        Assert.Equal(Outcome.NotFound, outcome.Refusal);
        Assert.Equal(0, await app.Count("forums_Meeting", "Venue = 'Elsewhere'"));
    }

    [Fact]
    public async Task Post_Nothing_SaysWhatIsMissing() {
        var page = await Post("Nothing typed", []);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter the date of the meeting", "Enter the time it starts, like 9:30am", "Enter the time it ends, like 11:30am", "Enter where it meets"], page.Errors);
    }

    [Fact]
    public async Task Post_DateIsNone_SaysSoOnce() {
        var page = await Post("Thirtieth of February", [.. Good("30", "2"), ("StartsAt", "4pm"), ("EndsAt", "5pm")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("Date must be a real date", Assert.Single(page.Errors));
        Assert.Equal("30", page.Document.QuerySelector("[name='HeldOn.Day']")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("4pm", "4pm")]
    [InlineData("4pm", "3:30pm")]
    public async Task Post_EndsBeforeItStarts_IsRefused(string from, string to) {
        var page = await Post($"From {from} to {to}", [.. Good(), ("StartsAt", from), ("EndsAt", to)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["The meeting must end after it starts"], page.Errors);
    }

    [Theory]
    [InlineData("Venue", 301, "Where it meets must be 300 characters or fewer")]
    [InlineData("Topics", 1001, "The topics must be 1,000 characters or fewer")]
    public async Task Post_TooLong_SaysHowLong(string field, int length, string sentence) {
        var page = await Post($"Long {field}", [.. Good().Where(f => f.Name != field), ("StartsAt", "4pm"), ("EndsAt", "5pm"), (field, new string('x', length))]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
    }

    [Fact]
    public async Task Post_SameTimeAgain_IsRefused() {
        var (officer, series) = await Series("Same time");
        var form = await (await app.Browser(officer)).Get(ForumsLinks.AddMeeting(series));
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post([.. Good(), ("StartsAt", "4pm"), ("EndsAt", "5pm")])).Status);
        var page = await form.Post([.. Good(), ("StartsAt", "4pm"), ("EndsAt", "6pm")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["The forum meets at that time already"], page.Errors);
    }

    [Fact]
    public async Task Post_Good_IsShownInLondonTimeToAnyone() {
        var (officer, series) = await Series("Summer and winter");
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.AddMeeting(series));
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([.. Good("16", "6", "2027"), ("StartsAt", "4pm"), ("EndsAt", "5:30pm"), ("Topics", " Schemas ")])).RedirectsTo);
        await form.Post([.. Good("12", "11"), ("StartsAt", "16:00"), ("EndsAt", "17:00")]);
        var page = await browser.Get(ForumsLinks.Series(series));
        Assert.Equal("The meeting has been added.", page.Banner);
        var anyone = await app.Browser().Get(ForumsLinks.Series(series));
        Assert.Equal(["12 November 2026, 4pm to 5pm", "16 June 2027, 4pm to 5:30pm"], anyone.Document.QuerySelectorAll("main h3").Select(h => h.TextContent));
        Assert.Contains("Library, RM17 6SL Schemas", anyone.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("forums_Meeting", "SeriesId = @series AND StartsAt = @utc", new { series, utc = new DateTime(2027, 6, 16, 15, 0, 0, DateTimeKind.Utc) }));
    }

    [Fact]
    public async Task Api_Adds_SaysWhatIsWrong_AndIsNotForOthers() {
        var (officer, series) = await Series("Meetings by program");
        var address = $"/api/v1/forums/{series}/meetings";
        using var client = await app.Api(officer);
        var good = new { heldOn = "2027-01-14", startsAt = "16:00", endsAt = "17:30", mode = "LiveOnline", joiningLink = "https://meet.example.org/x", term = "Spring" };
        var made = await client.PostAsJsonAsync(address, good);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var meeting = await client.GetFromJsonAsync<JsonElement>(made.Headers.Location!.ToString());
        Assert.Equal(("2027-01-14T16:00:00Z", "Spring", "https://meet.example.org/x"), (meeting.GetProperty("startsAt").GetDateTime().ToString("yyyy-MM-ddTHH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture), meeting.GetProperty("term").GetString(), meeting.GetProperty("joiningLink").GetString()));
        var again = await client.PostAsJsonAsync(address, good);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (again.StatusCode, again.Content.Headers.ContentType?.MediaType));
        Assert.Contains("The forum meets at that time already", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Enter the date of the meeting", await (await client.PostAsJsonAsync(address, new { })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await app.Api(await app.Given.Officer(await app.Given.Authority("Blackpool")));
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync(address, good)).StatusCode);
        Assert.Equal(1, await app.Count("forums_Meeting", "SeriesId = @series", new { series }));
    }

    async Task<WebPage> Post(string name, IEnumerable<(string, string?)> fields) {
        var (officer, series) = await Series(name);
        return await (await (await app.Browser(officer)).Get(ForumsLinks.AddMeeting(series))).Post(fields);
    }

    async Task<(Actor Officer, Guid Series)> Series(string name) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        return (officer, await app.Send(officer, new AddSeries.Command(officer.Grants[0].OrganisationId, name, "What works.", AgeRanges.None)));
    }

    static List<(string Name, string? Value)> Good(string day = "12", string month = "11", string year = "2026") =>
        [("HeldOn.Day", day), ("HeldOn.Month", month), ("HeldOn.Year", year), ("Venue", "Library, RM17 6SL")];
}
