using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Cpd.Platform.Messages;
using Cpd.Tests.Calendars;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.People;

/// <summary>An authority's own words and logo, and the page on which its officers see what people get.</summary>
public sealed class LetterheadTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly byte[] Logo = Png(300, 100);

    [Fact]
    public async Task Pages_OthersThanOfficers_AreKeptOut() {
        var authority = await app.Given.Authority("Kent");
        var manager = await app.Browser(await app.Given.Manager(await app.Given.Setting(authority)));
        foreach (var address in (string[])["/manage/messages", "/manage/messages/booking-confirmed", "/manage/messages/booking-confirmed/page"]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await manager.Get(address)).Status);
        }
        var officer = await app.Browser(await app.Given.Officer(authority));
        var other = await app.Given.Authority("Dorset");
        foreach (var address in (string[])["/manage/messages", "/manage/messages/booking-confirmed", "/manage/messages/booking-confirmed/page"])
            Assert.Equal(HttpStatusCode.NotFound, (await officer.Get($"{address}?authorityId={other}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.Get("/manage/messages/no-such-kind")).Status);
    }

    [Fact]
    public async Task Post_Words_StandInTheirMessagesAndInNobodyElses() {
        var (mine, theirs) = (await app.Given.Authority("Rutland"), await app.Given.Authority("Torbay"));
        var officer = await app.Browser(await app.Given.Officer(mine));
        var form = await officer.Get("/manage/messages");
        var done = await form.Post([("Introduction", "News from <Rutland>."), ("Closing", "See you soon."), ("SignOff", "Rutland training"), ("Contact", "training@rutland.example")], "#words");
        Assert.Equal("The wording has been saved.", (await officer.Follow(done.RedirectsTo!)).Banner);
        var page = await officer.Get("/manage/messages/booking-confirmed");
        await page.Post([("Words", "Bring a cup.")], "#addition");
        var text = (await officer.Get("/manage/messages/booking-confirmed")).Document.QuerySelector("pre")!.TextContent;
        foreach (var words in (string[])["News from <Rutland>.", "See you soon.", "Rutland training", "training@rutland.example", "Bring a cup."]) Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bring a cup.", (await officer.Get("/manage/messages/booking-waiting")).Document.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Booked To whoever has a place, as soon as they have it. With words of yours.", (await officer.Get("/manage/messages")).Words, StringComparison.Ordinal);

        var others = await (await app.Browser(await app.Given.Officer(theirs))).Get("/manage/messages/booking-confirmed");
        Assert.DoesNotContain("Rutland", others.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bring a cup.", others.Text, StringComparison.Ordinal);
        Assert.Contains("Ask the early years team of Torbay", others.Text, StringComparison.Ordinal);

        // Taken back: said no more.
        await page.Post([("Words", " ")], "#addition");
        Assert.DoesNotContain("Bring a cup.", (await officer.Get("/manage/messages/booking-confirmed")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SomebodyElseWasFirst_IsToldSo() {
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority("Devon")));
        var (one, two) = (await officer.Get("/manage/messages"), await officer.Get("/manage/messages"));
        await one.Post([("Closing", "One")], "#words");
        Assert.Contains("Somebody else has changed the wording", (await two.Post([("Closing", "Two")], "#words")).Text, StringComparison.Ordinal);
        (one, two) = (await officer.Get("/manage/messages"), await officer.Get("/manage/messages"));
        await one.Post([("Closing", "Three")], "#words");
        Assert.Equal(HttpStatusCode.Conflict, (await two.Post([("Closing", "Four")], "#words")).Status);
    }

    [Fact]
    public async Task Post_TooLong_SaysSoAndKeepsWhatWasTyped() {
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority("Cumberland")));
        var answer = await (await officer.Get("/manage/messages")).Post([("Introduction", new('x', 501)), ("Closing", new('x', 501)), ("SignOff", new('x', 201)), ("Contact", new('x', 301))], "#words");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["The introduction must be 500 characters or fewer", "The closing words must be 500 characters or fewer", "The sign-off must be 200 characters or fewer", "Whom to ask must be 300 characters or fewer"], answer.Errors);
        Assert.Equal(501, answer.Document.QuerySelector("textarea[name=Closing]")!.TextContent.Trim().Length);
        Assert.Equal(["The paragraph must be 500 characters or fewer"], (await (await officer.Get("/manage/messages/booking-confirmed")).Post([("Words", new('x', 501))], "#addition")).Errors);
    }

    [Fact]
    public async Task Post_Logo_IsPublicShownAndTakenAway() {
        var authority = await app.Given.Authority("Suffolk");
        var officer = await app.Browser(await app.Given.Officer(authority));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get($"/logos/{authority}")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await Upload(officer, Logo)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await Upload(officer, Jpeg(120, 80))).StatusCode);
        var read = await app.CreateClient().GetAsync(new Uri($"/logos/{authority}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (read.StatusCode, read.Content.Headers.ContentType!.ToString()));
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(read.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(read.Headers.GetValues("X-Content-Type-Options")));
        var page = await officer.Get("/manage/messages/booking-confirmed/page");
        Assert.EndsWith($"/logos/{authority}", page.Document.QuerySelector("img")!.GetAttribute("src"), StringComparison.Ordinal);
        await (await officer.Get("/manage/messages")).Post([], "#remove-logo");
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get($"/logos/{authority}")).Status);
        Assert.Null((await officer.Get("/manage/messages/booking-confirmed/page")).Document.QuerySelector("img"));
    }

    public static TheoryData<string, byte[]?, string> Bad => new() {
        { "none", null, "Select a logo" },
        { "empty", [], "The logo file is empty" },
        { "SVG", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), "The logo must be a PNG or JPEG picture" },
        { "page", [.. Logo[..8], .. "<html><script>alert(1)</script></html> and more and more and more"u8], "The logo must be a PNG or JPEG picture" },
        { "cut short", Logo[..^4], "The logo must be a PNG or JPEG picture" },
        { "cut JPEG", Jpeg(100, 100)[..^2], "The logo must be a PNG or JPEG picture" },
        { "JPEG without a frame", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xFF, 0xD9], "The logo must be a PNG or JPEG picture" },
        { "wide", Png(1201, 100), "The logo must be at most 1200 pixels wide and high" },
        { "huge number", Png(uint.MaxValue, uint.MaxValue), "The logo must be at most 1200 pixels wide and high" },
        { "tiny", Png(15, 15), "The logo must be at least 16 pixels wide and high" },
        { "large", Png(100, 100, more: 101 * 1024), "The logo must be smaller than 100 KB" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task Post_LogoIsNone_SaysWhy(string what, byte[]? content, string sentence) {
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority("Norfolk")));
        var answer = await WebPage.Read(officer, await Upload(officer, content));
        Assert.True(answer.Errors is [var said] && said == sentence, $"{what}: {string.Join(", ", answer.Errors)}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Preview_EveryKind_IsAPageThatCanDoNothing() {
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority("Essex")));
        var list = await officer.Get("/manage/messages");
        var links = list.Document.QuerySelectorAll("main dl a").Select(a => a.GetAttribute("href")!).ToList();
        Assert.Equal(app.Services.GetRequiredService<LetterKinds>().All.Count, links.Count);
        foreach (var link in links) {
            var page = await officer.Get(link);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            // At 10am of a day on which people work.
            Assert.DoesNotMatch("Saturday|Sunday", page.Document.QuerySelector("pre")!.TextContent);
            if (link.Contains("-text", StringComparison.Ordinal)) {
                Assert.Contains("Tomorrow at 10am: Talking with two year olds", page.Document.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
                Assert.DoesNotContain("Dear", page.Document.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
                Assert.Null(page.Document.QuerySelector("iframe"));
                continue;
            }
            var frame = page.Document.QuerySelector("iframe")!;
            Assert.Equal("", frame.GetAttribute("sandbox"));
            Assert.Contains("frame-src 'self'", Assert.Single(page.Response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            var html = await officer.Get(frame.GetAttribute("src")!);
            Assert.Equal(HttpStatusCode.OK, html.Status);
            var policy = Assert.Single(html.Response.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Assert.EndsWith("; sandbox", policy, StringComparison.Ordinal);
            Assert.Contains("Dear Sam Taylor,", html.Text, StringComparison.Ordinal);
            Assert.Contains("Dear Sam Taylor,", page.Document.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Test_IsSentToTheOfficerThemselves() {
        var authority = await app.Given.Authority("Surrey");
        var who = await app.Given.Officer(authority);
        var officer = await app.Browser(who);
        await (await officer.Get("/manage/messages")).Post([("SignOff", "Surrey training")], "#words");
        foreach (var kind in (string[])["place-offered", "new-password"]) {
            app.Clock.Set(app.Clock.GetUtcNow().AddMilliseconds(1));
            var done = await (await officer.Get($"/manage/messages/{kind}")).Post([], "#test");
            Assert.Contains("A test is on its way to", (await officer.Follow(done.RedirectsTo!)).Banner, StringComparison.Ordinal);
        }
        var mails = await app.MailTo(who.PersonId);
        Assert.Equal(["Test: A place is free for you: Talking with two year olds", "Test: Choose a new password"], mails.Select(m => m.Subject));
        Assert.Contains("Surrey training", mails[0].Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Surrey training", mails[1].Words, StringComparison.Ordinal);
        Assert.Contains("You have given no mobile number here", (await (await officer.Get("/manage/messages/training.session-tomorrow-text")).Post([], "#test")).Text, StringComparison.Ordinal);
        await app.Database(db => db.Execute("UPDATE people_Person SET Mobile = '+447700900123' WHERE Id = @PersonId", new { who.PersonId }, default));
        var text = await (await officer.Get("/manage/messages/training.session-tomorrow-text")).Post([], "#test");
        Assert.Contains("A test is on its way to +447700900123.", (await officer.Follow(text.RedirectsTo!)).Banner, StringComparison.Ordinal);
        await app.Database(db => db.Execute("UPDATE people_Person SET Email = NULL, EmailKey = NULL WHERE Id = @PersonId", new { who.PersonId }, default));
        Assert.Contains("You have no email address here", (await (await officer.Get("/manage/messages/place-offered")).Post([], "#test")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administrator_ChoosesWhose() {
        var authority = await app.Given.Authority("Somerset");
        var administrator = await app.Browser(await app.Given.Administrator());
        Assert.Contains("Choose a local authority", (await administrator.Get("/manage/messages")).Text, StringComparison.Ordinal);
        Assert.Contains("Somerset", (await administrator.Get($"/manage/messages?authorityId={authority}")).Words, StringComparison.Ordinal);
        Assert.Equal("/manage/messages", (await administrator.Get("/manage/messages/booking-confirmed")).RedirectsTo);
    }

    static async Task<HttpResponseMessage> Upload(Browser browser, byte[]? content) {
        var form = (await browser.Get("/manage/messages")).Document.QuerySelector("#logo")!;
        using var body = new MultipartFormDataContent { { new StringContent(form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken" } };
        if (content is not null) {
            var file = new ByteArrayContent(content);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            body.Add(file, "Logo", "logo.png");
        }
        return await browser.Client.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), body);
    }

    /// <summary>As much of a PNG as is looked at.</summary>
    static byte[] Png(uint width, uint height, int more = 0) {
        var head = new byte[33];
        ((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8]).CopyTo(head, 0);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(20), height);
        return [.. head, .. new byte[more], 0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];
    }

    static byte[] Jpeg(int width, int height) => [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9,
    ];
}
