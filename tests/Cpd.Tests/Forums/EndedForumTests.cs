using System.Net;
using System.Net.Http.Json;
using Cpd.Forums;
using Cpd.Forums.Lists;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Notices;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;

namespace Cpd.Tests.Forums;

/// <summary>A forum comes to its end, and may be opened again; and who may join by themselves.</summary>
public sealed class EndedForumTests(CpdApp app) : IClassFixture<CpdApp>, IDisposable {
    public void Dispose() => app.Clock.Set(CpdApp.Start);

    [Fact]
    public async Task Get_SignedOutWrongRoleOrAnotherAuthority_SeesNothing() {
        var (officer, series, member) = await Scene("Not theirs to end");
        var address = ForumsLinks.EndSeries(series);
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(member)).Get(address)).Status);
        var stranger = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(stranger)).Get(address)).Status);
        Assert.IsType<NotFound>((await app.Ask(stranger, new EndSeries.Command(series, "Mine"))).Refusal);
        await app.Send(officer, new EndSeries.Command(series, "Done"));
        Assert.IsType<NotFound>((await app.Ask(stranger, new ReopenSeries.Command(series))).Refusal);
        // Nor do officers of an authority that only takes part.
        await app.Send(officer, new ReopenSeries.Command(series));
        await app.Send(officer, new SetAuthorities.Command(series, [stranger.Grants[0].OrganisationId]));
        Assert.IsType<NotFound>((await app.Ask(stranger, new EndSeries.Command(series, "Mine"))).Refusal);
    }

    [Fact]
    public async Task Post_ReasonMissingOrTooLong_SaysSo() {
        var (officer, series, _) = await Scene("Ends for a reason");
        var page = await (await app.Browser(officer)).Get(ForumsLinks.EndSeries(series));
        Assert.Contains("1 membership ends at once, and that member is told by email.", page.Words, StringComparison.Ordinal);
        Assert.Equal(["Enter why the forum ends"], (await page.Post([])).Errors);
        Assert.Equal(["The reason must be 500 characters or fewer"], (await page.Post([("Reason", new string('x', 501))])).Errors);
        Assert.Equal(0, await app.Count("forums_Series", "Id = @series AND EndedAt IS NOT NULL", new { series }));
    }

    [Fact]
    public async Task Post_MeetingAhead_IsRefusedUntilItIsCancelledAndDraftsGo() {
        var (officer, series, member) = await Scene("Meets on");
        var (first, second) = (await app.Meeting(officer, series, new(2026, 11, 12)), await app.Meeting(officer, series, new(2026, 12, 10)));
        await app.Send(officer, new PublishYear.Command(series, new(16, 0), new(17, 0), "Hall", [new("Spring", new(2027, 3, 4))]) { AsDrafts = true });
        var browser = await app.Browser(officer);
        Assert.Contains("2 published meetings lie ahead. Cancel them first, so that everyone who was going to come is told.", (await browser.Get(ForumsLinks.EndSeries(series))).Words, StringComparison.Ordinal);
        await app.Send(officer, new CancelMeeting.Command(first, "Flood"));
        Assert.Equal("1 published meeting lies ahead. Cancel it first, so that everyone who was going to come is told.", Assert.IsType<Conflict>((await app.Ask(officer, new EndSeries.Command(series, "Done"))).Refusal).Sentence);
        // A refusal leaves everything as it was.
        Assert.Equal(0, await app.Count("forums_Series", "Id = @series AND EndedAt IS NOT NULL", new { series }));
        Assert.Equal(1, await app.Count("forums_Member", "SeriesId = @series AND Until IS NULL", new { series }));
        await app.Send(officer, new CancelMeeting.Command(second, "Flood"));
        var form = await browser.Get(ForumsLinks.EndSeries(series));
        Assert.Contains("1 draft is taken away.", form.Words, StringComparison.Ordinal);
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([("Reason", "Nobody came")])).RedirectsTo);
        Assert.Equal(0, await app.Count("forums_Meeting", "SeriesId = @series AND State = 'Draft'", new { series }));
        // What was called off does not lie ahead of a forum that has ended.
        foreach (var reader in (Browser[])[browser, app.Browser(), await app.Browser(member)]) Assert.DoesNotContain("Meetings ahead", (await reader.Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Meets on", (await (await app.Browser(member)).Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);
        Assert.Equal(["Meeting cancelled: Meets on, 10 December 2026", "Meeting cancelled: Meets on, 12 November 2026", "The forum has ended: Meets on"],
            (await app.MailTo(member.PersonId)).Select(m => m.Subject).Where(s => s.StartsWith("Meeting cancelled", StringComparison.Ordinal) || s.StartsWith("The forum has ended", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Post_Ends_MembersAreToldOnceAndItStandsInNoList() {
        var (officer, series, member) = await Scene("Comes to its end");
        var authority = officer.Grants[0].OrganisationId;
        await app.Meeting(officer, series, new(2026, 6, 3));
        await app.Send(member, new PostNotice.Command(series, "A last word", "Thank you all."));
        var noticeId = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Notice WHERE SeriesId = @series", new { series }, default));
        var browser = await app.Browser(officer);
        await (await browser.Get(ForumsLinks.EndSeries(series))).Post([("Reason", "The network takes it up.")]);
        var page = await browser.Get(ForumsLinks.Series(series));
        Assert.Equal("The forum has ended, and every member is told.", page.Banner);
        foreach (var words in (string[])["This forum ended on 5 October 2026: The network takes it up.", "Meetings held", "3 June 2026", "Open the forum again"]) Assert.Contains(words, page.Words, StringComparison.Ordinal);
        foreach (var words in (string[])["Plan the year", "Add a meeting", "End the forum", "Members (", "No meeting is planned"]) Assert.DoesNotContain(words, page.Words, StringComparison.Ordinal);
        Assert.Equal("The forum has already ended.", Assert.IsType<Conflict>((await app.Ask(officer, new EndSeries.Command(series, "Again"))).Refusal).Sentence);
        Assert.Contains("The forum ended on", (await browser.Get(ForumsLinks.EndSeries(series))).Words, StringComparison.Ordinal);

        var mail = Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "The forum has ended: Comes to its end");
        Assert.Contains("The network takes it up.", mail.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await app.MailTo(member.PersonId), m => m.Subject.StartsWith("You are no longer", StringComparison.Ordinal));
        Assert.Equal(0, await app.Count("platform_Message", "CauseId = @series AND Kind = 'forums.digest' AND State = 'Due'", new { series }));

        // Nowhere among forums, but for its officers, to open it again.
        Assert.DoesNotContain("Comes to its end", (await app.Browser().Get($"/forums?AuthorityId={authority}")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Comes to its end", await app.CreateClient().GetStringAsync(new Uri($"/api/v1/forums?authorityId={authority}", UriKind.Relative)), StringComparison.Ordinal);
        Assert.DoesNotContain("Comes to its end", (await app.Browser().Get(ForumsLinks.Ended)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Comes to its end", (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")))).Get(ForumsLinks.Ended)).Words, StringComparison.Ordinal);
        Assert.Contains("Forums that have ended", (await browser.Get(ForumsLinks.List)).Words, StringComparison.Ordinal);
        Assert.Contains("Comes to its end", (await browser.Get(ForumsLinks.Ended)).Words, StringComparison.Ordinal);
        var mine = await app.Browser(member);
        Assert.Contains("You belong to no forum yet", (await mine.Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);

        // Its page stays for everyone, and those who belonged to it read what was written there.
        Assert.Contains("The network takes it up.", (await app.Browser().Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Join the forum", (await app.Browser().Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        Assert.Contains("You were a member until it ended.", (await mine.Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        var board = await mine.Get(ForumsLinks.Notices(series));
        Assert.Contains("A last word", board.Words, StringComparison.Ordinal);
        Assert.Contains(OneSeries.HasEnded, board.Words, StringComparison.Ordinal);
        Assert.Null(board.Document.QuerySelector("#post"));
        Assert.Null((await mine.Get(ForumsLinks.Notice(noticeId))).Document.QuerySelector("#reply"));
        Assert.Equal(OneSeries.HasEnded, Assert.IsType<Conflict>((await app.Ask(member, new PostNotice.Reply(noticeId, "Late"))).Refusal).Sentence);
    }

    [Fact]
    public async Task Ask_AnythingThatWouldGiveItLife_IsRefusedWithOneSentence() {
        var (officer, series, member) = await Scene("Lives no more");
        var authority = officer.Grants[0].OrganisationId;
        var setting = await app.Given.Setting(authority);
        var held = await app.Meeting(officer, series, new(2026, 6, 3));
        var guest = await app.Given.Staff(setting);
        await app.Database(db => db.Execute("""
            INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Minutes, Revision)
            VALUES (@Id, @held, @guest, 1, @authority, @setting, 'Parent', '', 0, 0)
            """, new { Id = Cpd.Platform.Data.Ids.New(app.Clock), held, guest, authority, setting }, default));
        await app.Send(officer, new EndSeries.Command(series, "Done"));
        var person = await app.Given.Practitioner(setting);
        IReadOnlyList<Refusal?> refused = [
            (await app.Ask(person, new KeepMembership.Command(series, Join: true))).Refusal,
            (await app.Ask(officer, new AddMember.Command(series, person.PersonId))).Refusal,
            (await app.Ask(officer, new KeepWalkIn.Command(held, guest))).Refusal,
            (await app.Ask(officer, new AddMeeting.Command(series, new(2026, 11, 12), new(16, 0), new(17, 0), "Hall", "Play"))).Refusal,
            (await app.Ask(officer, new PublishYear.Command(series, new(16, 0), new(17, 0), "Hall", [new("Autumn", new(2026, 11, 12))]))).Refusal,
            (await app.Ask(officer, new PublishYear.Command(series, new(16, 0), new(17, 0), "Hall", [new("Autumn", new(2026, 11, 12))]) { AsDrafts = true })).Refusal,
            (await app.Ask(officer, new PublishDrafts.Command(series))).Refusal,
            (await app.Ask(officer, new EditMeeting.Command(held, 1, new(2026, 11, 12), new(16, 0), new(17, 0), "Hall", "Play"))).Refusal,
            (await app.Ask(member, new PostNotice.Command(series, "Late", "Late"))).Refusal,
        ];
        Assert.All(refused, r => Assert.Equal(OneSeries.HasEnded, Assert.IsType<Conflict>(r).Sentence));
        // What was held may still be put right.
        await app.Send(officer, new EditMeeting.Command(held, 1, new(2026, 6, 4), new(16, 0), new(17, 30), "Hall", "Play"));
        // To whom the forum is not, it is not found.
        var stranger = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        Assert.IsType<NotFound>((await app.Ask(stranger, new AddMeeting.Command(series, new(2026, 11, 12), new(16, 0), new(17, 0), "Hall", "Play"))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(stranger, new PublishDrafts.Command(series))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(stranger, new AddMember.Command(series, person.PersonId))).Refusal);
        // Whoever has the address of a form is led to where it says why.
        var browser = await app.Browser(officer);
        foreach (var address in (string[])[ForumsLinks.AddMeeting(series), ForumsLinks.PlanYear(series)]) Assert.Equal(ForumsLinks.Series(series), (await browser.Get(address)).RedirectsTo);
        var members = await browser.Get(ForumsLinks.Members(series) + "?Text=person");
        Assert.Contains(OneSeries.HasEnded, members.Words, StringComparison.Ordinal);
        Assert.Null(members.Document.QuerySelector("main form"));
        Assert.Equal(OneSeries.HasEnded, (await (await app.Browser(person)).Get(ForumsLinks.Membership(series))).Document.QuerySelector(".govuk-inset-text")!.TextContent.Trim());
        Assert.Equal(["A forum of this name has ended. Open it again, or choose another name"],
            Assert.IsType<Invalid>((await app.Ask(officer, new AddSeries.Command(authority, "Lives no more", "Anew.", AgeRanges.None))).Refusal).Errors.Select(e => e.Sentence));
    }

    [Fact]
    public async Task InviteAbsent_OnlyForumHasEnded_HasNothingToInviteTo() {
        var officer = await app.Given.Officer(await app.Given.Authority("Rutland"));
        await app.Terms(officer);
        await app.Given.Setting(officer.Grants[0].OrganisationId);
        var series = await app.Forum(officer, "Rutland's only one");
        await app.Send(officer, new EndSeries.Command(series, "Done"));
        Assert.Equal("Add a forum first, so that there is something to invite to.", Assert.IsType<Conflict>((await app.Ask(officer, new InviteAbsent.Command(null, 1))).Refusal).Sentence);
    }

    [Fact]
    public async Task Post_OpensAgain_LivesWithoutItsMembersAndEndsAgain() {
        var (officer, series, member) = await Scene("Begins anew");
        await app.Send(officer, new EndSeries.Command(series, "First end"));
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(1));
        var browser = await app.Browser(officer);
        var page = await browser.Get(ForumsLinks.Series(series));
        Assert.Contains("Its members are not restored: they may join again, or you add them.", page.Words, StringComparison.Ordinal);
        await page.Post([], "#reopen");
        page = await browser.Get(ForumsLinks.Series(series));
        Assert.Equal("The forum is open again. Nobody is a member of it yet.", page.Banner);
        Assert.Contains("Members (0)", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("This forum ended", page.Words, StringComparison.Ordinal);
        Assert.Contains("Begins anew", (await app.Browser().Get($"/forums?AuthorityId={officer.Grants[0].OrganisationId}")).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(member)).Get(ForumsLinks.Notices(series))).Status);
        Assert.IsType<Conflict>((await app.Ask(officer, new ReopenSeries.Command(series))).Refusal);
        // The end of a forum removes nobody: they may join again.
        await app.Send(member, new KeepMembership.Command(series, Join: true));
        await app.Send(officer, new EndSeries.Command(series, "Second end"));
        Assert.Equal(2, (await app.MailTo(member.PersonId)).Count(m => m.Subject == "The forum has ended: Begins anew"));
    }

    [Fact]
    public async Task End_WhileOthersJoinAndPublish_LeavesNoLivingMemberAndNoMeetingAhead() {
        for (var round = 0; round < 6; round++) {
            var (officer, series, _) = await Scene($"Ended in the rush {round}");
            var setting = await app.Given.Setting(officer.Grants[0].OrganisationId);
            using var ender = await app.Api(officer);
            using var other = await app.Api(await app.Given.Officer(officer.Grants[0].OrganisationId));
            var people = new List<HttpClient>();
            for (var i = 0; i < 4; i++) people.Add(await app.Api(await app.Given.Practitioner(setting)));
            var joined = people.Select(p => Task.Run(() => p.PutAsJsonAsync($"/api/v1/forums/{series}/membership", new { member = true }))).ToList();
            var published = Task.Run(() => other.PostAsJsonAsync($"/api/v1/forums/{series}/meetings", new { heldOn = "2026-11-12", startsAt = "16:00", endsAt = "17:00", mode = "InPerson", venue = "Hall" }));
            var ended = Task.Run(() => ender.PostAsJsonAsync($"/api/v1/forums/{series}/end", new { reason = "Done" }));
            await Task.WhenAll([.. joined, published, ended]);
            // Of the end and the meeting one is done; and who had joined by the end is told of it.
            Assert.Equal([HttpStatusCode.Conflict], new[] { (await ended).StatusCode, (await published).StatusCode }.Where(s => s == HttpStatusCode.Conflict));
            if ((await ended).StatusCode != HttpStatusCode.NoContent) continue;
            Assert.Equal(0, await app.Count("forums_Member", "SeriesId = @series AND Until IS NULL", new { series }));
            Assert.Equal(0, await app.Count("forums_Meeting", "SeriesId = @series", new { series }));
            Assert.Equal(1 + joined.Count(j => j.Result.StatusCode == HttpStatusCode.NoContent), await app.Count("platform_Message", "CauseId = @series AND Kind LIKE 'forum-ended%'", new { series }));
            people.ForEach(p => p.Dispose());
        }
    }

    [Fact]
    public async Task Join_AfterAnOfficerRemovedThem_IsRefusedUntilAnOfficerAddsThem() {
        var (officer, series, member) = await Scene("Removed by an officer");
        var browser = await app.Browser(member);
        Step();
        await app.Send(officer, new RemoveMember.Command(series, member.PersonId));
        Assert.Equal(Joining.Removed, Assert.IsType<Conflict>((await app.Ask(member, new KeepMembership.Command(series, Join: true))).Refusal).Sentence);
        Assert.Equal(Joining.Removed, (await browser.Get(ForumsLinks.Membership(series))).Document.QuerySelector(".govuk-inset-text")!.TextContent.Trim());
        var page = await browser.Get(ForumsLinks.Series(series));
        Assert.Null(page.Document.QuerySelector("main a.govuk-button"));
        Assert.Contains($"You can't join this forum yourself. {Joining.Removed}", page.Words, StringComparison.Ordinal);
        // The end of the forum in between changes nothing of it.
        await app.Send(officer, new EndSeries.Command(series, "Done"));
        await app.Send(officer, new ReopenSeries.Command(series));
        Assert.IsType<Conflict>((await app.Ask(member, new KeepMembership.Command(series, Join: true))).Refusal);
        // Once an officer has added them again they come and go as they like.
        Step();
        await app.Send(officer, new AddMember.Command(series, member.PersonId));
        Step();
        await app.Send(member, new KeepMembership.Command(series, Join: false));
        await app.Send(member, new KeepMembership.Command(series, Join: true));
    }

    [Fact]
    public async Task Join_WhileBeingRemoved_EndsAsTheOfficerWants() {
        var (officer, series, _) = await Scene("Removed in the rush");
        using var remover = await app.Api(officer);
        for (var round = 0; round < 8; round++) {
            var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
            Step();
            using var client = await app.Api(member);
            var (joined, removed) = (Task.Run(() => client.PutAsJsonAsync($"/api/v1/forums/{series}/membership", new { member = true })), Task.Run(() => remover.DeleteAsync(new Uri($"/api/v1/forums/{series}/members/{member.PersonId}", UriKind.Relative))));
            await Task.WhenAll(joined, removed);
            Assert.Equal(HttpStatusCode.NoContent, (await removed).StatusCode);
            Assert.Equal(HttpStatusCode.Conflict, (await joined).StatusCode);
            Assert.Equal(0, await app.Count("forums_Member", "PersonId = @PersonId AND Until IS NULL", new { member.PersonId }));
        }
    }

    [Fact]
    public async Task Get_Forum_OffersJoiningToThoseWhoCanAndTellsOthersWhyNot() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, "For managers", c => c with { Audience = [JobRole.Manager] });
        var open = await app.Forum(officer, "For everyone");
        var person = await app.Given.Practitioner(await app.Given.Setting(authority));
        async Task<(bool Offered, string Words)> See(Guid forum, Cpd.Tests.Browser browser) => await browser.Get(ForumsLinks.Series(forum)) is var page ? (page.Document.QuerySelectorAll("main a.govuk-button").Any(a => a.TextContent == "Join the forum"), page.Words) : default;
        // Nobody is signed in: they may try, and are led through signing in.
        Assert.True((await See(series, app.Browser())).Offered);
        Assert.Contains("/sign-in", (await app.Browser().Get(ForumsLinks.Membership(series))).RedirectsTo, StringComparison.Ordinal);
        var browser = await app.Browser(person);
        Assert.True((await See(open, browser)).Offered);
        var (offered, words) = await See(series, browser);
        Assert.False(offered);
        Assert.Contains("You can't join this forum yourself. This forum is for: Manager. Ask your early years team if you should belong to it.", words, StringComparison.Ordinal);
        (offered, words) = await See(open, await app.Browser(await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority("Blackpool")))));
        Assert.False(offered);
        Assert.Contains("You can't join this forum yourself. This forum is for people of other local authorities.", words, StringComparison.Ordinal);
        await app.Send(person, new KeepMembership.Command(open, Join: true));
        (offered, words) = await See(open, browser);
        Assert.False(offered);
        Assert.DoesNotContain("You can't join", words, StringComparison.Ordinal);
        Assert.False((await See(open, await app.Browser(officer))).Offered);
    }

    // Which membership was the last is told by ids, which follow the time.
    void Step() => app.Clock.Set(app.Clock.GetUtcNow().AddSeconds(1));

    async Task<(Actor Officer, Guid Series, Actor Member)> Scene(string name) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, name);
        return (officer, series, await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId)));
    }
}
