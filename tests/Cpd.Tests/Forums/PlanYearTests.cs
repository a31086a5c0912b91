using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.People.Calendar;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Cpd.Tests.Training;

namespace Cpd.Tests.Forums;

/// <summary>A forum's year: proposed from the authority's own terms, around what is closed and what else is on, and published in one act.</summary>
public sealed class PlanYearTests : IDisposable {
    // The clock begins on Monday 5 October 2026, 10am in London.
    readonly CpdApp app = new();

    [Fact]
    public async Task Get_SignedOutWrongRoleOrAnotherAuthority_SeesNothing() {
        var (officer, series) = await Series("Secret year");
        var address = ForumsLinks.PlanYear(series);
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(await app.Given.Setting(officer.Grants[0].OrganisationId)))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")))).Get(address)).Status);
    }

    [Fact]
    public async Task Get_NoTerms_SaysWhatToDo() {
        var (officer, series) = await Series("Termless");
        Assert.Contains("No terms ahead", (await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series))).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, new[] { "2026-10-28", "2027-02-17", "2027-06-02" })]
    [InlineData(true, new[] { "2026-10-07", "2026-11-25", "2027-01-27", "2027-03-10", "2027-05-05", "2027-06-30" })]
    public async Task Get_ThreeOrSixTerms_ProposesTheMiddleWednesdayOfEach(bool halves, string[] days) {
        var (officer, series) = await Series("By terms");
        await app.Terms(officer, halves);
        Assert.Equal(days, await Proposed(officer, series));
    }

    [Fact]
    public async Task Get_ClosedDay_IsAvoided() {
        var (officer, series) = await Series("Around closed days");
        await app.Terms(officer);
        await app.Send(officer, new AddClosedDay.Command(officer.Grants[0].OrganisationId, new(2026, 10, 28), "Staff conference"));
        Assert.Equal("2026-10-21", (await Proposed(officer, series))[0]);
        // 3 May 2027 is a bank holiday; the days asked for are Mondays near the beginning of the term.
        Assert.DoesNotContain("2027-05-03", await Proposed(officer, series, "?Weekday=Monday&Part=Beginning"));
    }

    [Fact]
    public async Task Get_OtherForumCourseAndBoundMembers_AreWarnedOf() {
        var (officer, series) = await Series("Clashes");
        await app.Terms(officer);
        var other = await app.Forum(officer, "The other forum");
        await app.Meeting(officer, other, new(2026, 10, 28));
        var (_, session) = await app.Session(officer, title: "Full day of play", with: c => c with { Dates = [TrainingGiven.Date(new(2027, 2, 17), 9, 16)] });
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        await app.Send(officer, new Cpd.Training.Bookings.BookPlaces.Command(session, [member.PersonId]));
        var page = await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series));
        var warnings = page.Document.QuerySelectorAll(".govuk-warning-text__text").Select(w => w.TextContent.Replace("Warning", "", StringComparison.Ordinal).Trim()).ToList();
        Assert.Equal(["Also on 28 October 2026: The other forum, 4pm to 5:30pm.", "Also on 17 February 2027: Full day of play, 9am to 4:30pm.", "1 member is bound elsewhere on 17 February 2027 at that time."], warnings);
        // In the morning there is nothing else in October.
        Assert.DoesNotContain("The other forum", (await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series) + "?From=10am&To=11am")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Year_IsPublishedInOneActAndEachMemberHasOneMessage() {
        var (officer, series) = await Series("Whole year");
        await app.Terms(officer);
        var setting = await app.Given.Setting(officer.Grants[0].OrganisationId);
        var (first, second) = (await app.Member(officer, series, setting), await app.Member(officer, series, setting));
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.PlanYear(series));
        Assert.Contains("2 members get one message with all dates", form.Words, StringComparison.Ordinal);
        var answer = await form.Post([("Venue", "Civic Hall"), ("Topics", "Babbling Babies")], "#year");
        Assert.Equal(ForumsLinks.Series(series), answer.RedirectsTo);
        var page = await browser.Get(answer.RedirectsTo!);
        Assert.Equal("3 meetings have been published, and every member is invited.", page.Banner);
        Assert.Equal(["28 October 2026, 4pm to 5:30pm", "17 February 2027, 4pm to 5:30pm", "2 June 2027, 4pm to 5:30pm"], (await app.Browser().Get(ForumsLinks.Series(series))).Document.QuerySelectorAll("main h3").Select(h => h.TextContent));
        foreach (var member in (Actor[])[first, second]) {
            // One on joining, one of the year.
            var mail = Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "Whole year: 3 meetings to come");
            Assert.Equal("PUBLISH", mail.Method);
            var calendar = await ICal.Read(mail.Calendar!);
            Assert.Equal(3, calendar.Events.Count);
            Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(mail.Words, @"/reply/\S+"));
        }
        Assert.Equal(4, (await app.DrainMail()).Count);
        // Two rounds for each meeting: a week before and the day before.
        Assert.Equal(6, await app.Count("platform_Message", "Kind LIKE 'forums.meeting%'"));
    }

    [Fact]
    public async Task Post_Drafts_AreSeenByOfficersOnlyUntilTheyArePublished() {
        var (officer, series) = await Series("Drafted");
        await app.Terms(officer);
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.PlanYear(series));
        await form.Post([("Venue", "Civic Hall"), ("AsDrafts", "true")], "#year");
        Assert.Single(await app.MailTo(member.PersonId));
        Assert.Contains("No meeting is planned", (await app.Browser().Get(ForumsLinks.Series(series))).Words, StringComparison.Ordinal);
        var meeting = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Meeting WHERE SeriesId = @series ORDER BY StartsAt", new { series }, default));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get(ForumsLinks.Meeting(meeting))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(member)).Get(ForumsLinks.Meeting(meeting))).Status);
        var page = await browser.Get(ForumsLinks.Series(series));
        await page.Post([], "#publish");
        Assert.Equal("3 meetings have been published, and every member is invited.", (await browser.Get(ForumsLinks.Series(series))).Banner);
        Assert.Equal(2, (await app.MailTo(member.PersonId)).Count);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([], "#publish")).Status);
    }

    [Fact]
    public async Task Post_Check_LooksAtTheDaysThatWereChangedAndPublishesNothing() {
        var (officer, series) = await Series("Changed by hand");
        await app.Terms(officer);
        await app.Meeting(officer, await app.Forum(officer, "The other forum"), new(2026, 11, 11));
        await app.Send(officer, new AddClosedDay.Command(officer.Grants[0].OrganisationId, new(2027, 2, 24), "Staff conference"));
        var form = await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series));
        (string, string?)[] changed = [("Venue", "Hall"), ("Days[0].On.Day", "11"), ("Days[0].On.Month", "11"), ("Days[1].On.Day", "24"), ("Days[1].On.Month", "2"), ("Days[2].On.Day", "28"), ("Days[2].On.Month", "7"), ("Check", "true")];
        var page = await form.Post(changed, "#year");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(["Also on 11 November 2026: The other forum, 4pm to 5:30pm.", "Your authority is closed on 24 February 2027.", "28 July 2027 is not in this term."],
            page.Document.QuerySelectorAll(".govuk-warning-text__text").Select(w => w.TextContent.Replace("Warning", "", StringComparison.Ordinal).Trim()));
        Assert.Equal("11", page.Document.QuerySelector("[name='Days[0].On.Day']")!.GetAttribute("value"));
        Assert.Equal("Hall", page.Document.QuerySelector("[name=Venue]")!.GetAttribute("value"));
        Assert.Equal(0, await app.Count("forums_Meeting", "SeriesId = @series", new { series }));
    }

    [Fact]
    public async Task Post_SameYearByManyAtOnce_IsPublishedOnceAndToldOnce() {
        var (officer, series) = await Series("Twice at once");
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var officers = new List<HttpClient>();
        for (var i = 0; i < 4; i++) officers.Add(await app.Api(await app.Given.Officer(officer.Grants[0].OrganisationId)));
        var year = new { startsAt = "16:00", endsAt = "17:30", mode = "InPerson", venue = "Hall", meetings = new[] { new { term = "Autumn", on = "2026-10-28" }, new { term = "Spring", on = "2027-02-17" } } };
        var answers = await Task.WhenAll(officers.Select(o => Task.Run(() => o.PostAsJsonAsync($"/api/v1/forums/{series}/year", year))));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(2, await app.Count("forums_Meeting", "SeriesId = @series", new { series }));
        Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "Twice at once: 2 meetings to come");
        // Of drafts as well.
        await officers[0].PostAsJsonAsync($"/api/v1/forums/{series}/year", new { startsAt = "16:00", endsAt = "17:30", mode = "InPerson", venue = "Hall", asDrafts = true, meetings = new[] { new { term = "Summer", on = "2027-06-02" } } });
        answers = await Task.WhenAll(officers.Select(o => Task.Run(() => o.PostAsJsonAsync($"/api/v1/forums/{series}/publish", new { }))));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(3, (await app.MailTo(member.PersonId)).Count);
    }

    [Fact]
    public async Task Remove_Draft_GoesInSilenceWithWhatWasPrepared_AndOnlyADraft() {
        var (officer, series) = await Series("Thought better of");
        await app.Terms(officer);
        var member = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var browser = await app.Browser(officer);
        await (await browser.Get(ForumsLinks.PlanYear(series))).Post([("Venue", "Hall"), ("AsDrafts", "true")], "#year");
        var drafts = await app.Database(db => db.List<Guid>("SELECT Id FROM forums_Meeting WHERE SeriesId = @series ORDER BY StartsAt", new { series }, default));
        await app.Send(officer, new Cpd.Forums.Agenda.AddItem.Command(drafts[0], Cpd.Forums.Agenda.ItemKind.Learning, "Schemas", null, null, null, null, null));
        await app.Send(officer, new Cpd.Forums.Papers.AddPaper.Command(drafts[0], Cpd.Forums.Papers.PaperKind.Paper, null, "Notes", null, "notes.pdf", [.. "%PDF-1.7 notes"u8]));
        await app.Send(officer, new Cpd.Forums.Polls.AddPoll.Command(drafts[0], "Which?", ["One", "Two"]));
        using var others = await app.Api(await app.Given.Officer(await app.Given.Authority("Blackpool")));
        Assert.Equal(HttpStatusCode.NotFound, (await others.DeleteAsync(new Uri($"/api/v1/meetings/{drafts[0]}", UriKind.Relative))).StatusCode);
        // A draft that were cancelled would be shown to everyone as cancelled.
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new Cpd.Forums.Meetings.CancelMeeting.Command(drafts[0], "Nobody knows"))).Refusal);
        Assert.Equal(ForumsLinks.Series(series), (await (await browser.Get(ForumsLinks.Meeting(drafts[0]))).Post([], "#remove")).RedirectsTo);
        Assert.Equal("The draft has been taken away.", (await browser.Get(ForumsLinks.Series(series))).Banner);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(ForumsLinks.Meeting(drafts[0]))).Status);
        Assert.Equal(2, await app.Count("forums_Meeting", "SeriesId = @series", new { series }));
        Assert.Single(await app.MailTo(member.PersonId));
        var page = await browser.Get(ForumsLinks.Meeting(drafts[1]));
        using var client = await app.Api(officer);
        await client.PostAsJsonAsync($"/api/v1/forums/{series}/publish", new { });
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([], "#remove")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await client.DeleteAsync(new Uri($"/api/v1/meetings/{drafts[1]}", UriKind.Relative))).StatusCode);
        Assert.Equal(2, await app.Count("forums_Meeting", "SeriesId = @series AND State = 'Published'", new { series }));
    }

    [Theory]
    [InlineData("Venue", "", "Enter where it meets")]
    [InlineData("StartsAt", "", "Enter the time it starts, like 9:30am")]
    [InlineData("EndsAt", "3pm", "The meetings must end after they start")]
    [InlineData("JoiningLink", "http://example.org", "The joining link must begin with https:// and be 500 characters or fewer")]
    [InlineData("Days[0].On.Year", "2025", "Each date must be ahead")]
    [InlineData("Days[0].On.Day", "x", null)]
    public async Task Post_WhatIsWrong_SaysSoAndPublishesNothing(string field, string value, string? sentence) {
        var (officer, series) = await Series("Wrong");
        await app.Terms(officer);
        var page = await (await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series))).Post([.. new[] { ("Venue", "Hall") }.Where(f => f.Item1 != field), (field, value)], "#year");
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        if (sentence is not null) Assert.Equal([sentence], page.Errors);
        Assert.Equal(0, await app.Count("forums_Meeting"));
    }

    [Fact]
    public async Task Post_EmptiedTerm_IsLeftOut_AndTheSameDateTwiceIsRefused() {
        var (officer, series) = await Series("Two of three");
        await app.Terms(officer);
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.PlanYear(series));
        await form.Post([("Venue", "Hall"), ("Days[1].On.Day", ""), ("Days[1].On.Month", ""), ("Days[1].On.Year", "")], "#year");
        Assert.Equal(2, await app.Count("forums_Meeting"));
        var again = await form.Post([("Venue", "Hall")], "#year");
        Assert.Equal(["The forum meets at one of these times already"], again.Errors);
        // Beside the date that it is about, with what was typed.
        Assert.Contains("The forum meets at one of these times already", again.Document.QuerySelector("#Days_0__On-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Hall", again.Document.QuerySelector("[name=Venue]")!.GetAttribute("value"));
        // Nobody is warned of members who are bound to the forum itself.
        await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        var words = (await browser.Get(ForumsLinks.PlanYear(series))).Words;
        // A term in which the forum meets gets no second meeting by itself.
        Assert.Contains("The forum meets in it already: 28 October 2026", words, StringComparison.Ordinal);
        Assert.Equal(["2027-02-17"], (await Proposed(officer, series)).Where(d => d.Length > 0));
        Assert.DoesNotContain("Also on", words, StringComparison.Ordinal);
        Assert.DoesNotContain("bound elsewhere", words, StringComparison.Ordinal);
        Assert.Equal(2, await app.Count("forums_Meeting"));
    }

    [Fact]
    public async Task Api_ProposesAndPublishes() {
        var (officer, series) = await Series("By program");
        await app.Terms(officer);
        var client = await app.Api(officer);
        var proposed = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/forums/{series}/year?weekday=Tuesday&part=Beginning")).RootElement.GetProperty("meetings");
        Assert.Equal(3, proposed.GetArrayLength());
        var answer = await client.PostAsJsonAsync($"/api/v1/forums/{series}/year", new {
            startsAt = "13:30", endsAt = "15:00", mode = "LiveOnline", joiningLink = "https://meet.example.org/x", meetings = proposed.EnumerateArray().Select(p => new { term = p.GetProperty("term").GetString(), on = p.GetProperty("on").GetString() }),
        });
        Assert.Equal("3", await answer.Content.ReadAsStringAsync());
        Assert.Equal(3, await app.Count("forums_Meeting", "Mode = 'LiveOnline' AND State = 'Published'"));
    }

    /// <summary>The Thurrock year: birth-to-three and leaders' forums, three meetings each, from the authority's own terms.</summary>
    [Fact]
    public async Task ThurrockYear_TwoForums_HaveThreeMeetingsEachAndNoneAtTheSameTime() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        await app.Terms(officer);
        foreach (var (name, weekday) in ((string, string)[])[("Birth to three forum", "Wednesday"), ("Leaders and managers forum", "Tuesday")]) {
            var series = await app.Forum(officer, name);
            var page = await (await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series) + $"?Weekday={weekday}")).Post([("Venue", "Beehive Centre")], "#year");
            Assert.Equal(ForumsLinks.Series(series), page.RedirectsTo);
            Assert.Equal(3, await app.Count("forums_Meeting", "SeriesId = @series AND State = 'Published'", new { series }));
            Assert.Equal(3, await app.Database(db => db.One<int>("SELECT COUNT(DISTINCT Term) FROM forums_Meeting WHERE SeriesId = @series", new { series }, default)));
        }
        Assert.Equal(6, await app.Count("forums_Meeting"));
        Assert.Equal(6, await app.Database(db => db.One<int>("SELECT COUNT(DISTINCT StartsAt) FROM forums_Meeting", null, default)));
    }

    async Task<IReadOnlyList<string>> Proposed(Actor officer, Guid series, string query = "") {
        var page = await (await app.Browser(officer)).Get(ForumsLinks.PlanYear(series) + query);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        string Value(string name) => page.Document.QuerySelector($"input[name='{name}']")?.GetAttribute("value") ?? "";
        return [.. Enumerable.Range(0, 10).Where(i => Value($"Days[{i}].On.Year").Length > 0).Select(i => $"{Value($"Days[{i}].On.Year")}-{int.Parse(Value($"Days[{i}].On.Month"), System.Globalization.CultureInfo.InvariantCulture):00}-{int.Parse(Value($"Days[{i}].On.Day"), System.Globalization.CultureInfo.InvariantCulture):00}")];
    }

    async Task<(Actor Officer, Guid Series)> Series(string name) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        return (officer, await app.Forum(officer, name));
    }

    public void Dispose() => app.Dispose();
}
