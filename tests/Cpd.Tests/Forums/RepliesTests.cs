using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cpd.Forums;
using Cpd.Forums.MeetingNeeds;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Reminders;
using Cpd.Forums.Replies;
using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Cpd.Tests.Training;
using Cpd.Training.Bookings;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Forums;

/// <summary>What members say to invitations, and what follows: calendars, clashes, limits, and what is told when a meeting moves or is called off.</summary>
public sealed partial class RepliesTests : IDisposable {
    readonly CpdApp app = new();

    [Fact]
    public async Task Reply_ByLink_ChangesNothingOnGetAndIsNotedOnPost() {
        var (_, _, meeting, member) = await Scene();
        var invitation = (await app.MailTo(member.PersonId)).Single(m => m.Subject.StartsWith("You are invited", StringComparison.Ordinal));
        Assert.Equal("REQUEST", invitation.Method);
        Assert.Contains("PARTSTAT=NEEDS-ACTION", invitation.Calendar!.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var link = ReplyLink().Match(invitation.Words).Value;
        var browser = app.Browser();
        var page = await browser.Get(link);
        Assert.Equal("Reply to the invitation", page.Heading);
        Assert.True(page.Response.Headers.CacheControl!.NoStore);
        Assert.Equal(0, await app.Count("forums_Participant"));
        Assert.Equal(["Select whether you come"], (await page.Post([])).Errors);
        Assert.Equal(["Enter why you can't come"], (await page.Post([("Reply", "Apologies")])).Errors);
        Assert.Equal(["The reason must be 500 characters or fewer"], (await page.Post([("Reply", "Apologies"), ("Reason", new string('x', 501))])).Errors);
        Assert.Equal(link, (await page.Post([("Reply", "Apologies"), ("Reason", "Ofsted is here")])).RedirectsTo);
        page = await browser.Get(link);
        Assert.Equal("Thank you. Your apologies have been noted.", page.Banner);
        Assert.Equal("Apologies", page.Document.QuerySelector("main .govuk-tag")!.TextContent);
        Assert.Equal(1, await app.Count("forums_Participant", "MeetingId = @meeting AND Reply = 'Apologies' AND ReplyReason = 'Ofsted is here'", new { meeting }));
        Assert.Equal(HttpStatusCode.Gone, (await browser.Get(link + "x")).Status);
    }

    /// <summary>Southend: a parent champion who comes to a board may need a crèche.</summary>
    [Fact]
    public async Task Reply_WithNeeds_IsReadByOfficersUntil30DaysAfter() {
        var (officer, _, meeting, member) = await Scene();
        var needs = ForumsLinks.Needs(meeting);
        var officers = await app.Browser(officer);
        Assert.Contains("Nobody needs anything so far", (await officers.Get(needs)).Words, StringComparison.Ordinal);
        var browser = await app.Browser(member);
        var form = await browser.Get(ForumsLinks.Reply(meeting));
        Assert.Equal(["What we should arrange must be 500 characters or fewer"], (await form.Post([("Reply", "Coming"), ("Needs", new string('x', 501))])).Errors);
        await form.Post([("Reply", "Coming"), ("Needs", "A crèche for two")]);
        Assert.Equal("A crèche for two", (await browser.Get(ForumsLinks.Reply(meeting))).Document.QuerySelector("textarea[name=Needs]")!.TextContent);
        var list = await officers.Get(needs);
        Assert.Contains("A crèche for two", list.Words, StringComparison.Ordinal);
        Assert.Contains(needs, (await officers.Get(ForumsLinks.Meeting(meeting))).Document.QuerySelectorAll("a").Select(a => a.GetAttribute("href")));
        using (var api = await app.Api(officer)) Assert.Equal("A crèche for two", (await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{meeting}/needs")).GetProperty("people")[0].GetProperty("words").GetString());
        // Members, officers of elsewhere and those who run the service read none of it; nor is it on the register or told to whoever has the link.
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.Get(needs)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")))).Get(needs)).Status);
        Assert.DoesNotContain("crèche for two", (await officers.Get(ForumsLinks.Register(meeting))).Words, StringComparison.Ordinal);
        var link = ReplyLink().Match((await app.MailTo(member.PersonId)).Single(m => m.Subject.StartsWith("You are invited", StringComparison.Ordinal)).Words).Value;
        var byLink = await app.Browser().Get(link);
        Assert.DoesNotContain("crèche for two", byLink.Words, StringComparison.Ordinal);
        // By the link an empty field keeps it; on the page it takes it away.
        await byLink.Post([("Reply", "Coming"), ("Needs", "")]);
        Assert.Equal(1, await app.Count("forums_Need"));
        await byLink.Post([("Reply", "Coming"), ("Needs", "A ramp")]);
        Assert.Equal(1, await app.Count("forums_Need", "Words = 'A ramp'"));
        await (await browser.Get(ForumsLinks.Reply(meeting))).Post([("Reply", "Coming"), ("Needs", "")]);
        Assert.Equal(0, await app.Count("forums_Need"));
        // It goes with apologies, and 30 days after the meeting.
        await (await browser.Get(ForumsLinks.Reply(meeting))).Post([("Reply", "Coming"), ("Needs", "A ramp")]);
        await (await browser.Get(ForumsLinks.Reply(meeting))).Post([("Reply", "Apologies"), ("Reason", "Ill")]);
        Assert.Equal(0, await app.Count("forums_Need"));
        await (await browser.Get(ForumsLinks.Reply(meeting))).Post([("Reply", "Coming"), ("Needs", "A ramp")]);
        var ends = await app.Database(db => db.One<DateTime>("SELECT EndsAt FROM forums_Meeting WHERE Id = @meeting", new { meeting }, default));
        app.Clock.Set(new DateTimeOffset(ends.AddDays(29), TimeSpan.Zero));
        await app.Send(officer, new ForgetNeeds.Command());
        Assert.Equal(1, await app.Count("forums_Need"));
        app.Clock.Set(new DateTimeOffset(ends.AddDays(30), TimeSpan.Zero));
        Assert.Contains("Removed", (await (await app.Browser(officer)).Get(needs)).Words, StringComparison.Ordinal);
        await app.Send(officer, new ForgetNeeds.Command());
        Assert.Equal(0, await app.Count("forums_Need"));
    }

    [Fact]
    public async Task Needs_OfWhoDoesNotComeAnyMore_AreForgotten_AndKeptForWhoWaits() {
        var (officer, series, meeting, member) = await Scene();
        Task<ReplyToMeeting.Replied> Come(Actor who) => app.Send(who, new ReplyToMeeting.Command(meeting, Reply.Coming, null, Needs: "A ramp"));
        async Task<int> Forget() {
            await app.Send(officer, new ForgetNeeds.Command());
            return await app.Count("forums_Need");
        }
        // Apologies say nothing of needs, as from a program: they go at once.
        await Come(member);
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"));
        Assert.Equal(0, await app.Count("forums_Need"));
        // When the time changes nobody has replied, and so nobody needs anything; the same when it is called off.
        await Come(member);
        var browser = await app.Browser(officer);
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("HeldOn.Day", "19")]);
        Assert.Empty((await app.Send(officer, new ListNeeds.Query(meeting))).People);
        Assert.Equal(0, await Forget());
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("Places", "1")]);
        await Come(member);
        Assert.Equal(Reply.Waiting, (await Come(await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId)))).Reply);
        Assert.Equal(2, await Forget());
        await app.Send(officer, new CancelMeeting.Command(meeting, "Flood"));
        Assert.Equal(0, await Forget());
    }

    [Fact]
    public async Task Reply_OnThePage_ShowsUpInMyForumsTheMeetingAndTheCalendar() {
        var (officer, _, meeting, member) = await Scene();
        var browser = await app.Browser(member);
        var mine = await browser.Get(ForumsLinks.Mine);
        Assert.Contains("No reply yet", mine.Words, StringComparison.Ordinal);
        Assert.Single(await Feed(member.PersonId));
        // Where it is said that they come is also asked what they need.
        Assert.Equal(ForumsLinks.Reply(meeting), mine.Document.QuerySelector("main section a.govuk-button")!.GetAttribute("href"));
        Assert.Equal(ForumsLinks.Mine, (await (await browser.Get(ForumsLinks.Reply(meeting))).Post([("Reply", "Coming")])).RedirectsTo);
        mine = await browser.Get(ForumsLinks.Mine);
        Assert.Equal("Thank you. We have noted that you come.", mine.Banner);
        Assert.Contains("Coming", mine.Words, StringComparison.Ordinal);
        Assert.Contains("1 coming, 0 apologies", (await (await app.Browser(officer)).Get(ForumsLinks.Meeting(meeting))).Words, StringComparison.Ordinal);
        var form = await browser.Get(ForumsLinks.Reply(meeting));
        await form.Post([("Reply", "Apologies"), ("Reason", "On holiday")]);
        Assert.Empty(await Feed(member.PersonId));
        // Said again, with another reason, it is noted and not answered again.
        await form.Post([("Reply", "Apologies"), ("Reason", "On holiday, back on Monday")]);
        var cancelled = await (await app.MailTo(member.PersonId)).Single(m => m.Subject.StartsWith("Apologies noted", StringComparison.Ordinal)).Event();
        await form.Post([("Reply", "Coming")]);
        var back = await (await app.MailTo(member.PersonId)).Single(m => m.Subject.StartsWith("You come after all", StringComparison.Ordinal)).Event();
        Assert.Equal(cancelled.Uid, back.Uid);
        Assert.True(back.Sequence > cancelled.Sequence);
        Assert.Single(await Feed(member.PersonId));
    }

    [Fact]
    public async Task Reply_Stranger_IsNotFound_AndNobodyWhoHasLeft() {
        var (officer, series, meeting, member) = await Scene();
        var stranger = await app.Given.Practitioner(await app.Given.Setting(officer.Grants[0].OrganisationId));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(stranger)).Get(ForumsLinks.Reply(meeting))).Status);
        Assert.Contains("/sign-in", (await app.Browser().Get(ForumsLinks.Reply(meeting))).RedirectsTo, StringComparison.Ordinal);
        var client = await app.Api(stranger);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync($"/api/v1/meetings/{meeting}/reply", new { reply = "Coming" })).StatusCode);
        var link = ReplyLink().Match((await app.MailTo(member.PersonId)).Single(m => m.Subject.StartsWith("You are invited", StringComparison.Ordinal)).Words).Value;
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        await app.Send(member, new KeepMembership.Command(series, Join: false));
        Assert.Equal(0, await app.Count("forums_Participant"));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(link)).Status);
    }

    [Fact]
    public async Task Reply_MeetingHasBegun_IsRefused() {
        var (_, _, meeting, member) = await Scene();
        app.Clock.Set(new(2026, 11, 12, 16, 0, 0, TimeSpan.Zero));
        Assert.Equal("The meeting has begun, so you can't reply any more.", Assert.IsType<Conflict>((await app.Ask(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Refusal).Sentence);
        Assert.Contains("This meeting has begun", (await (await app.Browser(member)).Get(ForumsLinks.Reply(meeting))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_BoundElsewhere_IsWarnedAndForumsWarnCourses() {
        var (officer, _, meeting, member) = await Scene();
        var (_, session) = await app.Session(officer, title: "Same afternoon", with: c => c with { Dates = [TrainingGiven.Date(new(2026, 11, 12), 13, 16)] });
        // Whoever is invited is warned when they book, and once they are booked when they reply.
        var warning = Assert.Single((await app.Ask(officer, new Cpd.Training.Changes.FindWarnings.Query(session, [member.PersonId]))).Clashes);
        Assert.Equal("invited to “Autumn forum”", warning.With);
        await app.Send(officer, new BookPlaces.Command(session, [member.PersonId]));
        var browser = await app.Browser(member);
        Assert.Contains("You are bound elsewhere at the same time", (await browser.Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);
        var form = await browser.Get(ForumsLinks.Reply(meeting));
        Assert.Contains("You are bound elsewhere at the same time: “Same afternoon”, 12 November 2026, 1pm to 4:30pm.", form.Words, StringComparison.Ordinal);
        var json = JsonDocument.Parse(await (await (await app.Api(member)).PostAsJsonAsync($"/api/v1/meetings/{meeting}/reply", new { reply = "Coming" })).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("“Same afternoon”, 12 November 2026, 1pm to 4:30pm", Assert.Single(json.GetProperty("clashes").EnumerateArray()).GetString());
        // With apologies they are free.
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Apologies, "The course"));
        Assert.Empty((await app.Ask(officer, new Cpd.Training.Changes.FindWarnings.Query(session, [member.PersonId]))).Clashes);
    }

    [Fact]
    public async Task Reply_ManyOfOneSettingAtOnce_NeverMoreThanItsPlaces() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Two a setting", c => c with { PlacesPerSetting = 2 });
        var setting = await app.Given.Setting(officer.Grants[0].OrganisationId);
        var members = new List<Actor>();
        for (var i = 0; i < 8; i++) members.Add(await app.Member(officer, series, setting));
        var other = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var meeting = await app.Meeting(officer, series, new(2026, 11, 12));
        var replies = await Task.WhenAll(members.Select(m => Task.Run(() => app.Ask(m, new ReplyToMeeting.Command(meeting, Reply.Coming, null)))));
        Assert.Equal(2, replies.Count(r => r.Refusal is null));
        Assert.All(replies.Where(r => r.Refusal is not null), r => Assert.Equal("Your setting has 2 places at this meeting, and they are taken. Ask a colleague to send apologies first.", Assert.IsType<Conflict>(r.Refusal).Sentence));
        Assert.Equal(2, await app.Count("forums_Participant", "Reply = 'Coming'"));
        await app.Send(other, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        // At each meeting anew.
        var next = await app.Meeting(officer, series, new(2026, 12, 10));
        await app.Send(members[Array.FindIndex(replies, r => r.Refusal is not null)], new ReplyToMeeting.Command(next, Reply.Coming, null));
        // A place that is given up is free for the next.
        var came = members[Array.FindIndex(replies, r => r.Refusal is null)];
        await app.Send(came, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        await app.Send(came, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"));
        await app.Send(members[Array.FindIndex(replies, r => r.Refusal is not null)], new ReplyToMeeting.Command(meeting, Reply.Coming, null));
    }

    [Fact]
    public async Task Move_TellsEveryoneClearsRepliesAndRaisesTheCalendar() {
        var (officer, series, meeting, member) = await Scene();
        var away = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var left = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        await app.Send(left, new KeepMembership.Command(series, Join: false));
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        await app.Send(away, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Away"));
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.EditMeeting(meeting));
        Assert.Contains("2 members are told", form.Words, StringComparison.Ordinal);
        Assert.Equal(ForumsLinks.Meeting(meeting), (await form.Post([("HeldOn.Day", "19")])).RedirectsTo);
        Assert.Equal(0, await app.Count("forums_Participant", "Reply IS NOT NULL"));
        foreach (var person in (Actor[])[member, away]) {
            var told = (await app.MailTo(person.PersonId)).Single(m => m.Subject == "Meeting changed: Autumn forum, 19 November 2026");
            Assert.Equal("REQUEST", told.Method);
            Assert.Contains("tell us again whether you come", told.Words.Replace("=\r\n", "", StringComparison.Ordinal).ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
        var mails = await app.MailTo(member.PersonId);
        var (first, moved) = (await mails.Single(m => m.Subject.StartsWith("You are invited", StringComparison.Ordinal)).Event(), await mails.Single(m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal)).Event());
        Assert.Equal(first.Uid, moved.Uid);
        Assert.True(moved.Sequence > first.Sequence);
        // Whoever opened it before that does not undo it.
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post([("HeldOn.Day", "20")])).Status);
        // Only the place: replies stand, and calendars in which it is no more do not get it back.
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        await app.Send(away, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Away"));
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("Venue", "Town Hall")]);
        Assert.Equal(1, await app.Count("forums_Participant", "Reply = 'Coming'"));
        Assert.Equal(2, (await app.MailTo(member.PersonId)).Count(m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal)));
        async Task<IEnumerable<string?>> Calendars(Actor of) => (await app.MailTo(of.PersonId)).Where(m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal)).Select(m => m.Method).Order();
        Assert.Equal(["REQUEST", "REQUEST"], await Calendars(member));
        Assert.Equal([null, "REQUEST"], await Calendars(away));
        // Only the topics: nobody is written to.
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("Topics", "Something else")]);
        Assert.Equal(2, (await app.MailTo(member.PersonId)).Count(m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal)));
        // Only the end is another time, too.
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("EndsAt", "6pm")]);
        Assert.Equal(0, await app.Count("forums_Participant", "Reply IS NOT NULL"));
        // Who has left hears of none of this, nor of another meeting.
        await app.Meeting(officer, series, new(2026, 12, 10));
        Assert.Equal(["You are a member: Autumn forum", "You are no longer a member: Autumn forum"], (await app.MailTo(left.PersonId)).Select(m => m.Subject).Order());
    }

    [Fact]
    public async Task Edit_WhatIsPastDraftedOrCalledOff_TellsNobody() {
        var (officer, series, meeting, member) = await Scene();
        var told = (await app.MailTo(member.PersonId)).Count;
        EditMeeting.Command Elsewhere(Guid id, DateOnly on) => new(id, 1, on, new(16, 0), new(17, 30), "Town Hall", "Schemas");
        // A meeting that has been held is written down, and mended, in silence.
        var held = await app.Meeting(officer, series, new(2026, 9, 10));
        await app.Send(officer, Elsewhere(held, new(2026, 9, 10)));
        await app.Send(officer, new PublishYear.Command(series, new(16, 0), new(17, 30), "Library", [new("Spring", new(2027, 2, 4)), new("Summer", new(2027, 5, 6))]) { AsDrafts = true });
        var drafts = await app.Database(db => db.List<Guid>("SELECT Id FROM forums_Meeting WHERE State = 'Draft' ORDER BY StartsAt", null, default));
        await app.Send(officer, Elsewhere(drafts[0], new(2027, 2, 11)));
        await app.Send(officer, new RemoveDraft.Command(drafts[1]));
        Assert.Equal(told, (await app.MailTo(member.PersonId)).Count);
        Assert.IsType<NotFound>((await app.Ask(member, new ReplyToMeeting.Command(drafts[0], Reply.Coming, null))).Refusal);
        // A draft is nobody's appointment, and its date nobody's to read.
        Assert.Equal([meeting], (await Bound(member.PersonId)).Select(c => c.CauseId));
        Assert.Single(await Feed(member.PersonId));
        await app.Send(officer, new CancelMeeting.Command(meeting, "Flood"));
        Assert.Empty(await Bound(member.PersonId));
        Assert.Equal("The meeting has been cancelled.", Assert.IsType<Conflict>((await app.Ask(officer, Elsewhere(meeting, new(2026, 11, 12)) with { Version = 2 })).Refusal).Sentence);
        var listed = JsonDocument.Parse(await app.Browser().Client.GetStringAsync(new Uri($"/api/v1/forums?authorityId={officer.Grants[0].OrganisationId}", UriKind.Relative))).RootElement.GetProperty("items");
        Assert.Equal(JsonValueKind.Null, Assert.Single(listed.EnumerateArray()).GetProperty("nextStartsAt").ValueKind);
    }

    [Fact]
    public async Task Leave_FreesThemAndKeepsWhatTheyRepliedToBefore() {
        var (officer, series, meeting, member) = await Scene();
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        var other = await app.Forum(officer, "Another forum");
        await app.Send(officer, new AddMember.Command(other, member.PersonId));
        var elsewhere = await app.Meeting(officer, other, new(2026, 12, 10));
        await app.Send(member, new ReplyToMeeting.Command(elsewhere, Reply.Coming, null));
        app.Clock.Set(new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        var ahead = await app.Meeting(officer, series, new(2026, 12, 3));
        await app.Send(member, new ReplyToMeeting.Command(ahead, Reply.Coming, null));
        await app.Send(member, new KeepMembership.Command(series, Join: false));
        Assert.Equal([elsewhere], (await Bound(member.PersonId)).Select(c => c.CauseId));
        Assert.Equal([meeting, elsewhere], await app.Database(db => db.List<Guid>("SELECT p.MeetingId FROM forums_Participant p JOIN forums_Meeting m ON m.Id = p.MeetingId ORDER BY m.StartsAt", null, default)));
        Assert.DoesNotContain("Autumn forum", (await (await app.Browser(member)).Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_TellsEveryoneOnceAndFreesThem() {
        var (officer, series, meeting, member) = await Scene();
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.CancelMeeting(meeting));
        Assert.Equal(["Enter why the meeting is cancelled"], (await form.Post([])).Errors);
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([("Reason", "The hall is flooded")])).RedirectsTo);
        var told = (await app.MailTo(member.PersonId)).Single(m => m.Subject.StartsWith("Meeting cancelled", StringComparison.Ordinal));
        Assert.Equal("CANCEL", told.Method);
        Assert.Contains("The hall is flooded", told.Words, StringComparison.Ordinal);
        Assert.True(Assert.Single(await Feed(member.PersonId)).IsCancelled);
        Assert.Contains("Cancelled: The hall is flooded", (await app.Browser().Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post([("Reason", "Again")])).Status);
        Assert.IsType<Conflict>((await app.Ask(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Refusal);
        // The time is free for another meeting.
        await app.Meeting(officer, series, new(2026, 11, 12));
    }

    [Fact]
    public async Task EditAndCancel_SignedOutWrongRoleOrAnotherAuthority_SeeNothing() {
        var (_, _, meeting, member) = await Scene();
        foreach (var address in (string[])[ForumsLinks.EditMeeting(meeting), ForumsLinks.CancelMeeting(meeting)]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(member)).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")))).Get(address)).Status);
        }
    }

    [Fact]
    public async Task JoiningLink_IsForMembers() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Online", c => c with { Mode = MeetingMode.LiveOnline });
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var meeting = await app.Send(officer, new AddMeeting.Command(series, new(2026, 11, 12), new(19, 0), new(20, 0), null, null) { Mode = MeetingMode.LiveOnline, JoiningLink = "https://meet.example.org/room" });
        Assert.DoesNotContain("meet.example.org", (await app.Browser().Get(ForumsLinks.Meeting(meeting))).Text, StringComparison.Ordinal);
        Assert.Contains("https://meet.example.org/room", (await (await app.Browser(officer)).Get(ForumsLinks.Meeting(meeting))).Text, StringComparison.Ordinal);
        Assert.Contains(ForumsLinks.Join(meeting), (await (await app.Browser(member)).Get(ForumsLinks.Meeting(meeting))).Text, StringComparison.Ordinal);
        using var client = await app.Api(member);
        Assert.Contains("https://meet.example.org/room", await client.GetStringAsync(new Uri($"/api/v1/meetings/{meeting}", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JoiningLink_WhoHasLeft_IsNotShownIt_AlsoOfAMeetingThatIsOver() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Same room each time", c => c with { Mode = MeetingMode.LiveOnline });
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var meeting = await app.Send(officer, new AddMeeting.Command(series, new(2026, 10, 7), new(19, 0), new(20, 0), null, null) { Mode = MeetingMode.LiveOnline, JoiningLink = "https://meet.example.org/room" });
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        app.Clock.Set(new(2026, 10, 8, 9, 0, 0, TimeSpan.Zero));
        await app.Send(officer, new RemoveMember.Command(series, member.PersonId));
        var page = await (await app.Browser(member)).Get(ForumsLinks.Meeting(meeting));
        Assert.DoesNotContain("meet.example.org", page.Text, StringComparison.Ordinal);
        // Nor links that lead nowhere for them.
        Assert.DoesNotContain("Agenda and papers", page.Words, StringComparison.Ordinal);
        using var client = await app.Api(member);
        Assert.DoesNotContain("meet.example.org", await client.GetStringAsync(new Uri($"/api/v1/meetings/{meeting}", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_IntoThePast_IsRefused() {
        var (officer, _, meeting, member) = await Scene();
        var page = await (await (await app.Browser(officer)).Get(ForumsLinks.EditMeeting(meeting))).Post([("HeldOn.Year", "2025")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter a date ahead: this meeting has not taken place yet"], page.Errors);
        Assert.Equal(1, await app.Count("forums_Meeting", "Id = @meeting AND StartsAt > @Now", new { meeting, app.Now }));
        Assert.DoesNotContain(await app.MailTo(member.PersonId), m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apologise_WhileBeingRemoved_NoReplyIsLeftOfWhoIsNoMember() {
        var (officer, series, meeting, _) = await Scene();
        using var remover = await app.Api(officer);
        for (var round = 0; round < 8; round++) {
            var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
            using var client = await app.Api(member);
            var (reply, removed) = (Task.Run(() => client.PostAsJsonAsync($"/api/v1/meetings/{meeting}/reply", new { reply = "Apologies", reason = "Ill" })), Task.Run(() => remover.DeleteAsync(new Uri($"/api/v1/forums/{series}/members/{member.PersonId}", UriKind.Relative))));
            await Task.WhenAll(reply, removed);
            Assert.Equal(HttpStatusCode.NoContent, (await removed).StatusCode);
            Assert.Contains((await reply).StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.NotFound]);
            Assert.Equal(0, await app.Count("forums_Participant", "PersonId = @PersonId", new { member.PersonId }));
            Assert.Single(await app.MailTo(member.PersonId), m => m.Subject.StartsWith("You are no longer a member", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task MoveAndCancel_ByManyAtOnce_EachIsDoneOnceAndNothingIsMovedThatIsCancelled() {
        var (officer, _, meeting, member) = await Scene();
        var clients = new List<HttpClient>();
        for (var i = 0; i < 4; i++) clients.Add(await app.Api(await app.Given.Officer(officer.Grants[0].OrganisationId)));
        var moved = await Task.WhenAll(clients.Select((c, i) => Task.Run(() => c.PutAsJsonAsync($"/api/v1/meetings/{meeting}", new { version = 1, heldOn = $"2026-11-{13 + i}", startsAt = "16:00", endsAt = "17:30", mode = "InPerson", venue = "Hall" }))));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], moved.Select(m => m.StatusCode).Order());
        Assert.Single(await app.MailTo(member.PersonId), m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal));
        var both = await Task.WhenAll(clients.Select((c, i) => Task.Run(() => i == 0
            ? c.PutAsJsonAsync($"/api/v1/meetings/{meeting}", new { version = 2, heldOn = "2026-11-20", startsAt = "16:00", endsAt = "17:30", mode = "InPerson", venue = "Hall" })
            : c.PostAsJsonAsync($"/api/v1/meetings/{meeting}/cancel", new { reason = "Flood" }))));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict], both.Skip(1).Select(m => m.StatusCode).Order());
        var mails = await app.MailTo(member.PersonId);
        Assert.Single(mails, m => m.Subject.StartsWith("Meeting cancelled", StringComparison.Ordinal));
        Assert.Equal(both[0].StatusCode == HttpStatusCode.NoContent ? 2 : 1, mails.Count(m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal)));
        Assert.Equal(1, await app.Count("forums_Meeting", "Id = @meeting AND State = 'Cancelled'", new { meeting }));
        Assert.Equal(0, await app.Count("platform_Message", "AboutId = @meeting AND State = 'Due' AND Kind LIKE 'forums.meeting%'", new { meeting }));
    }

    [Fact]
    public async Task Reminders_ClosedDayIsAddedLater_ArePlannedAnewAtNight() {
        var (officer, _, meeting, member) = await Scene();
        // The meeting is on Thursday 12 November.
        await app.Send(officer, new Cpd.People.Calendar.AddClosedDay.Command(officer.Grants[0].OrganisationId, new(2026, 11, 11), "Staff conference"));
        Assert.Equal(1, await app.Send(officer, new CheckReminders.Command()));
        Assert.Equal(1, await app.Count("platform_Message", "AboutId = @meeting AND State = 'Due' AND Kind = 'forums.meeting-tomorrow'", new { meeting }));
        await At("2026-11-05 09:00");
        await At("2026-11-10 08:55");
        Assert.Single(await Reminders());
        await At("2026-11-10 09:00");
        Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "On Thursday: Autumn forum");
        await At("2026-11-11 10:00");
        Assert.Single(await Reminders());
        Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "On Thursday: Autumn forum");
        // What is right already is left alone.
        var before = await app.Count("platform_Message", "AboutId = @meeting", new { meeting });
        await app.Send(officer, new CheckReminders.Command());
        Assert.Equal(before, await app.Count("platform_Message", "AboutId = @meeting", new { meeting }));
    }

    [Fact]
    public async Task Reminders_AreSentOnceNotToWhoSentApologiesAndMoveWithTheMeeting() {
        var (officer, series, meeting, member) = await Scene();
        var away = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        await app.Send(away, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Away"));
        var left = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        await app.Send(left, new KeepMembership.Command(series, Join: false));
        await At("2026-11-05 08:55");
        Assert.Empty(await Reminders());
        await At("2026-11-05 09:00");
        await At("2026-11-05 15:00");
        Assert.Equal([await app.Email(member.PersonId)], (await Reminders()).Select(m => m.To));
        // From 12 to 19 November: the week before again, the day before only of the new day.
        await (await (await app.Browser(officer)).Get(ForumsLinks.EditMeeting(meeting))).Post([("HeldOn.Day", "19")]);
        await At("2026-11-11 09:00");
        Assert.Single(await Reminders());
        await At("2026-11-12 09:00");
        Assert.Equal(3, (await Reminders()).Count);
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"));
        await At("2026-11-18 09:00");
        var tomorrow = Assert.Single(await Reminders(), m => m.Subject == "Tomorrow: Autumn forum");
        Assert.Equal(await app.Email(away.PersonId), tomorrow.To);
        await At("2026-11-18 18:00");
        Assert.Equal(4, (await Reminders()).Count);
    }

    [Fact]
    public async Task Reminders_MeetingIsCancelled_NobodyIsReminded() {
        var (officer, _, meeting, _) = await Scene();
        await At("2026-11-05 08:30");
        await app.Send(officer, new CancelMeeting.Command(meeting, "Flood"));
        await At("2026-11-05 09:00");
        await At("2026-11-11 09:00");
        Assert.Empty(await Reminders());
    }

    [Fact]
    public async Task Week_TellsManagersWhoComesAndOfficersHowMany() {
        var (officer, series, meeting, member) = await Scene();
        await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        // Not of who sends apologies or has left, nor of a meeting that is called off or a week later.
        var setting = (await app.Ask(officer, new FindStaff([member.PersonId], new(2026, 11, 12)))).Single().SettingId;
        await app.Send(await app.Member(officer, series, setting), new ReplyToMeeting.Command(meeting, Reply.Apologies, "Away"));
        await app.Send(await app.Member(officer, series, setting), new KeepMembership.Command(series, Join: false));
        await app.Send(officer, new CancelMeeting.Command(await app.Meeting(officer, series, new(2026, 11, 11)), "Flood"));
        await app.Meeting(officer, series, new(2026, 11, 19));
        await using var scope = app.Services.CreateAsyncScope();
        var parts = await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<FindWeek, WeekPart>(new([officer.Grants[0].OrganisationId], [setting], new(2026, 11, 9, 0, 0, 0, DateTimeKind.Utc), new(2026, 11, 16, 0, 0, 0, DateTimeKind.Utc)), default);
        var forums = parts.Where(p => p.Heading == "Forums this week").ToDictionary(p => p.OrganisationId, p => Assert.Single(p.Lines));
        Assert.Equal("Thursday 12 November 2026 at 4pm, Autumn forum: 1 coming, 1 apology", forums[officer.Grants[0].OrganisationId]);
        Assert.Equal($"Thursday 12 November 2026 at 4pm, Autumn forum: {member.Name}", forums[setting]);
    }

    async Task<(Actor Officer, Guid Series, Guid Meeting, Actor Member)> Scene() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Autumn forum");
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        return (officer, series, await app.Meeting(officer, series, new(2026, 11, 12)), member);
    }

    async Task At(string london) {
        app.Clock.Set(new(London.ToUtc(DateOnly.Parse(london[..10], System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(london[11..], System.Globalization.CultureInfo.InvariantCulture)), TimeSpan.Zero));
        await app.DrainMail();
    }

    async Task<IReadOnlyList<Mail>> Reminders() => [.. (await app.DrainMail()).Select(Mail.Parse).Where(m => m.Subject is "In a week: Autumn forum" or "Tomorrow: Autumn forum")];

    [Fact]
    public async Task Commitments_OfSomeWhoRepliedAndSomeWhoDidNot_AreAllKnown() {
        var (officer, series, meeting, silent) = await Scene();
        var coming = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var later = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        await app.Send(coming, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        await using var scope = app.Services.CreateAsyncScope();
        var bound = await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<FindCommitments, Commitment>(new([silent.PersonId, coming.PersonId, later.PersonId], app.Now, app.Now.AddYears(1)), default);
        Assert.Equal(new[] { silent.PersonId, coming.PersonId, later.PersonId }.Order(), bound.Where(c => c.CauseId == meeting).Select(c => c.PersonId).Order());
    }

    async Task<IReadOnlyList<Commitment>> Bound(Guid person) {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<FindCommitments, Commitment>(new([person], app.Now, app.Now.AddYears(1)), default);
    }

    async Task<IReadOnlyList<CalendarEntry>> Feed(Guid person) {
        await using var scope = app.Services.CreateAsyncScope();
        var entries = new List<CalendarEntry>();
        foreach (var source in scope.ServiceProvider.GetServices<ICalendarSource>()) entries.AddRange(await source.Entries(person, app.Now.AddDays(-1), default));
        return entries;
    }

    [GeneratedRegex(@"/reply/[\w-]+")]
    private static partial Regex ReplyLink();

    public void Dispose() => app.Dispose();
}
