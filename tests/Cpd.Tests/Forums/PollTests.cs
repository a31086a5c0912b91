using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Papers;
using Cpd.Forums.Polls;
using Cpd.Platform.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Forums;

/// <summary>Polls at a meeting: one vote each, from a phone without script, and results that are kept.</summary>
public sealed class PollTests(CpdApp app) : IClassFixture<CpdApp> {
    readonly MeetingsGiven given = new(app);

    [Fact]
    public async Task Post_Poll_SaysWhatIsMissing() {
        var forum = await given.Forum("Poll forms");
        var page = await (await app.Browser(forum.Officer)).Get(ForumsLinks.KeepPolls(forum.Meeting));
        Assert.Contains("No polls yet", page.Words, StringComparison.Ordinal);
        Assert.Equal(["Enter the question", "Enter between 2 and 10 choices"], (await page.Post([], "#add-poll")).Errors);
        Assert.Equal(["Enter between 2 and 10 choices"], (await page.Post([("Question", "Which?"), ("Choices", "One")], "#add-poll")).Errors);
        Assert.Equal(["Enter each choice once"], (await page.Post([("Question", "Which?"), ("Choices", "One\r\none")], "#add-poll")).Errors);
        Assert.Equal(["Each choice must be between 1 and 200 characters"], (await page.Post([("Question", "Which?"), ("Choices", $"One\n{new string('x', 201)}")], "#add-poll")).Errors);
        Assert.Equal(["The question must be 300 characters or fewer"], (await page.Post([("Question", new string('x', 301)), ("Choices", "One\nTwo")], "#add-poll")).Errors);
    }

