using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.Lists;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;

namespace Cpd.Tests.Forums;

/// <summary>What is counted of forums, who never comes, and newsletters to their members.</summary>
public sealed class ListsTests : IDisposable {
    readonly CpdApp app = new();

    [Theory]
    [InlineData(ForumsLinks.Attendance)]
    [InlineData(ForumsLinks.Absent)]
    public async Task Get_SignedOutOrWrongRole_IsTurnedAway(string address) {
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Manager(await app.Given.Setting(await app.Given.Authority())))).Get(address)).Status);
    }

    /// <summary>Action-learning sets across authorities: 138 people of 35 authorities, one webinar and four sessions, counted by the authority they come from.</summary>
    [Fact]
    public async Task Network_138PeopleOf35Authorities_AreCountedByWhereTheyComeFrom() {
        var authorities = await app.Database(db => db.List<Guid>(db.Page("SELECT Id FROM people_Authority WHERE ToOn IS NULL ORDER BY Name, Id"), new { Skip = 0, Take = 35 }, default));
        var host = await app.Given.Officer(authorities[0]);
        var series = await app.Forum(host, "Baby network", c => c with { Mode = MeetingMode.LiveOnline });
        await app.Send(host, new SetAuthorities.Command(series, authorities));
        var people = new List<Actor>();
        foreach (var (authority, index) in authorities.Select((a, i) => (a, i))) {
            var setting = await app.Given.Setting(authority);
            for (var i = 0; i < (138 + index) / 35; i++) people.Add(new(await app.Given.Staff(setting), "", []));
        }
        foreach (var person in people) await app.Send(person, new KeepMembership.Command(series, Join: true));
        Assert.Equal(138, await app.Count("forums_Member", "SeriesId = @series", new { series }));
        var published = await app.Send(host, new PublishYear.Command(series, new(19, 0), new(20, 30), null, [.. Enumerable.Range(0, 5).Select(i => new PublishYear.Day(i == 0 ? "Webinar" : $"Session {i}", new DateOnly(2027, 5, 6).AddDays(7 * i)))]) {
            Mode = MeetingMode.LiveOnline, JoiningLink = "https://meet.example.org/baby",
        });
        Assert.Equal(5, published);
        Assert.Equal(138, await app.Count("platform_Message", "Kind = 'forum-invited'"));
        app.Clock.Set(new(2027, 6, 10, 9, 0, 0, TimeSpan.Zero));
        var meetings = await app.Database(db => db.List<Guid>("SELECT Id FROM forums_Meeting ORDER BY StartsAt", null, default));
        // All 138 at the webinar, and at the sessions 30, 31, 32 and 33 of them.
        await Came(meetings[0], people.Count);
        for (var i = 1; i < 5; i++) await Came(meetings[i], 29 + i);
        // Who was there in part counts; who was not, and a meeting that was called off or lies ahead, do not.
        await app.Database(db => db.Execute("UPDATE forums_Participant SET Attendance = 'Part' WHERE MeetingId = @Id", new { Id = meetings[1] }, default));
        await Came(meetings[4], 1, "DidNotAttend", first: 1);
        foreach (var on in (DateOnly[])[new(2027, 6, 9), new(2027, 6, 17)]) {
            var meeting = await app.Send(host, new AddMeeting.Command(series, on, new(19, 0), new(20, 30), null, null) { Mode = MeetingMode.LiveOnline });
            if (on < new DateOnly(2027, 6, 10)) await app.Send(host, new CancelMeeting.Command(meeting, "Nobody could"));
        }
        var page = await (await app.Browser(host)).Get($"{ForumsLinks.Attendance}?SeriesId={series}&Year=2026");
        Assert.Equal(["Meetings held: 5", "Attendances: 264", "Different people: 138", "Settings reached: 35", "Authorities they come from: 35"],
            page.Document.QuerySelectorAll(".govuk-summary-list__row").Select(r => $"{r.Children[0].TextContent}: {r.Children[1].TextContent}"));
        Assert.Contains("Practitioner 264 138", page.Words, StringComparison.Ordinal);
        // In June it is still the academic year that began the September before.
        var json = JsonDocument.Parse(await (await app.Api(host)).GetStringAsync($"/api/v1/forum-attendance?seriesId={series}")).RootElement;
        var byAuthority = json.GetProperty("authorities").EnumerateArray().Select(a => (Attendances: a.GetProperty("attendances").GetInt32(), People: a.GetProperty("people").GetInt32())).ToList();
        Assert.Equal((35, 264, 138), (byAuthority.Count, byAuthority.Sum(a => a.Attendances), byAuthority.Sum(a => a.People)));
        Assert.Equal([138, 30, 31, 32, 33], json.GetProperty("meetings").EnumerateArray().Select(m => m.GetProperty("attendances").GetInt32()));
        Assert.Equal(20, json.GetProperty("settings").GetProperty("items").GetArrayLength());
        var file = await (await app.Browser(host)).Client.GetStringAsync(new Uri($"{ForumsLinks.Attendance}?handler=File&SeriesId={series}&Year=2026", UriKind.Relative));
        Assert.Equal(36, file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        // Who takes part does not see the other's counts, and another year has none.
        Assert.Contains("No meeting was held", (await (await app.Browser(await app.Given.Officer(authorities[1]))).Get($"{ForumsLinks.Attendance}?SeriesId={series}&Year=2026")).Words, StringComparison.Ordinal);
        Assert.Contains("No meeting was held", (await (await app.Browser(host)).Get($"{ForumsLinks.Attendance}?SeriesId={series}&Year=2025")).Words, StringComparison.Ordinal);

        async Task Came(Guid meeting, int count, string attendance = "Attended", int first = 0) {
            // Every so many of them, so that they are of many authorities.
            var some = Enumerable.Range(0, count).Select(i => people[first + i * people.Count / count].PersonId);
            await app.Database(db => db.Execute("""
                INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Attendance, Minutes, Revision)
                SELECT @Id, @meeting, m.PersonId, 0, m.AuthorityId, m.SettingId, m.Role, '', @attendance, 90, 1 FROM forums_Member m WHERE m.SeriesId = @series AND m.PersonId = @person
                """, some.Select(person => new { Id = Ids.New(app.Clock), meeting, series, person, attendance }).ToList(), default));
        }
    }

    /// <summary>Half past four is daytime and five is evening, by the clocks of London in summer as in winter.</summary>
    [Fact]
    public async Task Attendance_ByPartOfTheDay_CountsMeetingsAttendancesAndPeopleApart() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "By day and by night");
        var setting = await app.Given.Setting(officer.Grants[0].OrganisationId);
        var (one, two) = (await app.Member(officer, series, setting), await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId)));
        app.Clock.Set(new(2026, 9, 1, 9, 0, 0, TimeSpan.Zero));
        // 17:00 in London is 16:00 in UTC on the first three days, and 17:00 on the last.
        foreach (var (day, from, came) in ((DateOnly, TimeOnly, Actor[])[])[(new(2026, 9, 10), new(16, 59), [one, two]), (new(2026, 9, 17), new(17, 0), [one]), (new(2026, 9, 24), new(19, 0), [one]), (new(2026, 11, 12), new(16, 59), [one]), (new(2026, 11, 19), new(17, 0), [])]) {
            var meeting = await app.Send(officer, new AddMeeting.Command(series, day, from, from.AddHours(1), "Hall", null));
            foreach (var person in came)
                await app.Database(db => db.Execute("""
                    INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Attendance, Minutes, Revision)
                    SELECT @Id, @meeting, m.PersonId, 0, m.AuthorityId, m.SettingId, m.Role, '', 'Attended', 60, 1 FROM forums_Member m WHERE m.SeriesId = @series AND m.PersonId = @PersonId
                    """, new { Id = Ids.New(app.Clock), meeting, series, person.PersonId }, default));
        }
        app.Clock.Set(new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero));
        var browser = await app.Browser(officer);
        var page = await browser.Get($"{ForumsLinks.Attendance}?SeriesId={series}&Year=2026");
        Assert.Contains("Daytime, before 5pm 2 3 2 Evening, from 5pm 3 2 1", page.Words, StringComparison.Ordinal);
        using var api = await app.Api(officer);
        var parts = (await api.GetFromJsonAsync<JsonElement>($"/api/v1/forum-attendance?seriesId={series}&year=2026")).GetProperty("partsOfDay").EnumerateArray().ToList();
        Assert.Equal([(2, 3, 2), (3, 2, 1)], parts.Select(p => (p.GetProperty("meetings").GetInt32(), p.GetProperty("attendances").GetInt32(), p.GetProperty("people").GetInt32())));
        var file = (await browser.Client.GetStringAsync(new Uri($"{ForumsLinks.Attendance}?handler=File&SeriesId={series}&Year=2026", UriKind.Relative))).Split("\r\n");
        Assert.EndsWith("Attendances,Different people,Attendances in the evening,Different people in the evening", file[0], StringComparison.Ordinal);
        Assert.EndsWith(",4,1,2,1", file[1], StringComparison.Ordinal);
        Assert.EndsWith(",1,1,0,0", file[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Absent_SettingsWithoutAttendanceInTheTerms_AreListedAndTheirManagersInvitedOnce() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        Assert.Contains("No terms yet", (await (await app.Browser(officer)).Get(ForumsLinks.Absent)).Words, StringComparison.Ordinal);
        await app.Terms(officer);
        var series = await app.Forum(officer, "Seldom seen");
        var (comes, stays, closed) = (await app.Given.Setting(authority, "Comes Nursery"), await app.Given.Setting(authority, "Stays Nursery"), await app.Given.Setting(authority, "Closed Nursery"));
        await app.Database(db => db.Execute("UPDATE people_Setting SET ClosedOn = @On WHERE Id = @closed", new { closed, On = new DateOnly(2026, 9, 1) }, default));
        await app.Given.Manager(comes);
        var manager = await app.Given.Manager(stays, "Mina Manager");
        var lonely = await app.Given.Setting(authority, "Lonely Nursery");
        var member = await app.Member(officer, series, comes);
        var meeting = await app.Meeting(officer, series, new(2026, 11, 12));
        app.Clock.Set(new(2027, 1, 20, 10, 0, 0, TimeSpan.Zero));
        await Attended(meeting, member.PersonId, authority, comes);
        await Attended(meeting, manager.PersonId, authority, stays, "DidNotAttend");
        await app.Forum(await app.Given.Officer(await app.Given.Authority("Blackpool")), "Far away");

        var browser = await app.Browser(officer);
        var page = await browser.Get(ForumsLinks.Absent + "?Terms=2");
        Assert.Contains("Of 3 settings, nobody of these 2 has come to a forum since 2 September 2026.", page.Words, StringComparison.Ordinal);
        Assert.Contains("Lonely Nursery", page.Words, StringComparison.Ordinal);
        Assert.Contains("Stays Nursery", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Closed Nursery", page.Words, StringComparison.Ordinal);
        // The meeting was in the term before: in this one nobody has come.
        Assert.Contains("nobody of these 3 has come to a forum since 5 January 2027", (await browser.Get(ForumsLinks.Absent + "?Terms=1")).Words, StringComparison.Ordinal);

        for (var i = 0; i < 2; i++) {
            var answer = await page.Post([], "#invite");
            Assert.Equal("1 manager is invited. 1 setting has no manager with an email address.", (await browser.Get(answer.RedirectsTo!)).Banner);
        }
        var mail = Assert.Single(await app.MailTo(manager.PersonId));
        Assert.Equal("Your staff are invited to our forums", mail.Subject);
        Assert.Contains("Nobody of Stays Nursery has come to one of our forums in the last 2 terms", mail.Words.Replace("=\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Seldom seen", mail.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Far away", mail.Words, StringComparison.Ordinal);
        // Not twice on a day; on another day again.
        app.Clock.Set(new(2027, 1, 21, 10, 0, 0, TimeSpan.Zero));
        await app.Send(officer, new InviteAbsent.Command(authority, 2));
        Assert.Equal(2, (await app.MailTo(manager.PersonId)).Count);
        Assert.NotEqual(Guid.Empty, lonely);
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Blackpool")), new ListAbsent.Query(authority, 2, new Paging(1)))).Refusal);
        var client = await app.Api(officer);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/api/v1/forums-missed/invite", new { terms = 7 })).StatusCode);
        Assert.Equal(2, JsonDocument.Parse(await client.GetStringAsync("/api/v1/forums-missed?terms=2")).RootElement.GetProperty("settings").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Newsletter_ToMembersOfAForum_GoesToEachOnce() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var series = await app.Forum(officer, "Reads letters");
        var setting = await app.Given.Setting(authority);
        var (first, second) = (await app.Member(officer, series, setting), await app.Member(officer, series, setting));
        var stranger = await app.Given.Staff(setting);
        var elsewhere = await app.Forum(await app.Given.Officer(await app.Given.Authority("Blackpool")), "Elsewhere");
        await app.Database(db => db.Execute("UPDATE people_Membership SET JobRole = 'Manager' WHERE PersonId = @Id", new { Id = first.PersonId }, default));
        var browser = await app.Browser(officer);
        var page = await browser.Follow((await (await browser.Get("/newsletters")).Post([("Subject", "To the forum")])).RedirectsTo!);
        Assert.Contains("Members of Reads letters", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Members of Elsewhere", page.Words, StringComparison.Ordinal);
        Assert.Equal(["Select who gets it"], (await page.Post([("Words", "Hello.")], "form#words")).Errors);
        Assert.Equal(["Select groups from the list"], (await page.Post([("Words", "Hello."), ("Groups", elsewhere.ToString())], "form#words")).Errors);
        // One of the two members is a manager too, and gets it once.
        page = await browser.Follow((await page.Post([("Words", "Hello."), ("JobRoles", "Manager"), ("Groups", series.ToString())], "form#words")).RedirectsTo!);
        Assert.Contains("As it is saved, it goes to 2 people.", page.Words, StringComparison.Ordinal);
        Assert.Equal([series.ToString()], page.Document.QuerySelectorAll("input[name=Groups][checked]").Select(i => i.GetAttribute("value")));
        page = await browser.Get(page.Document.QuerySelector("a[href$='/send']")!.GetAttribute("href")!);
        await page.Post([], "form#send");
        await app.DrainMail();
        foreach (var member in (Actor[])[first, second]) Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "To the forum");
        Assert.Empty(await app.MailTo(stranger));
    }

    Task<int> Attended(Guid meeting, Guid person, Guid authority, Guid setting, string attendance = "Part") => app.Database(db => db.Execute("""
        INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Attendance, Minutes, Revision)
        VALUES (@Id, @meeting, @person, 0, @authority, @setting, 'Practitioner', '', @attendance, 45, 1)
        """, new { Id = Ids.New(app.Clock), meeting, person, authority, setting, attendance }, default));

    public void Dispose() => app.Dispose();
}
