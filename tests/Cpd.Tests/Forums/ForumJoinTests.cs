using System.Net;
using Cpd.Forums;
using Cpd.Forums.MeetingRegisters;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Replies;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Forums;

/// <summary>Who joins a meeting that is held online is noted, from 4pm to 5.30pm on the day; and the register on paper.</summary>
public sealed class ForumJoinTests(CpdApp app) : IClassFixture<CpdApp>, IDisposable {
    const string Room = "https://meet.example.org/room";

    public void Dispose() => app.Clock.Set(CpdApp.Start);

    void Minutes(int afterTheStart) => app.Clock.Set(MeetingsGiven.Starts.AddMinutes(afterTheStart));

    [Fact]
    public async Task Get_NotInvited_SeesNothing() {
        var made = await Scene("Joined by its own");
        var address = ForumsLinks.Join(made.Meeting);
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        foreach (var who in (Actor[])[await app.Given.Practitioner(await app.Given.Setting(made.Authority)), made.Officer]) Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(who)).Get(address)).Status);
        await app.Send(made.Officer, new RemoveMember.Command(made.Series, made.Members[0].PersonId));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(made.Members[0])).Get(address)).Status);
        await app.Send(made.Officer, new CancelMeeting.Command(made.Meeting, "Flood"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(made.Members[1])).Get(address)).Status);
    }

    [Fact]
    public async Task Get_WhileItLasts_IsNotedOnceAndLedOn() {
        var made = await Scene("Notes who joins");
        // Too early to say that they came; the link opens all the same.
        Minutes(-31);
        Assert.Equal(Room, (await (await app.Browser(made.Members[0])).Get(ForumsLinks.Join(made.Meeting))).RedirectsTo);
        Assert.Equal(0, await Marks(made.Meeting));
        Minutes(-30);
        var browser = await app.Browser(made.Members[0]);
        Assert.Equal(Room, (await browser.Get(ForumsLinks.Join(made.Meeting))).RedirectsTo);
        Minutes(20);
        await (await app.Browser(made.Members[0])).Get(ForumsLinks.Join(made.Meeting));
        Assert.Equal(1, await app.Count("forums_Mark", "MeetingId = @Meeting AND PersonId = @Id AND MadeBy = @Id AND Kind = 'Came' AND Source = 'Link'", new { made.Meeting, Id = made.Members[0].PersonId }));
        await (await app.Browser(made.Members[1])).Get(ForumsLinks.Join(made.Meeting));
        var register = (await (await app.Browser(made.Officer)).Get(ForumsLinks.Register(made.Meeting))).Words;
        Assert.Contains("Joined at 3:30pm, 1 hour 30 minutes", register, StringComparison.Ordinal);
        Assert.Contains("Joined at 4:20pm, 1 hour 10 minutes", register, StringComparison.Ordinal);
        // Who was noted as having left and comes back is here again.
        await app.Send(made.Officer, new MarkAttendance.Command(made.Meeting, [new(Ids.New(app.Clock), MarkKind.Left, made.Members[0].PersonId)]));
        Minutes(25);
        await (await app.Browser(made.Members[0])).Get(ForumsLinks.Join(made.Meeting));
        Assert.Equal(2, await app.Count("forums_Mark", "MeetingId = @Meeting AND Source = 'Link' AND PersonId = @Id", new { made.Meeting, Id = made.Members[0].PersonId }));
        // After its end, and on a register that is closed, the link only opens.
        Minutes(91);
        Assert.Equal(Room, (await (await app.Browser(made.Members[2])).Get(ForumsLinks.Join(made.Meeting))).RedirectsTo);
        await app.Send(made.Officer, new CloseRegister.Command(made.Meeting));
        Minutes(30);
        Assert.Equal(Room, (await (await app.Browser(made.Members[2])).Get(ForumsLinks.Join(made.Meeting))).RedirectsTo);
        Assert.Equal(0, await app.Count("forums_Mark", "MeetingId = @Meeting AND PersonId = @Id", new { made.Meeting, Id = made.Members[2].PersonId }));
        Assert.Equal(2, await app.Count("forums_Participant", "MeetingId = @Meeting AND Attendance IN ('Attended', 'Part')", new { made.Meeting }));
    }

    [Fact]
    public async Task Get_TwiceAtOnce_IsOneMark() {
        var made = await Scene("Joined at once");
        Minutes(0);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => app.Ask(made.Members[0], new JoinMeeting.Command(made.Meeting)))));
        Assert.Equal(1, await Marks(made.Meeting));
    }

    [Fact]
    public async Task Get_SentApologies_IsToldAndNotNoted() {
        var made = await Scene("Apologies first");
        await app.Send(made.Members[0], new ReplyToMeeting.Command(made.Meeting, Reply.Apologies, "Ill"));
        Minutes(5);
        var page = await (await app.Browser(made.Members[0])).Get(ForumsLinks.Join(made.Meeting));
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Equal(["You have sent apologies for this meeting. Change your reply, or ask your early years team for the link if it has begun."], page.Errors);
        Assert.Equal(0, await Marks(made.Meeting));
        page = await (await app.Browser(made.Members[0])).Get(ForumsLinks.Meeting(made.Meeting));
        Assert.DoesNotContain("Join the meeting", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SpeakerWhoIsNoMember_IsNotedAndHasTheLinkUntilTheEnd() {
        var made = await Scene("With a speaker");
        var speaker = await app.Given.Practitioner(await app.Given.Setting(made.Authority));
        await app.Database(db => db.Execute("""
            INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, Role, Reply, RepliedAt, ReplyReason, Minutes, Revision)
            VALUES (@Id, @Meeting, @PersonId, 1, @Authority, 'Partner', 'Coming', @Now, '', 0, 0)
            """, new { Id = Ids.New(app.Clock), made.Meeting, speaker.PersonId, made.Authority, app.Now }, default));
        Minutes(10);
        Assert.Equal(Room, (await (await app.Browser(speaker)).Get(ForumsLinks.Join(made.Meeting))).RedirectsTo);
        Assert.Equal(1, await app.Count("forums_Mark", "PersonId = @PersonId AND Source = 'Link'", new { speaker.PersonId }));
        Minutes(91);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(speaker)).Get(ForumsLinks.Join(made.Meeting))).Status);
    }

    [Theory]
    [InlineData(true, Room)]
    [InlineData(false, null)]
    public async Task Get_InARoomOrWithoutALink_NotesNothing(bool inARoom, string? link) {
        var made = await Scene($"Elsewhere {inARoom}", inARoom ? MeetingMode.InPerson : MeetingMode.LiveOnline, link);
        Minutes(5);
        var page = await (await app.Browser(made.Members[0])).Get(ForumsLinks.Join(made.Meeting));
        Assert.Equal(link, page.RedirectsTo);
        if (link is null) Assert.Equal(["The joining link has not been given yet. You are told by email when it is; look again shortly before the meeting starts."], page.Errors);
        Assert.Equal(0, await Marks(made.Meeting));
    }

    [Fact]
    public async Task MeetingAndCalendar_OfAMember_ShowTheLinkThatNotes() {
        var made = await Scene("Shown to its members");
        var page = await (await app.Browser(made.Members[0])).Get(ForumsLinks.Meeting(made.Meeting));
        Assert.Equal(ForumsLinks.Join(made.Meeting), page.Document.QuerySelectorAll("main dd a").Single(a => a.TextContent == "Join the meeting").GetAttribute("href"));
        Assert.Contains("Use this link: it notes for the register that you came", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(Room, page.Text, StringComparison.Ordinal);
        // Its officer, who is no member, has the room itself.
        Assert.Contains(Room, (await (await app.Browser(made.Officer)).Get(ForumsLinks.Meeting(made.Meeting))).Text, StringComparison.Ordinal);
        await using var scope = app.Services.CreateAsyncScope();
        var entries = new List<CalendarEntry>();
        foreach (var source in scope.ServiceProvider.GetServices<ICalendarSource>()) entries.AddRange(await source.Entries(made.Members[0].PersonId, app.Now, default));
        var entry = Assert.Single(entries);
        Assert.Contains($"{ForumsLinks.Join(made.Meeting)}\n", entry.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(Room, entry.Description, StringComparison.Ordinal);
        // A letter is read without signing in, and so keeps the link itself.
        Assert.Contains(Room, Assert.Single(await app.MailTo(made.Members[0].PersonId), m => m.Subject.StartsWith("You are invited", StringComparison.Ordinal)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Print_Register_IsASheetToSign() {
        var made = await Scene("Printed on paper");
        await app.Send(made.Members[1], new ReplyToMeeting.Command(made.Meeting, Reply.Apologies, "Ill"));
        var address = ForumsLinks.PrintRegister(made.Meeting);
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(made.Members[0])).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")))).Get(address)).Status);
        var browser = await app.Browser(made.Officer);
        Assert.Equal(address, (await browser.Get(ForumsLinks.Register(made.Meeting))).Document.QuerySelectorAll("main a").Single(a => a.TextContent == "Print the register").GetAttribute("href"));
        var page = await browser.Get(address);
        Assert.Equal(["Name", "Setting", "Counts as", "Reply", "Came at", "Left at", "Signature"], page.Document.QuerySelectorAll(".app-sheet th[scope=col]").Select(h => h.TextContent));
        var rows = page.Document.QuerySelectorAll(".app-sheet tbody tr").Select(r => string.Join('|', r.QuerySelectorAll("th, td").Select(c => c.TextContent.Trim()))).ToList();
        Assert.Equal(made.Members.Count + 6, rows.Count);
        Assert.Contains(rows, r => r.StartsWith(made.Members[1].Name, StringComparison.Ordinal) && r.EndsWith("|Practitioner|Apologies|||", StringComparison.Ordinal));
        Assert.Equal("Empty line 6||||||", rows[^1]);
        Minutes(0);
        await app.Ask(made.Members[0], new JoinMeeting.Command(made.Meeting));
        Assert.Contains((await (await app.Browser(made.Officer)).Get(address)).Document.QuerySelectorAll(".app-sheet tbody tr").Select(r => r.TextContent), r => r.Contains("4pm", StringComparison.Ordinal) && r.Contains(made.Members[0].Name, StringComparison.Ordinal));
        app.Clock.Set(CpdApp.Start);
        await app.Send(made.Officer, new CancelMeeting.Command(made.Meeting, "Flood"));
        page = await (await app.Browser(made.Officer)).Get(address);
        Assert.Contains("A meeting that was cancelled has no register.", page.Words, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("table"));
    }

    Task<int> Marks(Guid meeting) => app.Count("forums_Mark", "MeetingId = @meeting", new { meeting });

    async Task<(Actor Officer, Guid Authority, Guid Series, Guid Meeting, IReadOnlyList<Actor> Members)> Scene(string name, MeetingMode mode = MeetingMode.LiveOnline, string? link = Room) {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, name, c => c with { Mode = mode });
        var members = new List<Actor>();
        for (var i = 0; i < 3; i++) members.Add(await app.Member(officer, series, await app.Given.Setting(authority), $"{name} {(char)('A' + i)}"));
        return (officer, authority, series, await app.Send(officer, new AddMeeting.Command(series, MeetingsGiven.Day, new(16, 0), new(17, 30), mode == MeetingMode.InPerson ? "Hall" : null, null) { Mode = mode, JoiningLink = link }), members);
    }
}
