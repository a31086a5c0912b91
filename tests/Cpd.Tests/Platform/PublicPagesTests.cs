using System.Net;
using Cpd.Platform.Data;
using Microsoft.AspNetCore.Hosting;

namespace Cpd.Tests.Platform;

/// <summary>Public pages are kept for a moment for those who bring no cookie, and for nobody else.</summary>
public sealed class PublicPagesTests(PublicPagesTests.KeepingApp app) : IClassFixture<PublicPagesTests.KeepingApp> {
    public sealed class KeepingApp : CpdApp {
        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            builder.UseSetting("PublicPages:KeepMilliseconds", "750");
        }
    }

    [Fact]
    public async Task Get_ChangedMeanwhile_IsKeptAtFirstAndShownWithinASecond() {
        var (path, id) = await Course("Kept");
        var browser = app.Browser();
        Assert.Equal("Kept", (await browser.Get(path)).Heading);
        await Rename(id, "Changed");
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal("Kept", (await browser.Get(path)).Heading);
        string heading;
        while ((heading = (await browser.Get(path)).Heading) != "Changed" && System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10)) await Task.Delay(10);
        Assert.Equal("Changed", heading);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1.5), "the page was kept for too long");
    }

    [Fact]
    public async Task Get_SignedIn_IsNeverKeptNorShownToOthers() {
        var (path, id) = await Course("Seen");
        var officer = await app.Given.Officer(await app.Given.Authority());
        var browser = await app.Browser(officer);
        var page = await browser.Get(path);
        Assert.Contains(officer.Name, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(officer.Name, (await app.Browser().Get(path)).Text, StringComparison.Ordinal);
        await Rename(id, "Seen again");
        Assert.Equal("Seen again", (await browser.Get(path)).Heading);
    }

    [Fact]
    public async Task Get_CookieOfOurs_IsNotKept() {
        var (path, id) = await Course("Bannered");
        Assert.Equal("Bannered", (await app.Browser().Get(path)).Heading);
        await Rename(id, "Renamed");
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("Cookie", "__Host-banner=anything");
        Assert.Equal("Renamed", (await new Browser(client).Get(path)).Heading);
    }

    [Fact]
    public async Task Get_OtherQuery_IsAnotherPage() {
        await Course("Alpha");
        await Course("Omega");
        var browser = app.Browser();
        Assert.Contains("Alpha", (await browser.Get("/courses?text=alpha")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Alpha", (await browser.Get("/courses?text=omega")).Words.Replace("“", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_KeptPage_HasTheNonceOfItsPolicyAndAnIdOfItsOwn() {
        var (path, _) = await Course("Nonce");
        var first = await app.Browser().Get(path);
        var second = await app.Browser().Get(path);
        Assert.Equal(first.Text, second.Text);
        var nonce = second.Document.QuerySelector("script[nonce]")!.GetAttribute("nonce");
        Assert.Contains($"'nonce-{nonce}'", second.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.NotEqual(first.Response.Headers.GetValues("X-Correlation-Id").Single(), second.Response.Headers.GetValues("X-Correlation-Id").Single());
    }

    [Fact]
    public async Task Get_NotFound_IsNotKept() {
        var id = Ids.New(app.Clock);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get($"/courses/{id}")).Status);
        await Course("Late", id);
        Assert.Equal("Late", (await app.Browser().Get($"/courses/{id}")).Heading);
    }

    async Task<(string Path, Guid Id)> Course(string title, Guid? given = null) {
        var (id, authority) = (given ?? Ids.New(app.Clock), await app.Given.Authority());
        await app.Database(db => db.Execute("""
            INSERT INTO training_Course (Id, AuthorityId, Title, TitleKey, SearchKey, Summary, LearningOutcomes, AgeRanges, Mode, Minutes, ParticipatoryMinutes, PricePence, State, CreatedAt, CreatedBy, PublishedAt, Version)
            VALUES (@id, @authority, @title, @Key, @Key, 'About it', 'Know it', 0, 'InPerson', 60, 0, 0, 'Published', @Now, @id, @Now, 1)
            """, new { id, authority, title, Key = " " + title.ToLowerInvariant(), app.Now }, default));
        return ($"/courses/{id}", id);
    }

    Task<int> Rename(Guid id, string title) => app.Database(db => db.Execute("UPDATE training_Course SET Title = @title WHERE Id = @id", new { id, title }, default));
}
