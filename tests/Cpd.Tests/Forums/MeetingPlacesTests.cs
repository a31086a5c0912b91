using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.MeetingNeeds;
using Cpd.Forums.MeetingRegisters;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Forums;

/// <summary>A meeting in a room with so many places: who waits, who gets a place that comes free, and the second date of a full one.</summary>
public sealed class MeetingPlacesTests : IDisposable {
    const string Joining = "https://meet.example.org/set";

    readonly CpdApp app = new();

    [Fact]
    public async Task Reply_AllPlacesAreTaken_WaitsAndIsToldAndGetsThePlaceThatComesFree() {
        var (officer, _, meeting, members) = await Scene(5, places: 2);
        foreach (var member in members.Take(2)) Assert.Equal(new(Reply.Coming, null, []), (await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null))) with { Clashes = [] });
        // By the page, with a need that must not be lost.
        var browser = await app.Browser(members[2]);
        var form = await browser.Get(ForumsLinks.Reply(meeting));
        Assert.Contains("All 2 places are taken. Say that you come, and you join the waiting list", form.Words, StringComparison.Ordinal);
        Assert.Equal(["Select whether you come"], (await form.Post([("Reply", "Waiting")])).Errors);
        await form.Post([("Reply", "Coming"), ("Needs", "A ramp")]);
        var mine = await browser.Get(ForumsLinks.Mine);
        Assert.Equal("All places are taken. You are number 1 on the waiting list, and we write to you as soon as you have a place.", mine.Banner);
        Assert.Contains("Waiting Number 1 on the waiting list", mine.Words, StringComparison.Ordinal);
        // By a program; said again, nothing changes.
        using var api = await app.Api(members[3]);
        for (var i = 0; i < 2; i++) {
            var answer = await (await api.PostAsJsonAsync($"/api/v1/meetings/{meeting}/reply", new { reply = "Coming" })).Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(("Waiting", 2), (answer.GetProperty("reply").GetString(), answer.GetProperty("position").GetInt32()));
        }
        Assert.Equal(2, (await api.GetFromJsonAsync<JsonElement>("/api/v1/my-forums")).GetProperty("meetings")[0].GetProperty("position").GetInt32());
        await app.Send(members[4], new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        Assert.Equal(2, await app.Count("forums_Participant", "Reply = 'Coming'"));

        var letter = Assert.Single(await app.MailTo(members[3].PersonId), m => m.Subject == "On the waiting list: Small room, 12 November 2026");
        Assert.Equal("CANCEL", letter.Method);
        Assert.Contains("You are number 2 on the waiting list.", letter.Words.Replace("=\r\n", "", StringComparison.Ordinal).ReplaceLineEndings(" "), StringComparison.Ordinal);
        // Neither in their calendar nor bound, and no need of theirs is arranged for yet; the meeting's page shows no code for the door.
        Assert.Empty(await Feed(members[2]));
        Assert.Empty(await Bound(members[2]));
        Assert.Single(await Feed(members[0]));
        Assert.Empty((await app.Send(officer, new ListNeeds.Query(meeting))).People);
        var page = await browser.Get(ForumsLinks.Meeting(meeting));
        Assert.Contains("Waiting Number 1 on the waiting list", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("At the door", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(members[3].Name, page.Words, StringComparison.Ordinal);
        // Its officer sees who waits, in order.
        var officers = await (await app.Browser(officer)).Get(ForumsLinks.Meeting(meeting));
        Assert.Contains("2 of 2 places taken, 3 wait", officers.Words, StringComparison.Ordinal);
        Assert.Equal(members.Skip(2).Select(m => m.Name), officers.Document.QuerySelectorAll("main ol li").Select(li => li.TextContent.Split(',')[0]));
        Assert.Contains("2 coming of 2 places, 3 on the waiting list", (await (await app.Browser(officer)).Get(ForumsLinks.Series((await Read(meeting)).SeriesId))).Words, StringComparison.Ordinal);

        // The first of them gets the place that comes free, and is told; who leaves the list makes the others move up.
        await app.Send(members[3], new ReplyToMeeting.Command(meeting, Reply.Apologies, "Another day"));
        await app.Send(members[0], new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"));
        Assert.Equal(new[] { members[1].PersonId, members[2].PersonId }.Order(), (await Coming(meeting)).Order());
        var placed = Assert.Single(await app.MailTo(members[2].PersonId), m => m.Subject == "You have a place: Small room, 12 November 2026");
        Assert.Equal("REQUEST", placed.Method);
        Assert.Contains("PARTSTAT=ACCEPTED", placed.Calendar!.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(await Feed(members[2]));
        Assert.Equal("A ramp", Assert.Single((await app.Send(officer, new ListNeeds.Query(meeting))).People).Words);
        Assert.Contains("Waiting Number 1 on the waiting list", (await (await app.Browser(members[4])).Get(ForumsLinks.Mine)).Words, StringComparison.Ordinal);
        // Whoever comes back comes last.
        Assert.Equal(2, (await app.Send(members[0], new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Position);
    }

    public enum Way { Leaves, IsRemoved, MorePlaces, NoLimit }

    [Theory]
    [InlineData(Way.Leaves)]
    [InlineData(Way.IsRemoved)]
    [InlineData(Way.MorePlaces)]
    [InlineData(Way.NoLimit)]
    public async Task Place_ComesFree_IsGivenToWhoeverHasWaitedLongest(Way way) {
        var (officer, series, meeting, members) = await Scene(4, places: 1);
        foreach (var member in members) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        switch (way) {
            case Way.Leaves: await app.Send(members[0], new KeepMembership.Command(series, Join: false)); break;
            case Way.IsRemoved: await app.Send(officer, new RemoveMember.Command(series, members[0].PersonId)); break;
            default: await Places(officer, meeting, way == Way.NoLimit ? null : 2); break;
        }
        var placed = way == Way.NoLimit ? members.Skip(1).ToList() : [members[1]];
        foreach (var member in members.Skip(1))
            Assert.Equal(placed.Contains(member) ? 1 : 0, (await app.MailTo(member.PersonId)).Count(m => m.Subject.StartsWith("You have a place", StringComparison.Ordinal)));
        Assert.Equal(3 - placed.Count, await app.Count("forums_Participant", "Reply = 'Waiting'"));
    }

    [Fact]
    public async Task Place_ComesFree_SettingThatHasItsPlacesIsPassedOverUntilItHasRoom() {
        var (officer, series, meeting, members) = await Scene(2, places: 3, perSetting: 1);
        var setting = (await app.Ask(officer, new FindHomes([members[0].PersonId], new(2026, 11, 12))))[0].SettingId!.Value;
        var third = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        foreach (var member in (Actor[])[.. members, third]) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        var colleague = await app.Member(officer, series, setting);
        var other = await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId));
        Assert.Equal(1, (await app.Send(colleague, new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Position);
        Assert.Equal(2, (await app.Send(other, new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Position);
        await app.Send(third, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"));
        Assert.Contains(other.PersonId, await Coming(meeting));
        await Places(officer, meeting, 4);
        Assert.DoesNotContain(colleague.PersonId, await Coming(meeting));
        // The officer lets each setting send two.
        var form = await (await app.Browser(officer)).Get(ForumsLinks.EditSeries(series));
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([("PlacesPerSetting", "2")])).RedirectsTo);
        Assert.Contains(colleague.PersonId, await Coming(meeting));
        Assert.Single(await app.MailTo(colleague.PersonId), m => m.Subject.StartsWith("You have a place", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Edit_FewerPlacesThanPeopleWhoCome_IsRefused() {
        var (officer, _, meeting, members) = await Scene(3, places: null);
        foreach (var member in members) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.EditMeeting(meeting));
        Assert.Equal(["3 people have said that they come, so there must be at least 3 places"], (await form.Post([("Places", "2")])).Errors);
        Assert.Equal(["The places in all must be between 1 and 10,000"], (await form.Post([("Places", "0")])).Errors);
        Assert.Single((await form.Post([("Places", "many")])).Errors);
        Assert.Null((await Read(meeting)).Places);
        await form.Post([("Places", "3")]);
        Assert.Equal("3", (await browser.Get(ForumsLinks.EditMeeting(meeting))).Document.QuerySelector("[name=Places]")!.GetAttribute("value"));
        // Nobody is written to for that.
        Assert.DoesNotContain(await app.MailTo(members[0].PersonId), m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Move_WhoWaitsIsToldAsked_AndOnlyAnotherPlaceKeepsTheOrder() {
        var (officer, _, meeting, members) = await Scene(3, places: 1);
        foreach (var member in members) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        var browser = await app.Browser(officer);
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("Venue", "Town Hall")]);
        Assert.Equal(2, await app.Count("forums_Participant", "Reply = 'Waiting'"));
        // It is not put into the calendar of who waits.
        Assert.Equal([null, "REQUEST"], (await Changed(members[1])).Concat(await Changed(members[0])).Order());
        // A new date is free to whoever replies first.
        await (await browser.Get(ForumsLinks.EditMeeting(meeting))).Post([("HeldOn.Day", "19")]);
        Assert.Equal(0, await app.Count("forums_Participant", "Reply IS NOT NULL OR WaitNumber IS NOT NULL"));
        Assert.Equal([null, "REQUEST"], (await Changed(members[2])).Order());
        Assert.Equal(Reply.Coming, (await app.Send(members[2], new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Reply);
        Assert.Equal(1, (await app.Send(members[0], new ReplyToMeeting.Command(meeting, Reply.Coming, null))).Position);
        await app.Send(officer, new CancelMeeting.Command(meeting, "Flood"));
        Assert.Single(await app.MailTo(members[0].PersonId), m => m.Subject.StartsWith("Meeting cancelled", StringComparison.Ordinal));

        async Task<IEnumerable<string?>> Changed(Actor who) => (await app.MailTo(who.PersonId)).Where(m => m.Subject.StartsWith("Meeting changed", StringComparison.Ordinal)).Select(m => m.Method);
    }

    [Fact]
    public async Task Begins_WhoWaitedIsNotRemindedFallsAwayAndMayBeMarkedAsTheyWalkIn() {
        var (officer, _, meeting, members) = await Scene(2, places: 1);
        foreach (var member in members) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        app.Clock.Set(new(London.ToUtc(new(2026, 11, 5), new(9, 0)), TimeSpan.Zero));
        await app.DrainMail();
        app.Clock.Set(new(London.ToUtc(new(2026, 11, 11), new(9, 0)), TimeSpan.Zero));
        await app.DrainMail();
        Assert.Equal(2, (await app.MailTo(members[0].PersonId)).Count(m => m.Subject is "In a week: Small room" or "Tomorrow: Small room"));
        Assert.DoesNotContain(await app.MailTo(members[1].PersonId), m => m.Subject is "In a week: Small room" or "Tomorrow: Small room");
        await using (var scope = app.Services.CreateAsyncScope()) {
            var week = await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<FindWeek, WeekPart>(new([officer.Grants[0].OrganisationId], [], new(2026, 11, 9, 0, 0, 0, DateTimeKind.Utc), new(2026, 11, 16, 0, 0, 0, DateTimeKind.Utc)), default);
            Assert.Equal("Thursday 12 November 2026 at 4pm, Small room: 1 coming, 0 apologies, 1 on the waiting list", Assert.Single(week.Single(p => p.Heading == "Forums this week").Lines));
        }
        app.Clock.Set(new(2026, 11, 12, 16, 5, 0, TimeSpan.Zero));
        var browser = await app.Browser(members[1]);
        foreach (var address in (string[])[ForumsLinks.Mine, ForumsLinks.Meeting(meeting), ForumsLinks.Reply(meeting)]) Assert.DoesNotContain("waiting list", (await browser.Get(address)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting list", (await (await app.Browser(officer)).Get(ForumsLinks.Meeting(meeting))).Words, StringComparison.Ordinal);
        Assert.Contains("Waited for a place", (await (await app.Browser(officer)).Get(ForumsLinks.Register(meeting))).Words, StringComparison.Ordinal);
        await app.Send(officer, new MarkAttendance.Command(meeting, [new(Cpd.Platform.Data.Ids.New(app.Clock), MarkKind.Came, members[1].PersonId)]));
        await app.Send(officer, new CloseRegister.Command(meeting));
        Assert.Equal(1, await app.Count("forums_Participant", "PersonId = @PersonId AND Attendance IN ('Attended', 'Part') AND Reply = 'Waiting'", new { members[1].PersonId }));
        // No place comes free any more.
        Assert.DoesNotContain(await app.MailTo(members[1].PersonId), m => m.Subject.StartsWith("You have a place", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Join_OnlineMeetingOfWhichAllPlacesAreTaken_IsForThoseWhoHaveOne() {
        var (officer, _, meeting, members) = await Scene(2, places: 1, online: true);
        foreach (var member in members) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        app.Clock.Set(new(2026, 11, 12, 15, 50, 0, TimeSpan.Zero));
        Assert.Equal(Joining, (await (await app.Browser(members[0])).Get(ForumsLinks.Join(meeting))).RedirectsTo);
        var page = await (await app.Browser(members[1])).Get(ForumsLinks.Join(meeting));
        Assert.Equal(["You are on the waiting list for this meeting and have no place yet. Ask your early years team for the link if it has begun."], page.Errors);
        Assert.DoesNotContain("Join the meeting", (await (await app.Browser(members[1])).Get(ForumsLinks.Meeting(meeting))).Words, StringComparison.Ordinal);
        var letter = (await app.MailTo(members[1].PersonId)).Single(m => m.Subject.StartsWith("On the waiting list", StringComparison.Ordinal));
        Assert.DoesNotContain(Joining, letter.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("forums_Mark"));
    }

    [Fact]
    public async Task Reply_FortyAtOnceToEightPlaces_EightComeAndThirtyTwoWaitInOrder() {
        var (_, _, meeting, members) = await Scene(40, places: 8);
        var replies = await Task.WhenAll(members.Select(m => Task.Run(() => app.Ask(m, new ReplyToMeeting.Command(meeting, Reply.Coming, null)))));
        Assert.Equal(8, replies.Count(r => r.Value.Reply == Reply.Coming));
        Assert.Equal(Enumerable.Range(1, 32), replies.Select(r => r.Value.Position).OfType<int>().Order());
        var waiting = members.Index().Where(m => replies[m.Index].Value.Position is not null).OrderBy(m => replies[m.Index].Value.Position).Select(m => m.Item.PersonId).ToList();
        Assert.Equal(waiting, await Waiting(meeting));
        Assert.Equal(8, await app.Count("forums_Participant", "Reply = 'Coming'"));
        // All eight give up their places at once, and the first eight of those who wait come.
        var came = members.Where((_, i) => replies[i].Value.Reply == Reply.Coming).ToList();
        Assert.All(await Task.WhenAll(came.Select(m => Task.Run(() => app.Ask(m, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"))))), r => Assert.Null(r.Refusal));
        Assert.Equal(waiting.Take(8).Order(), (await Coming(meeting)).Order());
        Assert.Equal(waiting.Skip(8), await Waiting(meeting));
        Assert.Equal(8, await app.Count("platform_Message", "Kind LIKE 'forum-place/%'"));
    }

    /// <summary>Whatever happens in whatever order: never more come than there are places, nobody waits who could take one, and nobody is overtaken who could have.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Acts_InAnyOrder_PlacesAreNeitherOversoldNorLeftEmpty(int seed) {
        var random = new Random(seed);
        var (officer, series, meeting, members) = await Scene(0, places: 3);
        var settings = new List<Guid>();
        for (var i = 0; i < 4; i++) settings.Add(await app.Given.Setting(officer.Grants[0].OrganisationId));
        for (var i = 0; i < 12; i++) members.Add(await app.Member(officer, series, settings[i % 4]));
        int? perSetting = null;
        var (placed, waited) = (0, 0);
        var before = await Replies(meeting);
        for (var step = 0; step < 120; step++) {
            var member = members[random.Next(members.Count)];
            var act = random.Next(20);
            if (act < 11) await app.Ask(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
            else if (act < 15) {
                // Rather of those who come than of anybody: only they free a place.
                var comes = members.Where(m => before.Any(b => b.PersonId == m.PersonId && b.Reply == Reply.Coming)).ToList();
                if (comes.Count > 0 && act > 11) member = comes[random.Next(comes.Count)];
                await app.Ask(member, new ReplyToMeeting.Command(meeting, Reply.Apologies, "Ill"));
            }
            else if (act < 17) {
                // Their reply goes with them, and they are back without one.
                await app.Send(officer, new RemoveMember.Command(series, member.PersonId));
                await app.Send(officer, new AddMember.Command(series, member.PersonId));
            } else if (act < 19) await Places(officer, meeting, random.Next(1, 6), mayFail: true);
            else {
                perSetting = random.Next(4) is > 1 and var each ? each : null;
                var version = await app.Database(db => db.One<int>("SELECT Version FROM forums_Series WHERE Id = @series", new { series }, default));
                await app.Send(officer, new EditSeries.Command(series, version, "Small room", "What works.", AgeRanges.None) { PlacesPerSetting = perSetting });
            }
            var after = await Replies(meeting);
            var room = (await Read(meeting)).Places;
            var come = after.Where(r => r.Reply == Reply.Coming).ToList();
            var say = $"Seed {seed}, step {step}, act {act}";
            Assert.True(room is null || come.Count <= room, $"{say}: {come.Count} come to {room} places");
            foreach (var waits in after.Where(r => r.Reply == Reply.Waiting)) {
                Assert.True(come.Count >= room || perSetting is { } most && come.Count(c => c.SettingId == waits.SettingId) >= most, $"{say}: somebody waits for a free place");
                // Whoever was before them in the list and came in this step could, and they could not.
                foreach (var overtook in come.Where(c => before.Any(b => b.PersonId == c.PersonId && b.WaitNumber > waits.WaitNumber)))
                    Assert.True(perSetting is { } each && come.Count(c => c.SettingId == waits.SettingId) >= each && overtook.SettingId != waits.SettingId, $"{say}: somebody was overtaken");
            }
            if (perSetting is { } limit)
                foreach (var setting in settings) {
                    var (was, now) = (before.Count(b => b.Reply == Reply.Coming && b.SettingId == setting), come.Count(c => c.SettingId == setting));
                    Assert.True(now <= Math.Max(was, limit), $"{say}: {now} of a setting come, {was} came before");
                }
            placed += after.Count(a => a.Reply == Reply.Coming && before.Any(b => b.PersonId == a.PersonId && b.Reply == Reply.Waiting));
            waited += after.Count(a => a.Reply == Reply.Waiting && !before.Any(b => b.PersonId == a.PersonId && b.Reply == Reply.Waiting));
            before = after;
        }
        Assert.True(placed > 5, $"Seed {seed}: only {placed} got a place by waiting, which proves little");
        Assert.Equal(placed, await app.Count("platform_Message", "Kind LIKE 'forum-place/%'"));
        Assert.Equal(waited, await app.Count("platform_Message", "Kind LIKE 'forum-waiting/%'"));
    }

    [Fact]
    public async Task SecondDate_OfAFullMeeting_IsFilledInAndToldToThoseWhoWait() {
        var (officer, series, meeting, members) = await Scene(3, places: 1);
        foreach (var member in members.Take(2)) await app.Send(member, new ReplyToMeeting.Command(meeting, Reply.Coming, null));
        var browser = await app.Browser(officer);
        var page = await browser.Get(ForumsLinks.Meeting(meeting));
        var second = page.Document.QuerySelectorAll("main a").Single(a => a.TextContent == "Hold it a second time").GetAttribute("href")!;
        var form = await browser.Get(second);
        Assert.Equal("Hold the meeting a second time", form.Heading);
        Assert.Contains("1 person waits for a place at the first", form.Words, StringComparison.Ordinal);
        Assert.Equal(["4pm", "5:30pm", "Library, RM17 6SL", "1"], ((string[])["StartsAt", "EndsAt", "Venue", "Places"]).Select(n => form.Document.QuerySelector($"[name={n}]")!.GetAttribute("value")));
        Assert.Equal(["Enter the date of the meeting"], (await form.Post([])).Errors);
        Assert.Equal(ForumsLinks.Series(series), (await form.Post([("HeldOn.Day", "26"), ("HeldOn.Month", "11"), ("HeldOn.Year", "2026")])).RedirectsTo);
        Assert.Equal(1, await app.Count("forums_Meeting", "SeriesId = @series AND Places = 1 AND Topics = 'Schemas' AND Venue = 'Library, RM17 6SL' AND Id <> @meeting", new { series, meeting }));
        var letter = Assert.Single(await app.MailTo(members[1].PersonId), m => m.Subject == "A second date: Small room, 26 November 2026");
        Assert.Equal("REQUEST", letter.Method);
        Assert.Contains("All places at the meeting of 12 November 2026 were taken", letter.Words.Replace("=\r\n", "", StringComparison.Ordinal).ReplaceLineEndings(" "), StringComparison.Ordinal);
        foreach (var member in (Actor[])[members[0], members[2]]) Assert.Single(await app.MailTo(member.PersonId), m => m.Subject == "You are invited: Small room, 26 November 2026");
        // There is a place at the second, while the order of the first stays.
        var other = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Meeting WHERE SeriesId = @series AND Id <> @meeting", new { series, meeting }, default));
        Assert.Equal(Reply.Coming, (await app.Send(members[1], new ReplyToMeeting.Command(other, Reply.Coming, null))).Reply);
        Assert.Equal([members[1].PersonId], await Waiting(meeting));
        Assert.DoesNotContain("Hold it a second time", (await browser.Get(ForumsLinks.Meeting(await app.Meeting(officer, series, new(2026, 12, 10))))).Words, StringComparison.Ordinal);

        // Of another forum, of another authority, or none at all it is not found.
        var elsewhere = await app.Forum(officer, "Another");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(ForumsLinks.SecondMeeting(elsewhere, meeting))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(ForumsLinks.SecondMeeting(series, Cpd.Platform.Data.Ids.New(app.Clock)))).Status);
        using var api = await app.Api(officer);
        var body = new { heldOn = "2027-01-14", startsAt = "16:00", endsAt = "17:30", venue = "Hall", places = 8, secondOf = meeting };
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsJsonAsync($"/api/v1/forums/{elsewhere}/meetings", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await api.PostAsJsonAsync($"/api/v1/forums/{series}/meetings", body)).StatusCode);
    }

    [Fact]
    public async Task Series_WithPlaces_TheFormsOfItsMeetingsBeginWithThem() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        await app.Terms(officer);
        var browser = await app.Browser(officer);
        var form = await browser.Get(ForumsLinks.AddSeries);
        Assert.Contains("The places in all must be between 1 and 10,000", (await form.Post([("Name", "Eight at a time"), ("Summary", "A set"), ("Places", "0")])).Errors);
        var address = (await form.Post([("Name", "Eight at a time"), ("Summary", "A set"), ("Places", "8")])).RedirectsTo!;
        var series = Guid.Parse(address.Split('/')[^1]);
        Assert.Contains("A meeting usually has 8 places.", (await browser.Get(address)).Words, StringComparison.Ordinal);
        foreach (var page in (string[])[ForumsLinks.EditSeries(series), ForumsLinks.AddMeeting(series), ForumsLinks.PlanYear(series)])
            Assert.Equal("8", (await browser.Get(page)).Document.QuerySelector("[name=Places]")!.GetAttribute("value"));
        var year = await browser.Get(ForumsLinks.PlanYear(series));
        Assert.Equal(["The places in all must be between 1 and 10,000"], (await year.Post([("Venue", "Hall"), ("Places", "-1")], "#year")).Errors);
        await year.Post([("Venue", "Hall"), ("Places", "9")], "#year");
        Assert.Equal(3, await app.Count("forums_Meeting", "SeriesId = @series AND Places = 9", new { series }));
        Assert.Equal(9, (await (await app.Api(officer)).GetFromJsonAsync<JsonElement>($"/api/v1/forums/{series}")).GetProperty("ahead")[0].GetProperty("places").GetInt32());
    }

    /// <summary>From 4pm to 5:30pm on 12 November, each member of a setting of their own.</summary>
    async Task<(Actor Officer, Guid Series, Guid Meeting, List<Actor> Members)> Scene(int members, int? places, int? perSetting = null, bool online = false) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var series = await app.Forum(officer, "Small room", c => c with { PlacesPerSetting = perSetting });
        var people = new List<Actor>();
        for (var i = 0; i < members; i++) people.Add(await app.Member(officer, series, await app.Given.Setting(officer.Grants[0].OrganisationId), $"Member {(char)('A' + i / 26)}{(char)('A' + i % 26)}"));
        return (officer, series, await app.Send(officer, new AddMeeting.Command(series, new(2026, 11, 12), new(16, 0), new(17, 30), online ? null : "Library, RM17 6SL", "Schemas") {
            Places = places, Mode = online ? MeetingMode.LiveOnline : MeetingMode.InPerson, JoiningLink = online ? Joining : null,
        }), people);
    }

    async Task Places(Actor officer, Guid meeting, int? places, bool mayFail = false) {
        var was = await Read(meeting);
        var outcome = await app.Ask(officer, new EditMeeting.Command(meeting, was.Version, London.Day(was.StartsAt), TimeOnly.FromDateTime(London.FromUtc(was.StartsAt)), TimeOnly.FromDateTime(London.FromUtc(was.EndsAt)), was.Venue, was.Topics) {
            Mode = was.Mode, JoiningLink = was.JoiningLink, Places = places,
        });
        if (!mayFail) Assert.Null(outcome.Refusal);
    }

    Task<Meeting> Read(Guid meeting) => app.Database(async db => (await db.One<Meeting>(Meeting.Select + "WHERE m.Id = @meeting", new { meeting }, default))!);

    Task<IReadOnlyList<Said>> Replies(Guid meeting) => app.Database(db => db.List<Said>("SELECT PersonId, SettingId, Reply, WaitNumber FROM forums_Participant WHERE MeetingId = @meeting ORDER BY WaitNumber, PersonId", new { meeting }, default));

    async Task<IReadOnlyList<Guid>> Coming(Guid meeting) => [.. (await Replies(meeting)).Where(r => r.Reply == Reply.Coming).Select(r => r.PersonId)];

    async Task<IReadOnlyList<Guid>> Waiting(Guid meeting) => [.. (await Replies(meeting)).Where(r => r.Reply == Reply.Waiting).Select(r => r.PersonId)];

    async Task<IReadOnlyList<Commitment>> Bound(Actor who) {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<FindCommitments, Commitment>(new([who.PersonId], app.Now, app.Now.AddYears(1)), default);
    }

    async Task<IReadOnlyList<CalendarEntry>> Feed(Actor who) {
        await using var scope = app.Services.CreateAsyncScope();
        var entries = new List<CalendarEntry>();
        foreach (var source in scope.ServiceProvider.GetServices<ICalendarSource>()) entries.AddRange(await source.Entries(who.PersonId, app.Now.AddDays(-1), default));
        return entries;
    }

    sealed record Said {
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public Reply? Reply { get; init; }
        public int? WaitNumber { get; init; }
    }

    public void Dispose() => app.Dispose();
}
