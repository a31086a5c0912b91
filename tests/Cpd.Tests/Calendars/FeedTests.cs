using System.Net;
using Cpd.People.Persons;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Tests.Training;
using Cpd.Training.Bookings;
using Cpd.Training.Venues;
using Microsoft.AspNetCore.Hosting;

namespace Cpd.Tests.Calendars;

public sealed class FeedTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public FeedTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    static string PathOf(WebPage page) => new Uri(page.Document.QuerySelector("code")!.TextContent).AbsolutePath;

    static async Task<(Browser Browser, string Path)> Feed(CpdApp app, Actor who) {
        var browser = await app.Browser(who);
        var page = await Press(await browser.Get("/your-calendar"), "Make");
        return (browser, PathOf(page));
    }

    /// <summary>Presses the button of this handler.</summary>
    static Task<WebPage> Press(WebPage page, string handler) => page.Post([], $"main form[action*='handler={handler}']");

    async Task<ICalFile> Read(string path) {
        var answer = await app.Browser().Get(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return await ICal.Read(answer.Text);
    }

    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() => Assert.StartsWith("https://localhost/sign-in", (await app.Browser().Get("/your-calendar")).RedirectsTo!, StringComparison.Ordinal);

    [Fact]
    public async Task Post_Make_ShowsTheAddressOnceAndKeepsOnlyAHash() {
        var scene = await Scene.Set(app, places: 5);
        var who = await app.Given.Practitioner(scene.Setting);
        var browser = await app.Browser(who);
        var before = await browser.Get("/your-calendar");
        Assert.Null(before.Document.QuerySelector("form[action*='handler=End']"));
        var made = await Press(before, "Make");
        Assert.Contains("Copy the address now", made.Words, StringComparison.Ordinal);
        var path = PathOf(made);
        Assert.Matches("^/calendar/[0-9a-f]{64}\\.ics$", path);
        Assert.StartsWith("webcal://localhost:5080/calendar/", made.Document.QuerySelector("a[href^='webcal:']")!.GetAttribute("href"), StringComparison.Ordinal);
        var secret = path["/calendar/".Length..^4];
        Assert.Equal(1, await app.Count("platform_CalendarFeed", "SecretHash = @Hash AND PersonId = @PersonId", new { Hash = Codes.Hash(secret), who.PersonId }));
        var later = await browser.Get("/your-calendar");
        Assert.DoesNotContain(secret, later.Text, StringComparison.Ordinal);
        Assert.Contains("No calendar has read it yet", later.Words, StringComparison.Ordinal);
        await app.Browser().Get(path);
        Assert.Contains("A calendar last read it on 5 October 2026 at 10am", (await browser.Get("/your-calendar")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Feed_HoldsOnesOwnBookingsAndNobodyElses() {
        var scene = await Scene.Set(app, places: 2);
        var who = await app.Given.Practitioner(scene.Setting);
        var mine = (await app.Send(who, new BookPlaces.Command(scene.Session, [who.PersonId])))[0];
        await scene.Book(1);
        var full = await Scene.Set(app, places: 1);
        await full.Book(1);
        await app.Send(who, new BookPlaces.Command(full.Session, [who.PersonId]));
        var (_, path) = await Feed(app, who);
        var file = await Read(path);
        Assert.Equal(("PUBLISH", "CPD for early years", "PT1H", "PT1H"), (file.Method, file.Name, file.Refresh, file.Ttl));
        var only = Assert.Single(file.Events);
        Assert.Equal(($"{mine.BookingId:N}-1@cpd", "CONFIRMED", 1), (only.Uid, only.Status, only.Sequence));
        Assert.Empty(only.Attendees);
        var (_, other) = await Feed(app, await app.Given.Practitioner(scene.Setting));
        Assert.Empty((await Read(other)).Events);
    }

    [Fact]
    public async Task EditVenue_Renamed_FeedHoldsTheNewWordsWithAHigherNumber() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var venue = await app.Send(officer, new AddVenue.Command { AuthorityId = authority, Name = "Old School", Address = "1 Lane", Rooms = [new TypedRoom { Name = "Hall", Capacity = 20 }] });
        var open = await app.Send(officer, new OpenVenue.Query(venue));
        var (_, session) = await app.Session(officer, with: s => s with { RoomId = open.Rooms[0].Id });
        var who = await app.Given.Practitioner(await app.Given.Setting(authority));
        await app.Send(who, new BookPlaces.Command(session, [who.PersonId]));
        var (_, path) = await Feed(app, who);
        var before = Assert.Single((await Read(path)).Events);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.Send(officer, new EditVenue.Command { Id = venue, Version = open.Venue.Version, Name = "New School", Address = "1 Lane", Rooms = [new TypedRoom { Id = open.Rooms[0].Id, Name = "Hall", Capacity = 20 }] });
        var after = Assert.Single((await Read(path)).Events);
        Assert.Equal(("Old School, Hall, 1 Lane", 1, "New School, Hall, 1 Lane", 2), (before.Location, before.Sequence, after.Location, after.Sequence));
    }

    [Fact]
    public async Task Get_Feed_IsPrivateAndNotIndexedAndNeedsNoCookies() {
        var (_, path) = await Feed(app, await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority())));
        var answer = (await app.Browser().Get(path)).Response;
        Assert.Equal("text/calendar; charset=utf-8; method=PUBLISH", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
        Assert.True(answer.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        var headed = await app.CreateClient().SendAsync(head);
        Assert.Equal((HttpStatusCode.OK, answer.Headers.ETag), (headed.StatusCode, headed.Headers.ETag));
    }

    [Fact]
    public async Task Get_NothingChanged_IsAnsweredWith304UntilSomethingDoes() {
        var scene = await Scene.Set(app, places: 2);
        var who = await app.Given.Practitioner(scene.Setting);
        var (_, path) = await Feed(app, who);
        var first = (await app.Browser().Get(path)).Response;
        app.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(HttpStatusCode.NotModified, (await Ask(r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!))).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await Ask(r => r.Headers.IfModifiedSince = first.Content.Headers.LastModified)).StatusCode);
        await app.Send(who, new BookPlaces.Command(scene.Session, [who.PersonId]));
        var changed = await Ask(r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);
        Assert.Equal(app.Clock.GetUtcNow(), changed.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.OK, (await Ask(r => r.Headers.IfModifiedSince = first.Content.Headers.LastModified)).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await Ask(r => r.Headers.IfModifiedSince = changed.Content.Headers.LastModified)).StatusCode);
        // Within the same second as the last change.
        await app.Send(who, new CancelBooking.Command(await Booking(who), "Ill"));
        Assert.Equal(HttpStatusCode.OK, (await Ask(r => r.Headers.IfModifiedSince = changed.Content.Headers.LastModified)).StatusCode);

        async Task<HttpResponseMessage> Ask(Action<HttpRequestMessage> with) {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            with(request);
            return await app.CreateClient().SendAsync(request);
        }
    }

    Task<Guid> Booking(Actor who) => app.Database(db => db.One<Guid>("SELECT Id FROM training_Booking WHERE PersonId = @PersonId", new { who.PersonId }, default));

    [Fact]
    public async Task Get_Cancelled_StaysForNinetyDaysAsCancelled() {
        var scene = await Scene.Set(app, places: 2, inDays: 200);
        var who = await app.Given.Practitioner(scene.Setting);
        await app.Send(who, new BookPlaces.Command(scene.Session, [who.PersonId]));
        var (_, path) = await Feed(app, who);
        await app.Send(who, new CancelBooking.Command(await Booking(who), "Ill"));
        var after = Assert.Single((await Read(path)).Events);
        Assert.Equal(("CANCELLED", 2, "Cancelled: Babbling Babies"), (after.Status, after.Sequence, after.Summary));
        app.Clock.Set(CpdApp.Start.AddDays(90));
        Assert.Single((await Read(path)).Events);
        app.Clock.Set(CpdApp.Start.AddDays(91));
        Assert.Empty((await Read(path)).Events);
    }

    [Fact]
    public async Task Get_Past_StaysForNinetyDays() {
        var scene = await Scene.Set(app, places: 2);
        var who = await app.Given.Practitioner(scene.Setting);
        await app.Send(who, new BookPlaces.Command(scene.Session, [who.PersonId]));
        var (_, path) = await Feed(app, who);
        app.Clock.Set(CpdApp.Start.AddDays(99));
        Assert.Single((await Read(path)).Events);
        app.Clock.Set(CpdApp.Start.AddDays(102));
        Assert.Empty((await Read(path)).Events);
    }

    [Fact]
    public async Task Post_MakeAgainThenSwitchOff_OldAddressesFindNothing() {
        var (browser, first) = await Feed(app, await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority())));
        var second = PathOf(await Press(await browser.Get("/your-calendar"), "Make"));
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(second)).Status);
        var elsewhere = await browser.Get("/your-calendar");
        var off = await browser.Follow((await Press(await browser.Get("/your-calendar"), "End")).RedirectsTo!);
        Assert.Contains("switched off", off.Banner, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get(second)).Status);
        var again = await Press(elsewhere, "End");
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Equal(["Your calendar's address has been switched off already."], again.Errors);
    }

    [Fact]
    public async Task Get_WrongSecret_IsNotFoundAndNotIndexed() {
        foreach (var path in (string[])[$"/calendar/{Codes.Secret()}.ics", "/calendar/x.ics", "/calendar/%0A.ics"]) {
            var answer = await app.Browser().Get(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
            Assert.Equal("noindex", answer.Response.Headers.GetValues("X-Robots-Tag").Single());
        }
    }

    [Fact]
    public async Task DisableAccount_Feed_Ends() {
        var authority = await app.Given.Authority();
        var who = await app.Given.Practitioner(await app.Given.Setting(authority));
        var (_, path) = await Feed(app, who);
        await app.Send(await app.Given.Officer(authority), new DisableAccount.Command(who.PersonId));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get(path)).Status);
    }

    [Fact]
    public async Task Get_RobotsTxt_LetsCalendarsRead() {
        var robots = await app.CreateClient().GetStringAsync(new Uri("/robots.txt", UriKind.Relative));
        Assert.Contains("Allow: /calendar/\n", robots, StringComparison.Ordinal);
        Assert.Contains("Disallow: /bookings\n", robots, StringComparison.Ordinal);
    }

    /// <summary>Where the framework logs each request and one address may read five times a minute.</summary>
    sealed class Talkative : CpdApp {
        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            // The factory gives a section of a nested setting an empty value of its own, which here is no level.
            builder.UseSetting("Serilog:MinimumLevel", "Information");
            builder.UseSetting("Serilog:MinimumLevel:Override:Microsoft.AspNetCore", "Debug");
            builder.UseSetting("Limits:FeedsPerMinute", "5");
        }
    }

    [Fact]
    public async Task Get_FeedWhileRequestsAreLogged_SecretIsInNoLogAndManyTriesAreRefused() {
        await using var talkative = new Talkative();
        var (_, path) = await Feed(talkative, await talkative.Given.Practitioner(await talkative.Given.Setting(await talkative.Given.Authority())));
        var secret = path["/calendar/".Length..^4];
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await talkative.Browser().Get($"{path}?again={secret}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await talkative.Browser().Get(path)).Status);
        var log = "";
        foreach (var file in Directory.GetFiles(Path.Combine(talkative.Folder, "logs"))) {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            log += await reader.ReadToEndAsync();
        }
        Assert.Contains("/calendar/***.ics", log, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
    }
}
