using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Actions;
using Cpd.Forums.Minutes;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Forums;

/// <summary>What remains of a meeting: minutes that are drafted, agreed and published, and actions that are carried over until they are closed.</summary>
public sealed class ForumMinutesTests(CpdApp app) : IClassFixture<CpdApp>, IDisposable {
    readonly MeetingsGiven given = new(app);

    public void Dispose() => app.Clock.Set(CpdApp.Start);

    [Fact]
    public async Task Minutes_AreDraftedAgreedAndPublished_AndKeepTheirVersions() {
        var forum = await given.Forum("Minuted forum");
        var (officer, member, stranger) = (await app.Browser(forum.Officer), await app.Browser(forum.Member), app.Browser());
        Assert.Contains("The meeting has not started yet", (await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting))).Words, StringComparison.Ordinal);
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new WriteMinutes.Command(forum.Meeting, "Too early", 0))).Refusal);
        app.Clock.Set(MeetingsGiven.Starts.AddHours(2));
        (officer, member) = (await app.Browser(forum.Officer), await app.Browser(forum.Member));
        Assert.Equal(HttpStatusCode.NotFound, (await member.Get(ForumsLinks.Minutes(forum.Meeting))).Status);
        var page = await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting));
        Assert.Equal(["Write the minutes"], (await page.Post([], "#write")).Errors);
        Assert.Equal(["The minutes must be 50,000 characters or fewer"], (await page.Post([("Words", new string('x', 50_001))], "#write")).Errors);
        await page.Post([("Words", "We spoke of schemas.")], "#write");
        // A draft is the members', not the world's.
        Assert.Contains("Draft, not agreed yet We spoke of schemas.", (await member.Get(ForumsLinks.Minutes(forum.Meeting))).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(ForumsLinks.Minutes(forum.Meeting))).Status);
        // Two officers with the same draft: the second is told.
        var stale = await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting));
        await (await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting))).Post([("Words", "We spoke of schemas and of sleep.")], "#write");
        Assert.Equal(HttpStatusCode.Conflict, (await stale.Post([("Words", "Mine")], "#write")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await stale.Post([("By", "Chair")], "#agree")).Status);
        page = await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting));
        Assert.Equal(["Select who agreed the minutes"], (await page.Post([], "#agree")).Errors);
        await page.Post([("By", "Chair")], "#agree");
        page = await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting));
        Assert.Contains("Agreed by the chair on 8 October 2026, not published yet", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(ForumsLinks.Minutes(forum.Meeting))).Status);
        await page.Post([], "#publish");
        Assert.Contains("We spoke of schemas and of sleep.", (await stranger.Get(ForumsLinks.Minutes(forum.Meeting))).Words, StringComparison.Ordinal);
        // What is corrected after that is another version; the published one stands until that is published too.
        await (await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting))).Post([("Words", "We spoke of schemas, of sleep and of song.")], "#write");
        Assert.Contains("of sleep.", (await stranger.Get(ForumsLinks.Minutes(forum.Meeting))).Words, StringComparison.Ordinal);
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new SettleMinutes.Publish(forum.Meeting, 2))).Refusal);
        await app.Send(forum.Officer, new SettleMinutes.Agree(forum.Meeting, 2, 1, AgreedBy.Meeting));
        await app.Send(forum.Officer, new SettleMinutes.Publish(forum.Meeting, 2));
        Assert.Contains("of song.", (await stranger.Get(ForumsLinks.Minutes(forum.Meeting))).Words, StringComparison.Ordinal);
        using var api = await app.Api(forum.Officer);
        var versions = (await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{forum.Meeting}/minutes")).GetProperty("versions").EnumerateArray().ToList();
        Assert.Equal(["We spoke of schemas, of sleep and of song.", "We spoke of schemas and of sleep."], versions.Select(v => v.GetProperty("words").GetString()));
        Assert.Equal(["Meeting", "Chair"], versions.Select(v => v.GetProperty("agreedBy").GetString()));
    }

    [Fact]
    public async Task AgreeAndPublish_ByManyAtOnce_OnceEach_AndOneDraftOfTwo() {
        var forum = await given.Forum("Agreed at once");
        app.Clock.Set(MeetingsGiven.Starts.AddHours(2));
        var clients = new List<HttpClient>();
        for (var i = 0; i < 4; i++) clients.Add(await app.Api(await app.Given.Officer(forum.Authority)));
        var address = $"/api/v1/meetings/{forum.Meeting}/minutes";
        HttpStatusCode[] one = [HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict];
        Assert.Equal(one, (await Task.WhenAll(clients.Select((c, i) => Task.Run(() => c.PutAsJsonAsync(address, new { words = $"Text {i}", version = 0 }))))).Select(a => a.StatusCode).Order());
        Assert.Equal(one, (await Task.WhenAll(clients.Select((c, i) => Task.Run(() => c.PostAsJsonAsync($"{address}/1/agree", new { version = 1, by = i % 2 == 0 ? "Chair" : "Meeting" }))))).Select(a => a.StatusCode).Order());
        Assert.Equal(one, (await Task.WhenAll(clients.Select(c => Task.Run(() => c.PostAsJsonAsync($"{address}/1/publish", new { }))))).Select(a => a.StatusCode).Order());
        Assert.Equal(1, await app.Count("forums_MinutesText", "MeetingId = @Meeting", new { forum.Meeting }));
    }

    [Fact]
    public async Task Minutes_OfAMeetingThatWasCancelled_AreNotWritten() {
        var forum = await given.Forum("Cancelled and minuted");
        await app.Send(forum.Officer, new Cpd.Forums.Meetings.CancelMeeting.Command(forum.Meeting, "Flood"));
        app.Clock.Set(MeetingsGiven.Starts.AddHours(2));
        Assert.Contains("The meeting was cancelled", (await (await app.Browser(forum.Officer)).Get(ForumsLinks.KeepMinutes(forum.Meeting))).Words, StringComparison.Ordinal);
        using var api = await app.Api(forum.Officer);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PutAsJsonAsync($"/api/v1/meetings/{forum.Meeting}/minutes", new { words = "We met", version = 0 })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsJsonAsync($"/api/v1/meetings/{forum.Meeting}/actions", new { words = "Dry the hall", ownerName = "Ann", dueOn = "2026-12-01" })).StatusCode);
    }

    [Fact]
    public async Task Action_OfWhoHasLeftTheForum_CanStillBeChangedAndStaysTheirs() {
        var forum = await given.Forum("Left with an action");
        app.Clock.Set(MeetingsGiven.Starts.AddHours(2));
        var action = await app.Send(forum.Officer, new AddAction.Command(forum.Meeting, "Share the poster", forum.Member.PersonId, null, new DateOnly(2026, 12, 1)));
        await app.Send(forum.Officer, new Cpd.Forums.Members.RemoveMember.Command(forum.Series, forum.Member.PersonId));
        var page = await (await app.Browser(forum.Officer)).Get(ForumsLinks.Action(action));
        Assert.Contains($"{forum.Member.Name}, who has left the forum", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("DueOn.Day", "3")], "#change")).Status);
        Assert.Equal(1, await app.Count("forums_Action", "Id = @action AND OwnerId = @PersonId AND OwnerName = @Name AND DueOn = '2026-12-03'", new { action, forum.Member.PersonId, forum.Member.Name }));
    }

    [Fact]
    public async Task Actions_StandOnEachLaterAgendaUntilTheyAreClosed() {
        var forum = await given.Forum("Acting forum");
        var (second, third, fourth) = (await given.Meeting(forum.Officer, forum.Series, new(2027, 2, 4)), await given.Meeting(forum.Officer, forum.Series, new(2027, 5, 6)), await given.Meeting(forum.Officer, forum.Series, new(2027, 7, 1)));
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new AddAction.Command(forum.Meeting, "Too early", null, "Ann", new(2027, 1, 1)))).Refusal);
        app.Clock.Set(MeetingsGiven.Starts.AddHours(2));
        var officer = await app.Browser(forum.Officer);
        var page = await officer.Get(ForumsLinks.KeepMinutes(forum.Meeting));
        Assert.Equal(["Enter what is to be done", "Select who does it, or enter a name", "Enter by when it is to be done"], (await page.Post([], "#add-action")).Errors);
        (string, string?)[] due = [("DueOn.Day", "1"), ("DueOn.Month", "3"), ("DueOn.Year", "2027")];
        await page.Post([("ActionWords", "Share the schema poster"), ("OwnerId", forum.Member.PersonId.ToString()), .. due], "#add-action");
        await page.Post([("ActionWords", "Ask the library for rooms"), ("OwnerName", "Ann of the library"), .. due], "#add-action");
        async Task<string> Agenda(Guid meeting) => (await officer.Get(ForumsLinks.KeepAgenda(meeting))).Words;
        Assert.DoesNotContain("Share the schema poster", await Agenda(forum.Meeting), StringComparison.Ordinal);
        foreach (var later in new[] { second, third, fourth }) {
            Assert.Contains($"Share the schema poster {forum.Member.Name}, by 1 March 2027. Taken on 8 October 2026", await Agenda(later), StringComparison.Ordinal);
            Assert.Contains("Ask the library for rooms Ann of the library", await Agenda(later), StringComparison.Ordinal);
        }
        // Members read it with the papers of the next meeting.
        Assert.Contains("Share the schema poster", (await (await app.Browser(forum.Member)).Get(ForumsLinks.Papers(second))).Words, StringComparison.Ordinal);
        // Closed between the second and the third: it stood on the second's agenda, and stands on no later one.
        app.Clock.Set(new DateTimeOffset(2027, 3, 2, 10, 0, 0, TimeSpan.Zero));
        officer = await app.Browser(forum.Officer);
        var action = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Action WHERE SeriesId = @Series AND OwnerId IS NOT NULL", new { forum.Series }, default));
        page = await officer.Get(ForumsLinks.Action(action));
        Assert.Equal(["What came of it must be 500 characters or fewer"], (await page.Post([("Result", new string('x', 501))], "#close")).Errors);
        await page.Post([("Result", "All rooms have it")], "#close");
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Result", "Again")], "#close")).Status);
        Assert.Contains("Closed on 2 March 2027: All rooms have it", await Agenda(second), StringComparison.Ordinal);
        Assert.DoesNotContain("Share the schema poster", await Agenda(third), StringComparison.Ordinal);
        Assert.Contains("Ask the library for rooms", await Agenda(fourth), StringComparison.Ordinal);
        Assert.Contains("carried over once", (await officer.Get(ForumsLinks.Actions(forum.Series))).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")))).Get(ForumsLinks.Action(action))).Status);
        using var api = await app.Api(forum.Officer);
        Assert.Equal("Ask the library for rooms", Assert.Single((await api.GetFromJsonAsync<JsonElement>($"/api/v1/forums/{forum.Series}/actions?open=true")).GetProperty("actions").EnumerateArray()).GetProperty("words").GetString());
    }

    [Fact]
    public async Task Remind_OfAnAction_ThreeDaysBefore_OnceAndNotOfWhatIsClosed() {
        var forum = await given.Forum("Reminded forum", members: 2);
        app.Clock.Set(MeetingsGiven.Starts.AddHours(2));
        var due = new DateOnly(2026, 10, 22);
        var (kept, closed, moved, passed) = (await Take("Kept"), await Take("Closed"), await Take("Moved"), await Take("Passed on"));
        await app.Send(forum.Officer, new ChangeAction.Close(closed, 1, null));
        await app.Send(forum.Officer, new ChangeAction.Change(moved, 1, "Moved", forum.Members[0].PersonId, null, due.AddDays(14)));
        await app.Send(forum.Officer, new ChangeAction.Change(passed, 1, "Passed on", forum.Members[1].PersonId, null, due));
        Assert.Equal(["Enter what is to be done"], (await (await (await app.Browser(forum.Officer)).Get(ForumsLinks.Action(kept))).Post([("ActionWords", "")], "#change")).Errors);
        // Thursday is due; the Monday of that week is three days before.
        app.Clock.Set(new DateTimeOffset(2026, 10, 19, 7, 59, 0, TimeSpan.Zero));
        Assert.Empty(await given.Mails("Due on 22 October 2026: "));
        app.Clock.Set(new DateTimeOffset(2026, 10, 19, 8, 0, 0, TimeSpan.Zero));
        Assert.Single(await given.Mails("Due on 22 October 2026: Kept", forum.Members[0]));
        Assert.Single(await given.Mails("Due on 22 October 2026: Passed on", forum.Members[1]));
        app.Clock.Set(new DateTimeOffset(2026, 10, 20, 8, 0, 0, TimeSpan.Zero));
        Assert.Equal(2, (await given.Mails("Due on 22 October 2026: ")).Count);
        app.Clock.Set(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        Assert.Single(await given.Mails("Due on 5 November 2026: Moved", forum.Members[0]));
        Assert.Empty(await given.Mails("2026: Closed"));

        Task<Guid> Take(string what) => app.Send(forum.Officer, new AddAction.Command(forum.Meeting, what, forum.Members[0].PersonId, null, due));
    }
}