    [Fact]
    public async Task Votes_OfNineteenRespondents_AreCountedAndKept() {
        var forum = await given.Forum("Nineteen", members: 20);
        var officer = await app.Browser(forum.Officer);
        await (await officer.Get(ForumsLinks.KeepPolls(forum.Meeting))).Post([("Question", "Where do babies sleep at your setting?"), ("Choices", "In cots\r\nOn mats\r\nOutdoors")], "#add-poll");
        var voter = await app.Browser(forum.Members[0]);
        Assert.Contains("No poll is open", (await voter.Get(ForumsLinks.Vote(forum.Meeting))).Words, StringComparison.Ordinal);
        await (await officer.Get(ForumsLinks.KeepPolls(forum.Meeting))).Post([("Change", "Open")], "main form[action*=Change]");
        for (var i = 0; i < 19; i++) {
            var browser = await app.Browser(forum.Members[i]);
            var page = await browser.Get(ForumsLinks.Vote(forum.Meeting));
            if (i == 0) {
                var refused = await page.Post([], "main form[id^=vote]");
                Assert.Equal(["Select your answer"], refused.Errors);
                // Beside the question, and the summary leads to its first answer.
                Assert.Contains("Select your answer", refused.Document.QuerySelector("form[id^=vote] .govuk-error-message")!.TextContent, StringComparison.Ordinal);
                Assert.NotNull(refused.Document.QuerySelector("form[id^=vote] " + refused.Document.QuerySelector(".govuk-error-summary a")!.GetAttribute("href")));
            }
            Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Choice", i < 11 ? "1" : i < 16 ? "2" : "3")], "main form[id^=vote]")).Status);
            var after = await browser.Get(ForumsLinks.Vote(forum.Meeting));
            Assert.Contains("You have voted.", after.Words, StringComparison.Ordinal);
            // The form that was sent can be sent again, and counts once.
            if (i == 0) Assert.Equal(["You have voted already. Each person has one vote."], (await page.Post([("Choice", "2")], "main form[id^=vote]")).Errors);
        }
        Assert.Contains("19 votes", (await officer.Get(ForumsLinks.KeepPolls(forum.Meeting))).Words, StringComparison.Ordinal);
        await (await officer.Get(ForumsLinks.KeepPolls(forum.Meeting))).Post([("Change", "Close")], "main form[action*=Change]");
        Assert.Contains("In cots 11 58% On mats 5 26% Outdoors 3 16%", (await voter.Get(ForumsLinks.Vote(forum.Meeting))).Words, StringComparison.Ordinal);
        using var api = await app.Api(forum.Officer);
        var poll = Assert.Single((await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{forum.Meeting}/polls")).GetProperty("polls").EnumerateArray());
        Assert.Equal((19, "Closed"), (poll.GetProperty("votes").GetInt32(), poll.GetProperty("state").GetString()));
        Assert.Equal([11, 5, 3], poll.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("votes").GetInt32()));
        Assert.Equal("The poll is closed.", Assert.IsType<Conflict>((await app.Ask(forum.Members[19], new Vote.Command(poll.GetProperty("id").GetGuid(), 1))).Refusal).Sentence);
    }

    [Fact]
    public async Task Vote_ByWhoIsNoMember_OrForAChoiceThatIsNone_CountsNothing() {
        var forum = await given.Forum("Strict poll");
        var poll = await app.Send(forum.Officer, new AddPoll.Command(forum.Meeting, "Which?", ["One", "Two"]));
        Assert.Equal(Outcome.NotFound, (await app.Ask(forum.Member, new Vote.Command(poll, 1))).Refusal);
        await app.Send(forum.Officer, new ChangePoll.Command(forum.Meeting, poll, ChangePoll.Change.Open));
        var stranger = await app.Given.Practitioner(await app.Given.Setting(forum.Authority));
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new Vote.Command(poll, 1))).Refusal);
        Assert.IsType<Invalid>((await app.Ask(forum.Member, new Vote.Command(poll, 3))).Refusal);
        Assert.Equal(0, await app.Database(db => db.One<int>("SELECT Votes FROM forums_Poll WHERE Id = @poll", new { poll }, default)));
        await app.Send(forum.Member, new Vote.Command(poll, 2));
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new ChangePoll.Command(forum.Meeting, poll, ChangePoll.Change.Remove))).Refusal);
        Assert.Equal(1, await app.Count("forums_PollVoter", "PollId = @poll", new { poll }));
    }

    [Fact]
    public async Task Vote_ManyTimesAtOnce_IsOneVote() {
        var forum = await given.Forum("Quick fingers");
        var poll = await app.Send(forum.Officer, new AddPoll.Command(forum.Meeting, "Which?", ["One", "Two"]));
        await app.Send(forum.Officer, new ChangePoll.Command(forum.Meeting, poll, ChangePoll.Change.Open));
        using var client = await app.Api(forum.Member);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => client.PostAsJsonAsync($"/api/v1/polls/{poll}/votes", new { choice = 1 + i % 2 }))));
        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.NoContent));
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.NoContent), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        Assert.Equal((1, 1, 1), (await app.Database(db => db.One<int>("SELECT Votes FROM forums_Poll WHERE Id = @poll", new { poll }, default)), await app.Database(db => db.One<int>("SELECT CAST(SUM(CAST(Votes AS BIGINT)) AS INT) FROM forums_PollChoice WHERE PollId = @poll", new { poll }, default)),
            await app.Count("forums_PollVoter", "PollId = @poll", new { poll })));
    }

    [Fact]
    public async Task Vote_ByTheLinkOfTheMessage_NeedsNoAccount() {
        var forum = await given.Forum("Linked poll");
        var poll = await app.Send(forum.Officer, new AddPoll.Command(forum.Meeting, "Which day suits you?", ["Monday", "Friday"]));
        await app.Send(forum.Officer, new ChangePoll.Command(forum.Meeting, poll, ChangePoll.Change.Open));
        var token = app.Services.GetRequiredService<PapersToken>().For(forum.Meeting, forum.Member.PersonId, app.Now.AddDays(1));
        var page = await app.Browser().Get(ForumsLinks.PapersByLink(token));
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Choice", "2")], "main form[id^=vote]")).Status);
        Assert.Equal(["You have voted already. Each person has one vote."], (await page.Post([("Choice", "1")], "main form[id^=vote]")).Errors);
        Assert.Equal([0, 1], (await app.Database(db => db.List<int>("SELECT Votes FROM forums_PollChoice WHERE PollId = @poll ORDER BY Number", new { poll }, default))));
    }
}
