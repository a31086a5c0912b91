using System.Net;
using Cpd.Forums;
using Cpd.Forums.Notices;
using Cpd.Forums.Reminders;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Forums;

/// <summary>The notice board between meetings: written and replied to by members, looked after by officers, and told by email each day or each week.</summary>
public sealed class NoticeTests(CpdApp app) : IClassFixture<CpdApp>, IDisposable {
    readonly MeetingsGiven given = new(app);

    public void Dispose() => app.Clock.Set(CpdApp.Start);

    [Fact]
    public async Task Post_NoticeAndReply_AreReadByMembersAlone() {
        var forum = await given.Forum("Board of two", members: 2);
        var (writer, reader) = (await app.Browser(forum.Members[0]), await app.Browser(forum.Members[1]));
        var board = await writer.Get(ForumsLinks.Notices(forum.Series));
        Assert.Contains("No notices yet", board.Words, StringComparison.Ordinal);
        Assert.Equal(["Enter a title", "Write your notice"], (await board.Post([], "#post")).Errors);
        Assert.Equal(["The title must be 200 characters or fewer"], (await board.Post([("Title", new string('x', 201)), ("Words", "x")], "#post")).Errors);
        Assert.Equal(["Your notice must be 4,000 characters or fewer"], (await board.Post([("Title", "x"), ("Words", new string('x', 4001))], "#post")).Errors);
        await board.Post([("Title", "Come and see our garden"), ("Words", "Any Tuesday.")], "#post");
        var listed = await reader.Get(ForumsLinks.Notices(forum.Series));
        Assert.Contains($"Come and see our garden {forum.Members[0].Name}", listed.Words, StringComparison.Ordinal);
        Assert.Contains("No replies yet", listed.Words, StringComparison.Ordinal);
        var address = listed.Document.QuerySelector("main h2 a")!.GetAttribute("href")!;
        var notice = await reader.Get(address);
        Assert.Equal(["Write your reply"], (await notice.Post([], "#reply")).Errors);
        await notice.Post([("Words", "We will come.")], "#reply");
        Assert.Contains($"Any Tuesday. {forum.Members[0].Name}", (await writer.Get(address)).Words, StringComparison.Ordinal);
        Assert.Contains("We will come.", (await writer.Get(address)).Words, StringComparison.Ordinal);
        Assert.Contains("1 reply", (await writer.Get(ForumsLinks.Notices(forum.Series))).Words, StringComparison.Ordinal);
        var stranger = await app.Given.Practitioner(await app.Given.Setting(forum.Authority));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(stranger)).Get(address)).Status);
        var id = Guid.Parse(address.Split('/')[^1]);
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new PostNotice.Command(forum.Series, "Mine", "Mine"))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new PostNotice.Reply(id, "Mine"))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new ModerateNotice.Report(id, "Mine"))).Refusal);
    }

    [Fact]
    public async Task Report_AndHide_TakesItFromMembersAndKeepsTheReason() {
        var forum = await given.Forum("Moderated board", members: 2);
        var id = await app.Send(forum.Members[0], new PostNotice.Command(forum.Series, "A child of ours", "Named by mistake"));
        var other = await app.Send(forum.Members[0], new PostNotice.Command(forum.Series, "Harmless", "Songs"));
        var member = await app.Browser(forum.Members[1]);
        var page = await member.Get(ForumsLinks.Notice(id));
        Assert.Equal(["Say what is wrong with it"], (await page.Post([], "#report")).Errors);
        await page.Post([("NoticeId", id.ToString()), ("ReportReason", "It names a child")], "#report");
        await page.Post([("NoticeId", id.ToString()), ("ReportReason", "It names a child")], "#report");
        // Who has reported what is not for members, programs included.
        using var api = await app.Api(forum.Members[1]);
        var seen = await api.GetStringAsync(new Uri($"/api/v1/forums/{forum.Series}/notices", UriKind.Relative));
        Assert.Contains("A child of ours", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("It names a child", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("report", seen, StringComparison.OrdinalIgnoreCase);
        var officer = await app.Browser(forum.Officer);
        var moderated = await officer.Get(ForumsLinks.ModerateNotices(forum.Series));
        Assert.StartsWith("A child of ours", moderated.Document.QuerySelector("main .app-results__item h2")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Reported by 1 person: It names a child", moderated.Words, StringComparison.Ordinal);
        var refused = await moderated.Post([], $"#hide-{id}");
        Assert.Equal(["Enter why it is hidden"], refused.Errors);
        Assert.Equal($"#Reason-{id}", refused.Document.QuerySelector(".govuk-error-summary a")!.GetAttribute("href"));
        Assert.Contains("Enter why it is hidden", refused.Document.QuerySelector($"#hide-{id} .govuk-error-message")!.TextContent, StringComparison.Ordinal);
        Assert.Null(refused.Document.QuerySelector($"#hide-{other} .govuk-error-message"));
        await moderated.Post([("Reason", "Names a child")], $"#hide-{id}");
        Assert.Equal(HttpStatusCode.NotFound, (await member.Get(ForumsLinks.Notice(id))).Status);
        Assert.DoesNotContain("A child of ours", (await member.Get(ForumsLinks.Notices(forum.Series))).Words, StringComparison.Ordinal);
        Assert.Contains("Harmless", (await member.Get(ForumsLinks.Notices(forum.Series))).Words, StringComparison.Ordinal);
        moderated = await officer.Get(ForumsLinks.ModerateNotices(forum.Series));
        Assert.Contains("Hidden on 5 October 2026: Names a child", moderated.Words, StringComparison.Ordinal);
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new ModerateNotice.Hide(id, "Twice"))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(await app.Given.Officer(await app.Given.Authority("Blackpool")), new ModerateNotice.Hide(other, "Not theirs"))).Refusal);
        await moderated.Post([], $"#show-{id}");
        Assert.Equal(HttpStatusCode.OK, (await member.Get(ForumsLinks.Notice(id))).Status);
    }

    [Fact]
    public async Task Digest_GoesEachDayOrEachWeek_AsEachReaderWantsIt_AndNotTwice() {
        var forum = await given.Forum("Told board", members: 4);
        var (writer, daily, weekly, refuses) = (forum.Members[0], forum.Members[1], forum.Members[2], forum.Members[3]);
        var page = await (await app.Browser(daily)).Get(ForumsLinks.Notices(forum.Series));
        Assert.Contains("You are told each week", page.Words, StringComparison.Ordinal);
        await page.Post([], "#digest");
        Assert.Contains("You are told each day", (await (await app.Browser(daily)).Get(ForumsLinks.Notices(forum.Series))).Words, StringComparison.Ordinal);
        await app.Database(async db => {
            await new Refusals(db, app.Clock).Set(refuses.PersonId, SendDigest.AsLetter, refused: true, default);
            return 0;
        });
        // Monday 10am: tomorrow for the one, next Monday for the other.
        await app.Send(writer, new PostNotice.Command(forum.Series, "Garden", "Come and see."));
        var hidden = await app.Send(writer, new PostNotice.Command(forum.Series, "Not to be told", "Hidden in time."));
        await app.Send(forum.Officer, new ModerateNotice.Hide(hidden, "Wrong"));
        const string subject = "New on the notice board: Told board";
        Assert.Empty(await given.Mails(subject));
        app.Clock.Set(CpdApp.Start.AddDays(1).AddHours(-1));
        var mails = await given.Mails(subject);
        Assert.Contains("Garden", Assert.Single(mails), StringComparison.Ordinal);
        Assert.Single(await given.Mails(subject, daily));
        Assert.DoesNotContain("Not to be told", mails[0], StringComparison.Ordinal);
        // On Wednesday somebody replies: the daily reader hears of the reply alone, the weekly one of both on Monday.
        app.Clock.Set(CpdApp.Start.AddDays(2));
        var garden = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Notice WHERE SeriesId = @Series AND Title = 'Garden'", new { forum.Series }, default));
        await app.Send(weekly, new PostNotice.Reply(garden, "On Friday?"));
        app.Clock.Set(CpdApp.Start.AddDays(3).AddHours(-1));
        Assert.Equal(2, (await given.Mails(subject, daily)).Count);
        Assert.Empty(await given.Mails(subject, writer));
        app.Clock.Set(CpdApp.Start.AddDays(7).AddHours(-1));
        Assert.Contains("1 notice or reply", Assert.Single(await given.Mails(subject, weekly)), StringComparison.Ordinal);
        Assert.Contains("Reply to Garden", Assert.Single(await given.Mails(subject, writer)), StringComparison.Ordinal);
        Assert.Equal(2, (await given.Mails(subject, daily)).Count);
        Assert.Empty(await given.Mails(subject, refuses));
        app.Clock.Set(CpdApp.Start.AddDays(14).AddHours(-1));
        Assert.Equal(4, (await given.Mails(subject)).Count);
    }
}
