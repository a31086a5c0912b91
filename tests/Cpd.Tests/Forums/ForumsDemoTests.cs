using System.Text.Json;
using Cpd.Forums;

namespace Cpd.Tests.Forums;

/// <summary>The forums of the demonstration, as its officer sees them.</summary>
public sealed class ForumsDemoTests(DemoApp app) : IClassFixture<DemoApp> {
    [Fact]
    public async Task Network_WebinarAndFourSessions_Are138PeopleOf35Authorities() {
        var found = await Ask("2025", "Baby network");
        var totals = found.GetProperty("totals");
        Assert.Equal((5, 138, 35), (totals.GetProperty("meetings").GetInt32(), totals.GetProperty("people").GetInt32(), totals.GetProperty("authorities").GetInt32()));
        var attendances = found.GetProperty("meetings").EnumerateArray().Select(m => m.GetProperty("attendances").GetInt32()).ToList();
        Assert.Equal([138, 28, 28, 27, 27], attendances);
        Assert.Equal(attendances.Sum(), found.GetProperty("authorities").EnumerateArray().Sum(a => a.GetProperty("attendances").GetInt32()));
    }

    [Theory]
    [InlineData("Birth to three forum")]
    [InlineData("Leaders and managers forum")]
    public async Task ThurrockYear_EachForum_MeetsInEachOfTheThreeTerms(string name) {
        var forum = await Id(name);
        var page = await (await app.SignIn("AuthorityOfficer")).Get(ForumsLinks.Series(forum));
        var ahead = page.Document.QuerySelectorAll("main h3").Select(h => h.TextContent).ToList();
        Assert.Equal(3, ahead.Count);
        Assert.Equal(3, await app.Database(db => db.One<int>("SELECT COUNT(DISTINCT Term) FROM forums_Meeting WHERE SeriesId = @forum AND State = 'Published' AND StartsAt > @Now", new { forum, app.Now }, default)));
    }

    async Task<JsonElement> Ask(string year, string forum) => JsonDocument.Parse(await app.Key("AuthorityOfficer").GetStringAsync(new Uri($"/api/v1/forum-attendance?year={year}&seriesId={await Id(forum)}", UriKind.Relative))).RootElement;

    async Task<Guid> Id(string forum) => await app.Database(db => db.One<Guid>("SELECT s.Id FROM forums_Series s JOIN people_Authority a ON a.Id = s.AuthorityId WHERE a.Name = 'Thurrock' AND s.Name = @forum", new { forum }, default));
}
