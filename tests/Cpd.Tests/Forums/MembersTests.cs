using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Members;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Tests.Calendars;

namespace Cpd.Tests.Forums;

/// <summary>Who belongs to a forum: added, removed, joining and leaving by themselves, from one authority or several.</summary>
public sealed class MembersTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_SignedOutWrongRoleOrAnotherAuthority_SeesNothing() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Closed list");
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        foreach (var address in (string[])[ForumsLinks.Members(series), ForumsLinks.Member(series, member.PersonId), ForumsLinks.Authorities(series), ForumsLinks.EditSeries(series)]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(member)).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")))).Get(address)).Status);
        }
    }

    [Fact]
    public async Task Post_PersonFound_IsMemberTwiceIsNotAndIsTold() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, "Adds by search");
        await app.Meeting(officer, series, new(2026, 11, 12));
        var person = await app.Given.Staff(await app.Given.Setting(authority, "Marigold"), "Quentin Quince");
        var browser = await app.Browser(officer);
        var page = await browser.Get(ForumsLinks.Members(series) + "?Text=quentin");
        Assert.Contains("No members yet", page.Words, StringComparison.Ordinal);
        Assert.Contains("Quentin Quince, Marigold", page.Words, StringComparison.Ordinal);
        var added = await page.Post([], "main form[method=post]");
        Assert.Equal(ForumsLinks.Members(series), added.RedirectsTo);
        page = await browser.Get(added.RedirectsTo!);
        Assert.Equal("The member has been added and told by email.", page.Banner);
        Assert.Contains("1 member", page.Words, StringComparison.Ordinal);
        Assert.Contains("Quentin Quince Practitioner Marigold Thurrock", page.Words, StringComparison.Ordinal);
        Assert.Contains("Nobody found", (await browser.Get(ForumsLinks.Members(series) + "?Text=quentin")).Words, StringComparison.Ordinal);
        Assert.IsType<Conflict>((await app.Ask(officer, new AddMember.Command(series, person))).Refusal);
        Assert.Equal(1, await app.Count("forums_Member", "SeriesId = @series", new { series }));
        var mail = Assert.Single(await app.MailTo(person));
        Assert.Equal("You are a member: Adds by search", mail.Subject);
        Assert.Contains("12 November 2026, 4pm to 5:30pm", mail.Words, StringComparison.Ordinal);
        Assert.Equal("REQUEST", mail.Method);
    }

    [Fact]
    public async Task Get_OfficerStandsBeforeStaffInTheSearch_FindsBoth() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority, "Xanthe Abel");
        var series = await app.Forum(officer, "Finds officers too");
        await app.Given.Staff(await app.Given.Setting(authority, "Thistle"), "Xanthe Zola");
        var words = (await (await app.Browser(officer)).Get(ForumsLinks.Members(series) + "?Text=xanthe")).Words;
        Assert.Contains("Xanthe Abel, Thurrock Add Xanthe Abel as partner organisation Xanthe Zola, Thistle Add Xanthe Zola as practitioner", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RoleChangedThenRemoved_IsShownAndTold() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Changes roles");
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId), "Petra Parent");
        await app.Meeting(officer, series, new(2026, 11, 12));
        var browser = await app.Browser(officer);
        var page = await browser.Get(ForumsLinks.Member(series, member.PersonId));
        Assert.Equal("Petra Parent", page.Heading);
        Assert.Equal(["Select what they count as"], (await page.Post([("Role", null)])).Errors);
        await page.Post([("Role", nameof(ForumRole.Parent))]);
        Assert.Contains("Petra Parent Parent", (await browser.Get(ForumsLinks.Members(series))).Words, StringComparison.Ordinal);
        await page.Post([], "#remove");
        Assert.Contains("No members yet", (await browser.Get(ForumsLinks.Members(series))).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(ForumsLinks.Member(series, member.PersonId))).Status);
        var mails = await app.MailTo(member.PersonId);
        Assert.Contains("You are no longer a member: Changes roles", mails.Select(m => m.Subject));
        Assert.Equal("CANCEL", mails.Single(m => m.Subject.StartsWith("You are no longer", StringComparison.Ordinal)).Method);
    }

    [Fact]
    public async Task Post_Joins_WhenTheyFit_AndLeaves() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, "Open to practitioners", c => c with { Audience = [JobRole.Practitioner], AgeRanges = AgeRanges.BirthToTwo });
        var person = await app.Given.Practitioner(await app.Given.Setting(authority));
        var browser = await app.Browser(person);
        var page = await (await browser.Get((await browser.Get(ForumsLinks.Series(series))).Document.QuerySelector("main a.govuk-button")!.GetAttribute("href")!)).Post([]);
        Assert.Equal(ForumsLinks.Series(series), page.RedirectsTo);
        page = await browser.Get(page.RedirectsTo!);
        Assert.Equal("You are a member now. The dates are on their way to you by email.", page.Banner);
        Assert.Contains("You are a member.", page.Words, StringComparison.Ordinal);
        Assert.Contains("Open to practitioners", (await browser.Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);
        await (await browser.Get(ForumsLinks.Membership(series))).Post([]);
        Assert.Contains("You belong to no forum yet", (await browser.Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("forums_Member", "SeriesId = @series AND Until IS NULL", new { series }));
        // Who comes back has a new membership; the old one stays.
        await app.Send(person, new KeepMembership.Command(series, Join: true));
        Assert.Equal(2, await app.Count("forums_Member", "SeriesId = @series", new { series }));
    }

    [Theory]
    [InlineData(JobRole.Manager, AgeRanges.None, "This forum is for: Manager. Ask your early years team if you should belong to it.")]
    [InlineData(JobRole.Practitioner, AgeRanges.ThreeToFive, "This forum is for people who work with children of these ages: 3 to 5. Ask your early years team if you should belong to it.")]
    public async Task Post_JoinsButDoesNotFit_IsToldWhy(JobRole job, AgeRanges ages, string why) {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, $"Only for {job} {ages}", c => c with { Audience = [job], AgeRanges = ages });
        var person = await app.Given.Practitioner(await app.Given.Setting(authority));
        var page = await (await app.Browser(person)).Get(ForumsLinks.Membership(series));
        Assert.Equal(why, page.Document.QuerySelector(".govuk-inset-text")!.TextContent.Trim());
        Assert.Equal(why, Assert.IsType<Conflict>((await app.Ask(person, new KeepMembership.Command(series, Join: true))).Refusal).Sentence);
        // An officer may add whom they like.
        await app.Send(officer, new AddMember.Command(series, person.PersonId));
    }

    [Fact]
    public async Task Post_SeveralAuthorities_EachOfficerSeesTheirOwnAndTheForumsAll() {
        var (thurrock, kent, dorset) = (await app.Given.Authority(), await app.Given.Authority("Kent"), await app.Given.Authority("Dorset"));
        var (host, partner, stranger) = (await app.Given.Officer(thurrock), await app.Given.Officer(kent), await app.Given.Officer(dorset));
        var series = await app.Forum(host, "Of two authorities");
        var outsider = await app.Given.Practitioner(await app.Given.Setting(kent), "Kentish Kate");
        Assert.IsType<NotFound>((await app.Ask(outsider, new KeepMembership.Command(series, Join: true))).Refusal);
        Assert.Contains("for people of other local authorities", (await (await app.Browser(outsider)).Get(ForumsLinks.Membership(series))).Words, StringComparison.Ordinal);

        var form = await (await app.Browser(host)).Get(ForumsLinks.Authorities(series));
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([("Authorities", kent.ToString())])).RedirectsTo);
        Assert.Contains("1 other authority takes partKent", (await app.Browser().Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        await app.Send(outsider, new KeepMembership.Command(series, Join: true));
        await app.Member(host, series, await app.Given.Setting(thurrock), "Thora Thurrock");
        Assert.Contains("2 members", (await (await app.Browser(host)).Get(ForumsLinks.Members(series))).Words, StringComparison.Ordinal);
        var theirs = (await (await app.Browser(partner)).Get(ForumsLinks.Members(series))).Words;
        Assert.Contains("1 member", theirs, StringComparison.Ordinal);
        Assert.Contains("Kentish Kate Practitioner", theirs, StringComparison.Ordinal);
        Assert.DoesNotContain("Thora Thurrock", theirs, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(stranger)).Get(ForumsLinks.Members(series))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(partner)).Get(ForumsLinks.EditSeries(series))).Status);

        // A partner's officer adds and removes their own people and nobody else.
        var own = await app.Given.Staff(await app.Given.Setting(kent));
        await app.Send(partner, new AddMember.Command(series, own));
        Assert.IsType<NotFound>((await app.Ask(partner, new AddMember.Command(series, await app.Given.Staff(await app.Given.Setting(thurrock))))).Refusal);
        var thora = await app.Database(db => db.One<Guid>("SELECT PersonId FROM forums_Member WHERE SeriesId = @series AND AuthorityId = @thurrock", new { series, thurrock }, default));
        Assert.IsType<NotFound>((await app.Ask(partner, new RemoveMember.Command(series, thora))).Refusal);
        await app.Send(partner, new ChangeMember.Command(series, own, ForumRole.Parent));
        Assert.IsType<NotFound>((await app.Ask(partner, new ChangeMember.Command(series, thora, ForumRole.Parent))).Refusal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(partner)).Get(ForumsLinks.Member(series, thora))).Status);
        await app.Send(partner, new RemoveMember.Command(series, own));

        var client = await app.Api(partner);
        var list = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/forums/{series}/members")).RootElement.GetProperty("items");
        Assert.Equal("Kentish Kate", Assert.Single(list.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsJsonAsync($"/api/v1/forums/{series}/authorities", new { authorities = Array.Empty<Guid>() })).StatusCode);
        // Its people stay members of a forum in which it takes part no more; its officer reaches them no longer, and nobody else joins.
        await app.Send(host, new SetAuthorities.Command(series, []));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri($"/api/v1/forums/{series}/members", UriKind.Relative))).StatusCode);
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Practitioner(await app.Given.Setting(kent)), new KeepMembership.Command(series, Join: true))).Refusal);
        Assert.Contains("2 members", (await (await app.Browser(host)).Get(ForumsLinks.Members(series))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_JoinsTwiceAtOnce_IsOneMember() {
        var authority = await app.Given.Authority();
        var series = await app.Forum(await app.Given.Officer(authority), "Joined at once");
        var person = await app.Given.Practitioner(await app.Given.Setting(authority));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.Ask(person, new KeepMembership.Command(series, Join: true)))));
        Assert.Equal(1, await app.Count("forums_Member", "SeriesId = @series", new { series }));
        Assert.Single(await app.MailTo(person.PersonId));
    }

    [Fact]
    public async Task Post_WalkIn_IsMadeMemberAsTheRegisterHasThem() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, "Keeps walk-ins");
        var meeting = await app.Meeting(officer, series, new(2026, 11, 12));
        var setting = await app.Given.Setting(authority);
        var guest = await app.Given.Staff(setting);
        await app.Database(db => db.Execute("""
            INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Minutes, Revision)
            VALUES (@Id, @meeting, @guest, 1, @authority, @setting, 'Parent', '', 0, 0)
            """, new { Id = Cpd.Platform.Data.Ids.New(app.Clock), meeting, guest, authority, setting }, default));
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Blackpool")), new KeepWalkIn.Command(meeting, guest))).Refusal);
        await app.Send(officer, new KeepWalkIn.Command(meeting, guest));
        Assert.Equal(1, await app.Count("forums_Member", "SeriesId = @series AND PersonId = @guest AND Role = 'Parent' AND SettingId = @setting", new { series, guest, setting }));
        Assert.IsType<Conflict>((await app.Ask(officer, new KeepWalkIn.Command(meeting, guest))).Refusal);
    }

    [Theory]
    [InlineData("PlacesPerSetting", "0", "The places for each setting must be between 1 and 100")]
    [InlineData("Mode", "Telepathy", null)]
    [InlineData("Audience", "King", null)]
    public async Task Post_EditWithWhatIsWrong_SaysSo(string field, string value, string? sentence) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, $"Edited wrongly {field}");
        var page = await (await (await app.Browser(officer)).Get(ForumsLinks.EditSeries(series))).Post([(field, value)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        if (sentence is not null) Assert.Equal([sentence], page.Errors);
    }

    [Fact]
    public async Task Post_Edit_IsShownAndTheOlderEditIsRefused() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Before the edit");
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.EditSeries(series));
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([("Name", "After the edit"), ("Audience", "Childminder"), ("PlacesPerSetting", "2"), ("CountsHours", "False"), ("TermsOfReference", "Three parents at least.")])).RedirectsTo);
        var words = (await app.Browser().Get(ForumsLinks.Series(series))).Words;
        foreach (var part in (string[])["After the edit", "For: Childminder", "Attendance does not count as training hours. Each setting has 2 places at a meeting.", "Three parents at least."]) Assert.Contains(part, words, StringComparison.Ordinal);
        var late = await form.Post([("Name", "Too late")]);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Equal(["Somebody else has changed the forum since you opened it. Open it again to see their changes."], late.Errors);
    }
}
