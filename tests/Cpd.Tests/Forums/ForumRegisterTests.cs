using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.MeetingRegisters;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;

namespace Cpd.Tests.Forums;

/// <summary>The register of a meeting: taps on a phone, the quorum while people come and go, and what reaches their CPD records. The meeting lasts 90 minutes, and 10 are let pass at each end.</summary>
public sealed class ForumRegisterTests(CpdApp app) : IClassFixture<CpdApp>, IDisposable {
    readonly MeetingsGiven given = new(app);

    public void Dispose() => app.Clock.Set(CpdApp.Start);

    void Minutes(int afterTheStart) => app.Clock.Set(MeetingsGiven.Starts.AddMinutes(afterTheStart));

    static async Task<WebPage> Tap(Browser browser, Guid meeting, Actor who, string what) {
        var page = await browser.Get(ForumsLinks.Register(meeting));
        var button = page.Document.QuerySelectorAll("button[name=Tap]").Select(b => b.GetAttribute("value")!).First(v => v.StartsWith($"{who.PersonId}.{what}", StringComparison.Ordinal));
        return await page.Post([("Tap", button)], "#door-taps");
    }

    Task<(int Entries, int Minutes, int Participatory)> Ledger(Actor who) => app.Database(async db => {
        var rows = await db.List<Entry>("SELECT Minutes, ParticipatoryMinutes FROM accreditation_Entry WHERE PersonId = @PersonId AND WithdrawnAt IS NULL", new { who.PersonId }, default);
        return (rows.Count, rows.Sum(r => r.Minutes), rows.Sum(r => r.ParticipatoryMinutes));
    });

    Task<int> Noted(Guid meeting, Actor who) => app.Database(db => db.One<int>("SELECT Minutes FROM forums_Participant WHERE MeetingId = @meeting AND PersonId = @PersonId", new { meeting, who.PersonId }, default));

    sealed record Entry {
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
    }

