using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Agenda;
using Cpd.Forums.Meetings;
using Cpd.Forums.Papers;
using Cpd.Forums.Themes;
using Cpd.Platform.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Forums;

/// <summary>The agenda of a meeting and its papers: what officers write, what members propose and read, and who reads nothing.</summary>
public sealed class AgendaTests(CpdApp app) : IClassFixture<CpdApp> {
    readonly MeetingsGiven given = new(app);
    static readonly byte[] Pdf = [.. "%PDF-1.7 a paper"u8];

    [Fact]
    public async Task Get_OfficersPages_SignedOut_WrongRole_OtherAuthority() {
        var forum = await given.Forum("Kept from others");
        var other = await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")));
        foreach (var address in new[] {
            ForumsLinks.KeepAgenda(forum.Meeting), ForumsLinks.KeepPapers(forum.Meeting), ForumsLinks.Register(forum.Meeting), ForumsLinks.TypedTimes(forum.Meeting), ForumsLinks.KeepPolls(forum.Meeting), ForumsLinks.KeepMinutes(forum.Meeting),
            ForumsLinks.Evaluation(forum.Meeting), ForumsLinks.Quorum(forum.Series), ForumsLinks.Actions(forum.Series), ForumsLinks.ModerateNotices(forum.Series),
        }) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(forum.Member)).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await other.Get(address)).Status);
            Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(forum.Officer)).Get(address)).Status);
        }
    }

    [Fact]
    public async Task Get_MembersPages_OthersFindNothing() {
        var forum = await given.Forum("For members");
        var stranger = await app.Browser(await app.Given.Practitioner(await app.Given.Setting(forum.Authority)));
        foreach (var address in new[] { ForumsLinks.Papers(forum.Meeting), ForumsLinks.Vote(forum.Meeting), ForumsLinks.Notices(forum.Series) }) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(address)).Status);
            Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(forum.Member)).Get(address)).Status);
        }
    }

    [Fact]
    public async Task Post_NothingTyped_SaysWhatIsMissing() {
        var forum = await given.Forum("Empty agenda");
        var page = await (await app.Browser(forum.Officer)).Get(ForumsLinks.KeepAgenda(forum.Meeting));
        Assert.Contains("Nothing on the agenda yet", page.Words, StringComparison.Ordinal);
        Assert.Equal(["Select what the item is for", "Enter what the item is called"], (await page.Post([], "#add-item")).Errors);
        (string, string?)[] good = [("Kind", "Learning"), ("Title", "Schemas")];
        Assert.Equal(["What the item is called must be 200 characters or fewer"], (await page.Post([("Kind", "Learning"), ("Title", new string('x', 201))], "#add-item")).Errors);
        Assert.Equal(["The detail must be 1,000 characters or fewer"], (await page.Post([.. good, ("Detail", new string('x', 1001))], "#add-item")).Errors);
        Assert.Equal(["The minutes must be between 1 and 600"], (await page.Post([.. good, ("Minutes", "601")], "#add-item")).Errors);
        Assert.Equal(["The name of who leads it must be 200 characters or fewer"], (await page.Post([.. good, ("LeadName", new string('x', 201))], "#add-item")).Errors);
        Assert.Equal(["Select who leads it or enter a name, not both"], (await page.Post([.. good, ("LeadId", forum.Member.PersonId.ToString()), ("LeadName", "Ann")], "#add-item")).Errors);
        var stranger = await app.Given.Person();
        Assert.Equal(["Select a member of the forum or an officer"], (await page.Post([.. good, ("LeadId", stranger.ToString())], "#add-item")).Errors);
        Assert.Equal(0, await app.Count("forums_AgendaItem", "MeetingId = @Meeting", new { forum.Meeting }));
    }

    [Fact]
    public async Task Post_Items_StandInOrderAndMove() {
        var forum = await given.Forum("Ordered agenda");
        var theme = await app.Send(forum.Officer, new ChangeThemes.Add(forum.Authority, "Ordered theme"));
        var browser = await app.Browser(forum.Officer);
        var page = await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting));
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Kind", "Learning"), ("Title", "Speech and language"), ("LeadId", forum.Member.PersonId.ToString()), ("Minutes", "40"), ("ThemeId", theme.ToString())], "#add-item")).Status);
        await (await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting))).Post([("Kind", "OpenDialogue"), ("Title", "Babbling Babies"), ("LeadName", "Ann of the health visitors"), ("Minutes", "20")], "#add-item");
        page = await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting));
        Assert.Equal("The item is on the agenda.", page.Banner);
        Assert.Contains("1 hour of 1 hour 30 minutes planned.", page.Words, StringComparison.Ordinal);
        Assert.Contains($"Speech and language Learning, 40 minutes, led by {forum.Member.Name}. Theme: Ordered theme", page.Words, StringComparison.Ordinal);
        Assert.Contains("Babbling Babies Open dialogue, 20 minutes, led by Ann of the health visitors", page.Words, StringComparison.Ordinal);
        await page.Post([("Change", "MoveUp")], "main ol li:nth-child(2) form");
        page = await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting));
        Assert.Equal(["Babbling Babies", "Speech and language"], page.Document.QuerySelectorAll("main ol h2").Select(h => h.TextContent));
        await page.Post([("Change", "Remove")], "main ol li:nth-child(1) form");
        Assert.Equal(["Speech and language"], (await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting))).Document.QuerySelectorAll("main ol h2").Select(h => h.TextContent));
        using var api = await app.Api(forum.Member);
        var agenda = await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{forum.Meeting}/agenda");
        Assert.Equal("Ordered theme", Assert.Single(agenda.GetProperty("items").EnumerateArray()).GetProperty("theme").GetString());
    }

    [Fact]
    public async Task Post_Proposal_IsTakenOnOrDeclinedWithAReason() {
        var forum = await given.Forum("Proposals", members: 2);
        var member = await app.Browser(forum.Member);
        var page = await member.Get(ForumsLinks.Papers(forum.Meeting));
        Assert.Equal(["Select what the item is for", "Enter what you would like to speak about"], (await page.Post([], "#propose")).Errors);
        await page.Post([("ItemKind", "Learning"), ("ItemTitle", "Heuristic play")], "#propose");
        await page.Post([("ItemKind", "Business"), ("ItemTitle", "Parking")], "#propose");
        Assert.Contains("Heuristic play Waits for an answer", (await member.Get(ForumsLinks.Papers(forum.Meeting))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Heuristic play", (await (await app.Browser(forum.Members[1])).Get(ForumsLinks.Papers(forum.Meeting))).Words, StringComparison.Ordinal);
        var officer = await app.Browser(forum.Officer);
        var kept = await officer.Get(ForumsLinks.KeepAgenda(forum.Meeting));
        Assert.Contains($"Learning. Proposed by {forum.Member.Name}", kept.Words, StringComparison.Ordinal);
        var parking = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_AgendaItem WHERE MeetingId = @Meeting AND Title = 'Parking'", new { forum.Meeting }, default));
        var other = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_AgendaItem WHERE MeetingId = @Meeting AND Title = 'Heuristic play'", new { forum.Meeting }, default));
        Assert.Equal(["Enter why the item is declined"], (await kept.Post([("Change", "Decline")], $"main form:has(input[value='{parking}'])")).Errors);
        await kept.Post([("Change", "Decline"), ("Reason", "The car park belongs to the library")], $"main form:has(input[value='{parking}'])");
        await kept.Post([("Change", "Accept")], $"main form:has(input[value='{other}'])");
        var after = (await member.Get(ForumsLinks.Papers(forum.Meeting))).Words;
        Assert.Contains("Parking Not taken on: The car park belongs to the library", after, StringComparison.Ordinal);
        Assert.Contains("Heuristic play Learning", after, StringComparison.Ordinal);
        // What is decided is decided.
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new ChangeItem.Command(forum.Meeting, parking, ChangeItem.Change.Accept, null))).Refusal);
    }

    [Fact]
    public async Task Signposts_LeadToCoursesOfThoseWhoTakePart_OnTheThemesOfItems() {
        var forum = await given.Forum("With themes", authority: "Kent");
        var (partner, far) = (await app.Given.Authority("Dorset"), await app.Given.Authority("Devon"));
        await app.Send(forum.Officer, new Cpd.Forums.Series.SetAuthorities.Command(forum.Series, [partner]));
        async Task<Guid> Held(Guid authority, string title, string topics, bool full = false) {
            var officer = await app.Given.Officer(authority);
            var course = await app.Send(officer, Training.TrainingGiven.Course(authority, title) with { Topics = topics });
            await app.Send(officer, new Cpd.Training.Courses.PublishCourse.Command(course));
            var session = await app.Send(officer, new Cpd.Training.Sessions.AddSession.Command { CourseId = course, Dates = [Training.TrainingGiven.Date(new(2026, 11, 20))], Places = 1, VenueName = "Hall", VenueAddress = "Street" });
            await app.Send(officer, new Cpd.Training.Sessions.PublishSession.Command(session));
            if (full) await app.Send(officer, new Cpd.Training.Bookings.BookPlaces.Command(session, [await app.Given.Staff(await app.Given.Setting(authority))]));
            return course;
        }
        var byTopic = await Held(forum.Authority, "Settling in", "Attachment\nTransitions");
        var byTitle = await Held(partner, "The attachment, again", "Care");
        await Held(far, "Attachment far away", "Attachment");
        await Held(forum.Authority, "Attachment, full", "Attachment", full: true);
        await Held(forum.Authority, "Something else", "Play");
        var theme = await app.Send(forum.Officer, new ChangeThemes.Add(forum.Authority, "Attachment"));
        var browser = await app.Browser(forum.Member);
        Assert.DoesNotContain("Courses on these themes", (await browser.Get(ForumsLinks.Papers(forum.Meeting))).Words, StringComparison.Ordinal);
        await app.Send(forum.Officer, new AddItem.Command(forum.Meeting, ItemKind.Learning, "Who is it for me?", null, null, null, 20, theme));
        var page = await browser.Get(ForumsLinks.Papers(forum.Meeting));
        Assert.Contains("Courses on these themes", page.Words, StringComparison.Ordinal);
        var links = page.Document.QuerySelectorAll("main a[href^='/courses/']").Select(a => (a.GetAttribute("href")!, a.ParentElement!.TextContent.Trim())).Order().ToList();
        Assert.Equal(new[] { ($"/courses/{byTopic}", "Settling in (Attachment), next on 20 November 2026"), ($"/courses/{byTitle}", "The attachment, again (Attachment), next on 20 November 2026") }.Order(), links);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get($"/courses/{byTopic}")).Status);
        // A theme without a letter is on no course rather than on all.
        Assert.Empty(await app.Ask(forum.Officer, new Cpd.Training.Contracts.FindCoursesOn(["--"], [forum.Authority])));
    }

    [Fact]
    public async Task Post_ProposalByWhoIsNoMember_IsNotFound_AndNotAfterTheBeginning() {
        var forum = await given.Forum("Closed to proposals");
        var stranger = await app.Given.Practitioner(await app.Given.Setting(forum.Authority));
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new ProposeItem.Command(forum.Meeting, ItemKind.Learning, "Mine", null))).Refusal);
        for (var i = 0; i < 5; i++) await app.Send(forum.Member, new ProposeItem.Command(forum.Meeting, ItemKind.Learning, $"Item {i}", null));
        Assert.IsType<Conflict>((await app.Ask(forum.Member, new ProposeItem.Command(forum.Meeting, ItemKind.Learning, "One more", null))).Refusal);
        app.Clock.Set(MeetingsGiven.Starts);
        try {
            Assert.IsType<Conflict>((await app.Ask(forum.Member, new ProposeItem.Command(forum.Meeting, ItemKind.Learning, "Late", null))).Refusal);
        } finally {
            app.Clock.Set(CpdApp.Start);
        }
    }

    [Fact]
    public async Task Papers_AreForMembersOnceTheyAreReady_AndForNobodyElse() {
        var forum = await given.Forum("Secret papers");
        var (officer, member) = (await app.Browser(forum.Officer), await app.Browser(forum.Member));
        var stranger = await app.Browser(await app.Given.Practitioner(await app.Given.Setting(forum.Authority)));
        var form = await officer.Get(ForumsLinks.KeepPapers(forum.Meeting));
        Assert.Equal(["Select when it is read", "Enter a title", "Enter a link or select a file"], (await form.Post([], "#add-paper")).Errors);
        Assert.Equal(["The link must be a web address, like https://example.org/handout"], (await form.Post([("Kind", "Paper"), ("Title", "Link"), ("Link", "nowhere")], "#add-paper")).Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await Upload(officer, forum.Meeting, "Report", "report.pdf", Pdf)).StatusCode);
        using (var wrong = await Upload(officer, forum.Meeting, "Wrong", "wrong.pdf", "not a pdf"u8.ToArray()))
            Assert.Contains("The file is not what its name says: .pdf", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var address = (await officer.Get(ForumsLinks.KeepPapers(forum.Meeting))).Document.QuerySelector("main dt a")!.GetAttribute("href")!;
        Assert.Equal(HttpStatusCode.OK, (await officer.Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await member.Get(address)).Status);
        Assert.DoesNotContain("Report", (await member.Get(ForumsLinks.Papers(forum.Meeting))).Words, StringComparison.Ordinal);
        await app.Send(forum.Officer, new SendPapers.Command(forum.Meeting));
        Assert.Contains("Report (PDF, 1 KB)", (await member.Get(ForumsLinks.Papers(forum.Meeting))).Words, StringComparison.Ordinal);
        var file = await member.Client.GetAsync(address);
        Assert.Equal(Pdf, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(address)).Status);
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);

        // By the link of the message, without signing in; of this meeting only.
        var token = app.Services.GetRequiredService<PapersToken>().For(forum.Meeting, forum.Member.PersonId, app.Now.AddDays(1));
        var byLink = await app.Browser().Get(ForumsLinks.PapersByLink(token));
        Assert.Equal("Agenda and papers", byLink.Heading);
        Assert.Equal(Pdf, await (await app.Browser().Client.GetAsync(byLink.Document.QuerySelector("main ul a[href*='/files/']")!.GetAttribute("href")!)).Content.ReadAsByteArrayAsync());
        var other = await given.Forum("Other papers");
        var foreign = app.Services.GetRequiredService<PapersToken>().For(other.Meeting, forum.Member.PersonId, app.Now.AddDays(1));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get(ForumsLinks.PaperByLink(foreign, Guid.Parse(address.Split('/')[^1])))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(ForumsLinks.PapersByLink("nonsense"))).Status);
        await app.Send(forum.Officer, new RemovePaper.Command(forum.Meeting, Guid.Parse(address.Split('/')[^1])));
        Assert.Equal(HttpStatusCode.NotFound, (await member.Get(address)).Status);
    }

    [Fact]
    public async Task Send_Papers_TellsEachMemberOnce() {
        var forum = await given.Forum("Told forum", members: 2);
        var page = await (await app.Browser(forum.Officer)).Get(ForumsLinks.KeepPapers(forum.Meeting));
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([], "#send-papers")).Status);
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new SendPapers.Command(forum.Meeting))).Refusal);
        Assert.Single(await given.Mails("Papers are ready: Told forum", forum.Members[0]));
        Assert.Single(await given.Mails("Papers are ready: Told forum", forum.Members[1]));
        Assert.Equal(2, (await given.Mails("Papers are ready: Told forum")).Count);
        Assert.Contains("2 messages have gone out", (await (await app.Browser(forum.Officer)).Get(ForumsLinks.KeepPapers(forum.Meeting))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_PapersAtNight_SaysInTheMorningWhereTheMeetingIsThen_AndNothingOfOneCalledOff() {
        var (moved, cancelled) = (await given.Forum("Moved forum"), await given.Forum("Dropped forum"));
        app.Clock.Set(CpdApp.Start.AddHours(13));
        try {
            await app.Send(moved.Officer, new SendPapers.Command(moved.Meeting));
            await app.Send(cancelled.Officer, new SendPapers.Command(cancelled.Meeting));
            Assert.Empty(await given.Mails("Papers are ready: Moved forum"));
            await app.Send(cancelled.Officer, new CancelMeeting.Command(cancelled.Meeting, "Flood"));
            await app.Database(db => db.Execute("UPDATE forums_Meeting SET StartsAt = @At, EndsAt = @End WHERE Id = @Meeting", new { moved.Meeting, At = app.Now.AddDays(5), End = app.Now.AddDays(5).AddHours(1) }, default));
            app.Clock.Set(CpdApp.Start.AddDays(1));
            Assert.Single(await given.Mails("Papers are ready: Moved forum, 10 October 2026"));
            Assert.Empty(await given.Mails("Papers are ready: Dropped forum"));
            app.Clock.Set(CpdApp.Start.AddDays(2));
            Assert.Single(await given.Mails("Papers are ready: Moved forum"));
        } finally {
            app.Clock.Set(CpdApp.Start);
        }
    }

    [Fact]
    public async Task Themes_AreOfAnAuthority_AndEndedOnesAreOfferedNoMore() {
        var forum = await given.Forum("Themed forum");
        var browser = await app.Browser(forum.Officer);
        var page = await browser.Get(ForumsLinks.Themes);
        Assert.Equal(["Enter the theme"], (await page.Post([], "#add-theme")).Errors);
        await page.Post([("Name", "Key person")], "#add-theme");
        Assert.Equal(["There is this theme already"], (await page.Post([("Name", " key PERSON ")], "#add-theme")).Errors);
        Assert.Contains("Key person", (await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting))).Document.QuerySelector("select[name=ThemeId]")!.TextContent, StringComparison.Ordinal);
        var theme = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Theme WHERE NameKey = 'key person'", null, default));
        var other = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        Assert.Equal(Outcome.NotFound, (await app.Ask(other, new ChangeThemes.End(theme))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(other, new ChangeThemes.Add(forum.Authority, "Theirs"))).Refusal);
        await app.Send(forum.Officer, new ChangeThemes.End(theme));
        Assert.DoesNotContain("Key person", (await browser.Get(ForumsLinks.KeepAgenda(forum.Meeting))).Document.QuerySelector("select[name=ThemeId]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("ThemeId", Assert.Single(Assert.IsType<Invalid>((await app.Ask(forum.Officer, new AddItem.Command(forum.Meeting, ItemKind.Learning, "Late theme", null, null, null, null, theme))).Refusal).Errors).Field);
        Assert.Equal(theme, await app.Send(forum.Officer, new ChangeThemes.Add(forum.Authority, "Key person")));
    }

    static async Task<HttpResponseMessage> Upload(Browser browser, Guid meeting, string title, string name, byte[] content) {
        var page = await browser.Get(ForumsLinks.KeepPapers(meeting));
        using var body = new MultipartFormDataContent { { new StringContent("Paper"), "Kind" }, { new StringContent(title), "Title" } };
        foreach (var hidden in page.Document.QuerySelectorAll("#add-paper input[type=hidden]")) body.Add(new StringContent(hidden.GetAttribute("value") ?? ""), hidden.GetAttribute("name")!);
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        body.Add(file, "Attachment", name);
        return await browser.Client.PostAsync(ForumsLinks.KeepPapers(meeting), body);
    }
}