    [Fact]
    public async Task Tap_CameAndLeft_BecomesParticipatoryMinutesOnceTheRegisterIsClosed() {
        var forum = await given.Forum("Tapped forum", members: 4);
        var browser = await app.Browser(forum.Officer);
        Assert.Contains("You can record attendance from the day of the meeting, 8 October 2026.", (await browser.Get(ForumsLinks.Register(forum.Meeting))).Words, StringComparison.Ordinal);
        Minutes(-5);
        browser = await app.Browser(forum.Officer);
        await Tap(browser, forum.Meeting, forum.Members[0], "Came");
        Minutes(30);
        browser = await app.Browser(forum.Officer);
        await Tap(browser, forum.Meeting, forum.Members[1], "Came");
        Minutes(60);
        browser = await app.Browser(forum.Officer);
        await Tap(browser, forum.Meeting, forum.Members[0], "Left");
        await Tap(browser, forum.Meeting, forum.Members[2], "Absent");
        var page = await browser.Get(ForumsLinks.Register(forum.Meeting));
        Assert.Contains("1 of 4 here", page.Words, StringComparison.Ordinal);
        Assert.Contains("Left at 5pm, 1 hour", page.Words, StringComparison.Ordinal);
        Assert.Contains("Here since 4:30pm, 1 hour", page.Words, StringComparison.Ordinal);
        Minutes(95);
        browser = await app.Browser(forum.Officer);
        var closed = await browser.Follow((await (await browser.Get(ForumsLinks.Register(forum.Meeting))).Post([], "#close")).RedirectsTo!);
        Assert.Equal("The register is closed. 2 people were there.", closed.Banner);
        await app.DrainOutbox();
        Assert.Equal((1, 60, 60), await Ledger(forum.Members[0]));
        Assert.Equal((1, 60, 60), await Ledger(forum.Members[1]));
        Assert.Equal((0, 0, 0), await Ledger(forum.Members[2]));
        Assert.Equal((0, 0, 0), await Ledger(forum.Members[3]));
        Assert.Equal(2, await app.Count("forums_Participant", "MeetingId = @Meeting AND Attendance = 'DidNotAttend'", new { forum.Meeting }));
        var mine = await (await app.Browser(forum.Members[0])).Get("/my-cpd");
        Assert.Contains("Tapped forum", mine.Words, StringComparison.Ordinal);
        Assert.Contains("1 hour", mine.Words, StringComparison.Ordinal);
        // Closed once.
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new CloseRegister.Command(forum.Meeting))).Refusal);
    }

    [Fact]
    public async Task Correct_AfterClosing_RaisesTheRevisionAndCorrectsTheOneEntry() {
        var forum = await given.Forum("Corrected forum", members: 2);
        Minutes(0);
        var browser = await app.Browser(forum.Officer);
        await Tap(browser, forum.Meeting, forum.Members[0], "Came");
        Minutes(95);
        browser = await app.Browser(forum.Officer);
        await app.Send(forum.Officer, new CloseRegister.Command(forum.Meeting));
        await app.DrainOutbox();
        Assert.Equal((1, 90, 90), await Ledger(forum.Members[0]));
        Assert.Equal((0, 0, 0), await Ledger(forum.Members[1]));
        // From paper: one left after an hour, the other came for half an hour.
        var times = await browser.Get(ForumsLinks.TypedTimes(forum.Meeting));
        Assert.Equal(["The time they left must be after the time they came"], (await times.Post([("Rows[1].In", "17:00"), ("Rows[1].Out", "16:30")], "#times")).Errors);
        Assert.Equal("Saved for 2 people.", (await browser.Follow((await times.Post([("Rows[0].Out", "17:00"), ("Rows[1].In", "17:00")], "#times")).RedirectsTo!)).Banner);
        await app.DrainOutbox();
        Assert.Equal((1, 60, 60), await Ledger(forum.Members[0]));
        Assert.Equal((1, 30, 30), await Ledger(forum.Members[1]));
        Assert.Equal([2, 1], await app.Database(db => db.List<int>("SELECT Revision FROM forums_Participant WHERE MeetingId = @Meeting ORDER BY Revision DESC", new { forum.Meeting }, default)));
        // Who was there in part still was, for less.
        times = await browser.Get(ForumsLinks.TypedTimes(forum.Meeting));
        await times.Post([("Rows[1].Out", "17:15")], "#times");
        await app.DrainOutbox();
        Assert.Equal((1, 15, 15), await Ledger(forum.Members[1]));
        // They were not there after all: the entry is withdrawn, not doubled.
        times = await browser.Get(ForumsLinks.TypedTimes(forum.Meeting));
        await times.Post([("Rows[0].In", ""), ("Rows[0].Out", "")], "#times");
        await app.DrainOutbox();
        Assert.Equal((0, 0, 0), await Ledger(forum.Members[0]));
        Assert.Equal(1, await app.Count("accreditation_Entry", "PersonId = @PersonId", new { forum.Members[0].PersonId }));
    }

    [Fact]
    public async Task Tap_UndoneOrSentTwice_CountsAsIfNothingHadBeen() {
        var forum = await given.Forum("Undone forum", members: 1);
        Minutes(5);
        var browser = await app.Browser(forum.Officer);
        var page = await browser.Get(ForumsLinks.Register(forum.Meeting));
        var tap = $"{forum.Member.PersonId}.Came";
        await page.Post([("Tap", tap)], "#door-taps");
        await page.Post([("Tap", tap)], "#door-taps");
        Assert.Equal(1, await app.Count("forums_Mark", "MeetingId = @Meeting", new { forum.Meeting }));
        Assert.Contains("1 of 1 here", (await browser.Get(ForumsLinks.Register(forum.Meeting))).Words, StringComparison.Ordinal);
        await Tap(browser, forum.Meeting, forum.Member, "Undo");
        page = await browser.Get(ForumsLinks.Register(forum.Meeting));
        Assert.Contains("0 of 1 here", page.Words, StringComparison.Ordinal);
        Assert.Contains("Not here yet", page.Words, StringComparison.Ordinal);
        await Tap(browser, forum.Meeting, forum.Member, "Came");
        Minutes(25);
        Assert.True((await browser.Get(ForumsLinks.Register(forum.Meeting))).Document.QuerySelector("[data-tap=Undo]")!.HasAttribute("hidden"));
        var nonce = await app.Database(db => db.One<Guid>("SELECT Nonce FROM forums_Mark WHERE MeetingId = @Meeting AND Kind = 'Came' ORDER BY Number DESC", new { forum.Meeting }, default));
        var late = await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Undo, forum.Member.PersonId, Undoes: nonce)]));
        Assert.Equal((MarkResult.Refused, "A mark can be taken back for 15 minutes. After that, type in the times."), (late.Marks[0].Result, late.Marks[0].Why));
        Assert.Equal(["Press one of the buttons beside a name"], (await page.Post([("Tap", "nonsense")], "#door-taps")).Errors);
    }

    [Fact]
    public async Task Tap_SomebodyWhoIsNoMember_IsAGuest_AndCanBeMadeAMember() {
        var forum = await given.Forum("Open doors", members: 1);
        var guest = await app.Given.Practitioner(await app.Given.Setting(forum.Authority), "Gwendolyn Walkin");
        var foreign = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority("Blackpool")), "Gwen Elsewhere");
        Minutes(0);
        var browser = await app.Browser(forum.Officer);
        var page = await browser.Get(ForumsLinks.Register(forum.Meeting) + "?who=gwen");
        Assert.Contains("Gwendolyn Walkin", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Gwen Elsewhere", page.Words, StringComparison.Ordinal);
        await page.Post([("Tap", $"{guest.PersonId}.WalkIn")], "#door-walk-ins");
        // Refused for itself: on a phone that was away, one such mark must not keep all the others waiting.
        var stranger = await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Came, foreign.PersonId), new(Ids.New(app.Clock), MarkKind.Came, forum.Member.PersonId)]));
        Assert.Equal(["They are not on the register, and belong to none of the forum's authorities.", null], stranger.Marks.Select(m => m.Why));
        Assert.Equal(0, await app.Count("forums_Participant", "PersonId = @PersonId", new { foreign.PersonId }));
        // Of an authority that takes part they may; and who was noted by mistake is a guest no more.
        await app.Send(forum.Officer, new SetAuthorities.Command(forum.Series, [await app.Given.Authority("Blackpool")]));
        var came = new MarkAttendance.Made(Ids.New(app.Clock), MarkKind.Came, foreign.PersonId);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [came]));
        Assert.Contains("Gwen Elsewhere", (await browser.Get(ForumsLinks.Register(forum.Meeting))).Words, StringComparison.Ordinal);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Undo, foreign.PersonId, Undoes: came.Nonce)]));
        Assert.DoesNotContain("Gwen Elsewhere", (await browser.Get(ForumsLinks.Register(forum.Meeting))).Words, StringComparison.Ordinal);
        // Neither the mark sent again nor one taken back that never was brings them back.
        var again = await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [came, new(Ids.New(app.Clock), MarkKind.Undo, foreign.PersonId, Undoes: Ids.New(app.Clock))]));
        Assert.Equal([(MarkResult.AlreadyCounted, null), (MarkResult.Refused, "The mark that was to be taken back is not there.")], again.Marks.Select(m => (m.Result, m.Why)));
        Assert.Equal(0, await app.Count("forums_Participant", "PersonId = @PersonId", new { foreign.PersonId }));
        page = await browser.Get(ForumsLinks.Register(forum.Meeting));
        Assert.Contains("Gwendolyn Walkin", page.Document.QuerySelector("#door-taps")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("guest", page.Document.QuerySelector("#door-taps")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("They are a member now, and invited to each meeting.", (await browser.Follow((await page.Post([], $"#member-{guest.PersonId}")).RedirectsTo!)).Banner);
        Assert.Equal(1, await app.Count("forums_Member", "SeriesId = @Series AND PersonId = @PersonId AND Until IS NULL", new { forum.Series, guest.PersonId }));
        Minutes(95);
        await app.Send(forum.Officer, new CloseRegister.Command(forum.Meeting));
        await app.DrainOutbox();
        Assert.Equal((1, 90, 90), await Ledger(guest));
    }

    [Fact]
    public async Task Mark_SentTwiceAtOnceOrUndoneForSomebodyElse_ChangesNothingMore() {
        var forum = await given.Forum("Strict marks", members: 2);
        Minutes(0);
        var came = new MarkAttendance.Made(Ids.New(app.Clock), MarkKind.Came, forum.Members[0].PersonId);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [came, came]));
        Assert.Equal(1, await app.Count("forums_Mark", "MeetingId = @Meeting AND MadeBy = @PersonId", new { forum.Meeting, forum.Officer.PersonId }));
        Assert.Equal("Send at most 1,000 marks at a time", Assert.IsType<Invalid>((await app.Ask(forum.Officer, new MarkAttendance.Command(forum.Meeting, [.. Enumerable.Repeat(came, 1001)]))).Refusal).Errors[0].Sentence);
        var wrong = new MarkAttendance.Made(Ids.New(app.Clock), MarkKind.Undo, forum.Members[1].PersonId, Undoes: came.Nonce);
        Assert.Equal("The mark that was to be taken back is not there.", (await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [wrong]))).Marks[0].Why);
        // Who is said to have left before the meeting began did not leave before they came.
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Times, forum.Members[1].PersonId, Until: MeetingsGiven.Starts.AddMinutes(-15))]));
        Assert.Equal(1, await app.Count("forums_Participant", "MeetingId = @Meeting AND PersonId = @PersonId AND LeftAt = CameAt", new { forum.Meeting, forum.Members[1].PersonId }));
    }

    [Fact]
    public async Task Marks_OfPhonesWithoutANetwork_CountByTheTimeAtWhichTheyWereMade() {
        var forum = await given.Forum("Village hall", members: 3);
        DateTimeOffset At(int minutes) => MeetingsGiven.Starts.AddMinutes(minutes);
        MarkAttendance.Made Made(int member, MarkKind kind, int minutes, Guid? undoes = null) => new(Ids.New(app.Clock), kind, forum.Members[member].PersonId, Undoes: undoes, MadeAt: At(minutes));
        Minutes(85);
        var left = Made(0, MarkKind.Left, 60);
        var first = await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [left, Made(1, MarkKind.Came, 30)]));
        // The other phone's marks come later and were made earlier; one of its clock three hours ahead is put right; what arrives twice counts once.
        var second = await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [Made(0, MarkKind.Came, 0), left, Made(1, MarkKind.Absent, 20)]));
        Assert.Equal([MarkResult.Counted, MarkResult.Counted], first.Marks.Select(m => m.Result));
        Assert.Equal([MarkResult.Counted, MarkResult.AlreadyCounted, MarkResult.Counted], second.Marks.Select(m => m.Result));
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [Made(2, MarkKind.Came, 45 + 180)], SentAt: At(85 + 180)));
        Assert.Equal((60, 60, 45), (await Noted(forum.Meeting, forum.Members[0]), await Noted(forum.Meeting, forum.Members[1]), await Noted(forum.Meeting, forum.Members[2])));
        // What is taken back was there before: also when the answer to it came faster, so that the same wrong clock is put right by less.
        var late = Made(2, MarkKind.Left, 80 + 180);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [late], SentAt: At(80 + 180)));
        Minutes(86);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [Made(2, MarkKind.Undo, 81 + 180, late.Nonce)], SentAt: At(86 + 180)));
        Assert.Equal(45, await Noted(forum.Meeting, forum.Members[2]));
        // One that cannot be is refused for itself, and keeps no other from being counted.
        var mixed = await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [
            Made(0, MarkKind.Came, -24 * 60), Made(0, MarkKind.Undo, 80, undoes: left.Nonce), new(Ids.New(app.Clock), MarkKind.Came, null, Reference: "0000-0000"), Made(1, MarkKind.Left, 50),
        ]));
        Assert.Equal(["It was made before the day of the meeting, 8 October 2026.", "A mark can be taken back for 15 minutes. After that, type in the times.", "Nobody on this register has the code 0000-0000.", null], mixed.Marks.Select(m => m.Why));
        Assert.Equal(20, await Noted(forum.Meeting, forum.Members[1]));
        async Task<string> Invalid(params MarkAttendance.Made[] marks) => Assert.IsType<Invalid>((await app.Ask(forum.Officer, new MarkAttendance.Command(forum.Meeting, marks))).Refusal).Errors[0].Sentence;
        Assert.Equal("Say when they came and left", await Invalid(Made(0, MarkKind.Whole, 10)));
        Assert.Equal("Say whom the mark is about", await Invalid(new MarkAttendance.Made(Ids.New(app.Clock), MarkKind.Came, null)));
        Assert.Equal("A mark is made at the door, by a scan, or from paper", await Invalid(Made(0, MarkKind.Came, 10) with { Source = MarkSource.Link }));
    }

    [Fact]
    public async Task Code_OfAMember_IsOnTheirMeetingAndFindsThemAtTheDoor() {
        var forum = await given.Forum("Scanned forum", members: 2);
        var address = ForumsLinks.Meeting(forum.Meeting);
        var theirs = await (await app.Browser(forum.Members[1])).Get(address);
        var code = theirs.Document.QuerySelector("svg[role=img]")!.GetAttribute("aria-label")!.Split(' ')[^1];
        Assert.Matches("^[0-9A-Z]{4}-[0-9A-Z]{4}$", code);
        Assert.Contains(code, theirs.Words, StringComparison.Ordinal);
        // Nobody else is shown one, nor whoever does not come.
        foreach (var other in new[] { await app.Given.Practitioner(await app.Given.Setting(forum.Authority)), forum.Officer })
            Assert.DoesNotContain("At the door", (await (await app.Browser(other)).Get(address)).Words, StringComparison.Ordinal);
        await app.Send(forum.Members[0], new Cpd.Forums.Replies.ReplyToMeeting.Command(forum.Meeting, Reply.Apologies, "On leave"));
        Assert.DoesNotContain("At the door", (await (await app.Browser(forum.Members[0])).Get(address)).Words, StringComparison.Ordinal);

        Minutes(-2);
        var browser = await app.Browser(forum.Officer);
        var found = await browser.Get($"{ForumsLinks.Register(forum.Meeting)}?find={code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal)}");
        Assert.Equal([forum.Members[1].Name], found.Document.QuerySelectorAll(".app-door__name").Select(n => n.TextContent));
        var token = found.Document.QuerySelector("#door-taps input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        async Task<HttpResponseMessage> Post(string? with, object body) {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{ForumsLinks.Register(forum.Meeting)}?handler=Marks") { Content = JsonContent.Create(body) };
            if (with is not null) request.Headers.Add("RequestVerificationToken", with);
            return await browser.Client.SendAsync(request);
        }
        var mark = new { nonce = Ids.New(app.Clock), kind = "Came", reference = code, madeAt = MeetingsGiven.Starts.AddMinutes(-3), source = "Scan" };
        using (var bare = await Post(null, new { marks = new[] { mark } })) Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        using (var counted = await Post(token, new { sentAt = MeetingsGiven.Starts.AddMinutes(-2), marks = new[] { mark } })) {
            Assert.True(counted.StatusCode == HttpStatusCode.OK, $"{counted.StatusCode} {await counted.Content.ReadAsStringAsync()}");
            Assert.Equal("Counted", (await counted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("marks")[0].GetProperty("result").GetString());
        }
        Assert.Equal(1, await app.Count("forums_Mark", "MeetingId = @Meeting AND PersonId = @PersonId AND Source = 'Scan' AND MadeAt = @At", new { forum.Meeting, forum.Members[1].PersonId, At = MeetingsGiven.Starts.AddMinutes(-3).UtcDateTime }));
        using (var empty = await Post(token, new { marks = Array.Empty<object>() })) Assert.Equal("Send at least one mark", (await empty.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("why").GetString());
        // The same person has another code at the next meeting, and none when it is over.
        Assert.NotEqual(code, DoorCode.Of(forum.Series, forum.Members[1].PersonId));
        Minutes(95);
        Assert.DoesNotContain("At the door", (await (await app.Browser(forum.Members[1])).Get(address)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_TypedWhileAnotherMarks_KeepWhatWasTypedAndWhatWasMarked() {
        var forum = await given.Forum("Typed and tapped", members: 2);
        var guest = await app.Given.Practitioner(await app.Given.Setting(forum.Authority), "Zora Zebra");
        Minutes(95);
        var browser = await app.Browser(forum.Officer);
        var times = await browser.Get(ForumsLinks.TypedTimes(forum.Meeting));
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [
            new(Ids.New(app.Clock), MarkKind.Times, guest.PersonId, MeetingsGiven.Starts), new(Ids.New(app.Clock), MarkKind.Times, forum.Members[1].PersonId, MeetingsGiven.Starts.AddMinutes(30)),
        ]));
        Assert.Equal("Saved for 1 person.", (await browser.Follow((await times.Post([("Rows[0].In", "16:45")], "#times")).RedirectsTo!)).Banner);
        Assert.Equal((45, 60, 90), (await Noted(forum.Meeting, forum.Members[0]), await Noted(forum.Meeting, forum.Members[1]), await Noted(forum.Meeting, guest)));
    }

    [Fact]
    public async Task Register_HoldsWhoBelongedToTheForumThen() {
        var forum = await given.Forum("Members then", members: 2);
        await app.Send(forum.Members[0], new KeepMembership.Command(forum.Series, Join: false));
        Minutes(95);
        await app.Send(forum.Members[1], new KeepMembership.Command(forum.Series, Join: false));
        await given.Member(forum.Officer, forum.Series, forum.Authority, "Joined afterwards");
        using var api = await app.Api(forum.Officer);
        var entry = Assert.Single((await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{forum.Meeting}/register")).GetProperty("entries").EnumerateArray());
        Assert.Equal(forum.Members[1].Name, entry.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Close_MeetingThatHasBeenHeld_IsNeitherMovedNorCalledOff() {
        var forum = await given.Forum("Held and over");
        Minutes(95);
        await app.Send(forum.Officer, new CloseRegister.Command(forum.Meeting));
        const string over = "The register is closed: the meeting has taken place.";
        Assert.Equal(over, Assert.IsType<Conflict>((await app.Ask(forum.Officer, new CancelMeeting.Command(forum.Meeting, "Too late"))).Refusal).Sentence);
        Assert.Equal(over, Assert.IsType<Conflict>((await app.Ask(forum.Officer, new EditMeeting.Command(forum.Meeting, 1, MeetingsGiven.Day, new(16, 0), new(18, 0), "Library", "Talk"))).Refusal).Sentence);
    }

    [Fact]
    public async Task Close_OnlineMeeting_EntersTheLedgerWithModeSettingAndAuthority() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var setting = await app.Given.Setting(authority);
        var series = await app.Forum(officer, "Online ledger", c => c with { Mode = MeetingMode.LiveOnline });
        var member = await app.Member(officer, series, setting);
        var meeting = await app.Send(officer, new AddMeeting.Command(series, MeetingsGiven.Day, new(16, 0), new(17, 30), null, null) { Mode = MeetingMode.LiveOnline, JoiningLink = "https://meet.example.org/room" });
        Minutes(95);
        await app.Send(officer, new MarkAttendance.Command(meeting, [new(Ids.New(app.Clock), MarkKind.Times, member.PersonId, MeetingsGiven.Starts)]));
        await app.Send(officer, new CloseRegister.Command(meeting));
        await app.DrainOutbox();
        Assert.Equal(1, await app.Count("accreditation_Entry", "PersonId = @PersonId AND Title = 'Online ledger' AND Source = 'Thurrock' AND Mode = 'LiveOnline' AND SettingId = @setting AND AuthorityId = @authority", new { member.PersonId, setting, authority }));
    }

    [Fact]
    public async Task Find_PeopleOfAnAuthorityThatTakesPart_OnlyByTheirWholeAddress() {
        var forum = await given.Forum("Not a directory", members: 1);
        var dorset = await app.Given.Authority("Dorset");
        var foreign = await app.Given.Practitioner(await app.Given.Setting(dorset), "Dorothea Faraway");
        // An officer says alone who takes part; that must not let them look through the people of every authority.
        await app.Send(forum.Officer, new SetAuthorities.Command(forum.Series, [dorset]));
        Minutes(0);
        var (browser, address) = (await app.Browser(forum.Officer), await app.Email(foreign.PersonId));
        Assert.DoesNotContain("Dorothea", (await browser.Get(ForumsLinks.Register(forum.Meeting) + "?who=doro")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Dorothea", (await browser.Get(ForumsLinks.Register(forum.Meeting) + $"?who={Uri.EscapeDataString(address[..^1])}")).Words, StringComparison.Ordinal);
        var page = await browser.Get(ForumsLinks.Register(forum.Meeting) + $"?who={Uri.EscapeDataString(address.ToUpperInvariant())}");
        Assert.Contains("Dorothea Faraway", page.Words, StringComparison.Ordinal);
        await page.Post([("Tap", $"{foreign.PersonId}.WalkIn")], "#door-walk-ins");
        Assert.Equal(1, await app.Count("forums_Participant", "MeetingId = @Meeting AND AuthorityId = @dorset AND IsGuest = 1", new { forum.Meeting, dorset }));
        // Whoever was there reads what comes after the meeting, and finds the way to it.
        Minutes(95);
        await app.Send(forum.Officer, new CloseRegister.Command(forum.Meeting));
        var theirs = await (await app.Browser(foreign)).Get(ForumsLinks.Meeting(forum.Meeting));
        Assert.Contains("Agenda and papers", theirs.Words, StringComparison.Ordinal);
        Assert.Contains("Your attendanceAttended", theirs.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(foreign)).Get(ForumsLinks.Papers(forum.Meeting))).Status);
        Assert.Contains("1 of 2 came", (await (await app.Browser(forum.Officer)).Get(ForumsLinks.Register(forum.Meeting))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_ForumThatCountsNoHours_TellsTheLedgerNothing() {
        var forum = await given.Forum("Without hours", members: 1);
        await app.Database(db => db.Execute("UPDATE forums_Series SET CountsHours = 0 WHERE Id = @Series", new { forum.Series }, default));
        Minutes(1);
        await Tap(await app.Browser(forum.Officer), forum.Meeting, forum.Member, "Came");
        Minutes(95);
        await app.Send(forum.Officer, new CloseRegister.Command(forum.Meeting));
        await app.DrainOutbox();
        Assert.Equal((0, 0, 0), await Ledger(forum.Member));
        Assert.Equal(90, await app.Database(db => db.One<int>("SELECT Minutes FROM forums_Participant WHERE MeetingId = @Meeting", new { forum.Meeting }, default)));
    }

    [Fact]
    public async Task Close_BeforeTheStartOrCalledOff_IsRefused() {
        var forum = await given.Forum("Not yet");
        async Task<string> Marked(Guid meeting) => Assert.IsType<Conflict>((await app.Ask(forum.Officer, new MarkAttendance.Command(meeting, [new(Ids.New(app.Clock), MarkKind.Came, forum.Member.PersonId)]))).Refusal).Sentence;
        Assert.Equal("You can record attendance from the day of the meeting, 8 October 2026.", await Marked(forum.Meeting));
        Minutes(-30);
        Assert.Equal("The meeting has not started yet, so its register can't be closed.", Assert.IsType<Conflict>((await app.Ask(forum.Officer, new CloseRegister.Command(forum.Meeting))).Refusal).Sentence);
        await app.Send(forum.Officer, new CancelMeeting.Command(forum.Meeting, "Flood"));
        Minutes(30);
        Assert.Equal("The meeting has been called off, so it has no register.", Assert.IsType<Conflict>((await app.Ask(forum.Officer, new CloseRegister.Command(forum.Meeting))).Refusal).Sentence);
        Assert.Equal("The meeting has been called off, so it has no register.", await Marked(forum.Meeting));
        await app.Send(forum.Officer, new PublishYear.Command(forum.Series, new(19, 0), new(20, 0), "Hall", [new("Autumn", MeetingsGiven.Day.AddDays(1))]) { AsDrafts = true });
        var draft = await app.Database(db => db.One<Guid>("SELECT Id FROM forums_Meeting WHERE SeriesId = @Series AND State = 'Draft'", new { forum.Series }, default));
        Minutes(24 * 60 + 4 * 60);
        Assert.Equal("The meeting is not published, so it has no register.", Assert.IsType<Conflict>((await app.Ask(forum.Officer, new CloseRegister.Command(draft))).Refusal).Sentence);
        Assert.Equal("The meeting is not published, so it has no register.", await Marked(draft));
        var other = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        Assert.Equal(Outcome.NotFound, (await app.Ask(other, new CloseRegister.Command(forum.Meeting))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(other, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Came, forum.Member.PersonId)]))).Refusal);
    }

    /// <summary>Southend: 35 active parent champions are the parents whom the board can call on; its terms ask for three of them, and one of them chairs.</summary>
    [Fact]
    public async Task Quorum_OfABoardChairedByAParent_IsLiveAndKept() {
        var forum = await given.Forum("YourFamily board", members: 0, authority: "Southend-on-Sea");
        var parents = new List<Actor>();
        for (var i = 1; i <= 35; i++) parents.Add(await given.Member(forum.Officer, forum.Series, forum.Authority, $"Champion {i:00}", ForumRole.Parent));
        var partners = new List<Actor>();
        for (var i = 1; i <= 3; i++) partners.Add(await given.Member(forum.Officer, forum.Series, forum.Authority, $"Partner {i}", ForumRole.Partner));
        var browser = await app.Browser(forum.Officer);
        var form = await browser.Get(ForumsLinks.Quorum(forum.Series));
        Assert.Equal(["Each number must be between 1 and 1,000"], (await form.Post([("Rules[0].Least", "0")], "#quorum")).Errors);
        // The first line is anyone; parents stand fifth: after practitioner, manager and childminder.
        await form.Post([("Rules[0].Least", "5"), ("Rules[4].Least", "3")], "#quorum");
        Assert.Equal(2, await app.Count("forums_QuorumRule", "SeriesId = @Series", new { forum.Series }));
        await app.Send(forum.Officer, new SetChair.Command(forum.Meeting, parents[0].PersonId));

        Minutes(0);
        browser = await app.Browser(forum.Officer);
        async Task<string> Words() => (await browser.Get(ForumsLinks.Register(forum.Meeting))).Document.QuerySelector("section[aria-labelledby=quorum]")!.TextContent;
        await Tap(browser, forum.Meeting, parents[0], "Came");
        foreach (var partner in partners) await Tap(browser, forum.Meeting, partner, "Came");
        Assert.Contains("Not met now", await Words(), StringComparison.Ordinal);
        await Tap(browser, forum.Meeting, parents[1], "Came");
        var words = await Words();
        Assert.Contains("People in all: 5 of at least 5", words, StringComparison.Ordinal);
        Assert.Contains("Parents: 2 of at least 3", words, StringComparison.Ordinal);
        Assert.Contains("Not met now", words, StringComparison.Ordinal);
        Assert.Contains("Chair: Champion 01, Parent, who counts", words, StringComparison.Ordinal);
        await Tap(browser, forum.Meeting, parents[2], "Came");
        Assert.Contains("Met now", await Words(), StringComparison.Ordinal);
        Assert.DoesNotContain("Not met now", await Words(), StringComparison.Ordinal);
        // Somebody leaves: what is left is counted, and at the end everyone who was there.
        Minutes(80);
        browser = await app.Browser(forum.Officer);
        await Tap(browser, forum.Meeting, parents[2], "Left");
        Assert.Contains("Parents: 2 of at least 3", await Words(), StringComparison.Ordinal);
        Minutes(95);
        browser = await app.Browser(forum.Officer);
        var closed = await browser.Follow((await (await browser.Get(ForumsLinks.Register(forum.Meeting))).Post([], "#close")).RedirectsTo!);
        Assert.Equal("The register is closed. 6 people were there. The quorum was met.", closed.Banner);
        Assert.Contains("Parents: 3 of at least 3", await Words(), StringComparison.Ordinal);
        Assert.Equal([6, 3], await app.Database(db => db.List<int>("SELECT Present FROM forums_MeetingQuorum WHERE MeetingId = @Meeting ORDER BY Role", new { forum.Meeting }, default)));
        Assert.Equal(38, (await browser.Get(ForumsLinks.Register(forum.Meeting))).Document.QuerySelectorAll("#door-taps li").Length);
        // What the terms ask for later does not change what was kept; a correction of the register does.
        await app.Send(forum.Officer, new SetQuorum.Command(forum.Series, [new(ForumRole.Parent, 30)]));
        Assert.Contains("Parents: 3 of at least 3", await Words(), StringComparison.Ordinal);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Absent, parents[1].PersonId)]));
        words = await Words();
        Assert.Contains("Parents: 2 of at least 3", words, StringComparison.Ordinal);
        Assert.Contains("Not met", words, StringComparison.Ordinal);
        using var api = await app.Api(forum.Officer);
        Assert.False((await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{forum.Meeting}/register")).GetProperty("quorumMet").GetBoolean());
    }

    [Fact]
    public async Task SetChair_SomebodyElse_IsRefused() {
        var forum = await given.Forum("Chaired");
        Assert.IsType<Invalid>((await app.Ask(forum.Officer, new SetChair.Command(forum.Meeting, await app.Given.Person()))).Refusal);
        var page = await (await app.Browser(forum.Officer)).Get(ForumsLinks.KeepAgenda(forum.Meeting));
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("ChairId", forum.Member.PersonId.ToString())], "#chair")).Status);
        Assert.Equal(forum.Member.PersonId, await app.Database(db => db.One<Guid?>("SELECT ChairId FROM forums_Meeting WHERE Id = @Meeting", new { forum.Meeting }, default)));
        await app.Send(forum.Officer, new SetChair.Command(forum.Meeting, null));
        Assert.Equal(1, await app.Count("forums_Meeting", "Id = @Meeting AND ChairId IS NULL", new { forum.Meeting }));
    }

    /// <summary>Thurrock: the birth-to-three forum meets once a term, speaks about speech and language and Babbling Babies, and its hours are participatory.</summary>
    [Fact]
    public async Task Year_OfThreeMeetings_AddsUpInTheLedger() {
        var forum = await given.Forum("Birth to three year", members: 2);
        var meetings = new List<Guid> { forum.Meeting, await given.Meeting(forum.Officer, forum.Series, new(2027, 2, 4)), await given.Meeting(forum.Officer, forum.Series, new(2027, 5, 6)) };
        foreach (var (meeting, i) in meetings.Select((m, i) => (m, i))) {
            var starts = await app.Database(db => db.One<DateTime>("SELECT StartsAt FROM forums_Meeting WHERE Id = @meeting", new { meeting }, default));
            app.Clock.Set(new DateTimeOffset(starts, TimeSpan.Zero).AddMinutes(1));
            var people = i == 2 ? forum.Members.Take(1) : forum.Members;
            await app.Send(forum.Officer, new MarkAttendance.Command(meeting, [.. people.Select(p => new MarkAttendance.Made(Ids.New(app.Clock), MarkKind.Came, p.PersonId))]));
            app.Clock.Set(new DateTimeOffset(starts, TimeSpan.Zero).AddMinutes(95));
            await app.Send(forum.Officer, new CloseRegister.Command(meeting));
        }
        await app.DrainOutbox();
        await app.DrainOutbox();
        Assert.Equal((3, 270, 270), await Ledger(forum.Members[0]));
        Assert.Equal((2, 180, 180), await Ledger(forum.Members[1]));
        Assert.Equal(5, await app.Count("accreditation_Entry", "Title = 'Birth to three year' AND CauseKind = 'Attendance' AND Mode = 'InPerson' AND AgeRanges = 1"));
    }
}
