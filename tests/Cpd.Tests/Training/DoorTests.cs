using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Contracts;
using Cpd.Training.Courses;
using Cpd.Training.Registers;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>The register at the door: marks, what counts once, what may be undone, times, the joining link, and the printed pages.</summary>
public sealed class DoorTests(CpdApp app) : IClassFixture<CpdApp> {
    sealed record Held(Actor Officer, Guid Setting, Guid Session, IReadOnlyList<Guid> People, IReadOnlyList<Guid> Bookings, DateTime Starts);

    /// <summary>A session of 10am to 12:30pm with two people booked; the clock stands at its start.</summary>
    async Task<Held> Session(Guid? trainer = null, CourseMode mode = CourseMode.InPerson, Func<AddSession.Command, AddSession.Command>? with = null) {
        var authority = await app.Given.Authority();
        var (officer, setting) = (await app.Given.Officer(authority), await app.Given.Setting(authority));
        var course = await app.Send(officer, TrainingGiven.Course(authority) with { Mode = mode });
        await app.Send(officer, new PublishCourse.Command(course));
        var command = new AddSession.Command { CourseId = course, Dates = [TrainingGiven.Date(London.Today(app.Clock).AddDays(10))], Places = 16, VenueName = "Civic Hall", TrainerPersonId = trainer };
        var session = await app.Send(officer, with is null ? command : with(command));
        await app.Send(officer, new PublishSession.Command(session));
        Guid[] people = [await app.Given.Staff(setting, "Ann Alpha"), await app.Given.Staff(setting, "Bob Beta")];
        var booked = await app.Send(officer, new BookPlaces.Command(session, people));
        var starts = London.ToUtc(London.Today(app.Clock).AddDays(10), new TimeOnly(10, 0));
        app.Clock.Set(new DateTimeOffset(starts));
        return new(officer, setting, session, people, [.. people.Select(p => booked.Single(b => b.PersonId == p).BookingId!.Value)], starts);
    }

    void At(Held held, int minutes) => app.Clock.Set(new DateTimeOffset(held.Starts.AddMinutes(minutes)));

    static MarkAttendance.Made Mark(Held held, int person, MarkKind kind, int minutes, Guid? nonce = null, Guid? undoes = null) =>
        new(nonce ?? Cpd.Platform.Data.Ids.New(TimeProvider.System), kind, held.Bookings[person], null, null, null, null, undoes, new(held.Starts.AddMinutes(minutes)), null);

    async Task<MarkAnswer> Send(Held held, MarkAttendance.Made mark) => (await app.Send(held.Officer, new MarkAttendance.Command(held.Session, null, [mark]))).Marks.Single();

    async Task<(string? Attendance, int Minutes)> Recorded(Held held, int person) => await app.Database(async db => {
        var row = await db.One<Row>("SELECT Attendance, MinutesAttended FROM training_Booking WHERE Id = @Id", new { Id = held.Bookings[person] }, default);
        return (row!.Attendance, row.MinutesAttended);
    });

    sealed record Row {
        public string? Attendance { get; init; }
        public int MinutesAttended { get; init; }
    }

    async Task<IReadOnlyList<AttendanceRecorded>> Told(Guid session) {
        var payloads = await app.Database(db => db.List<string>("SELECT Payload FROM platform_Outbox WHERE Type = @Type ORDER BY Id", new { Type = typeof(AttendanceRecorded).FullName }, default));
        return [.. payloads.Select(p => JsonSerializer.Deserialize<AttendanceRecorded>(p)!).Where(e => e.SessionId == session)];
    }

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var held = await Session(trainer.PersonId);
        foreach (var page in (string[])["door", "register/times", "register/print", "badges"]) {
            var address = $"/sessions/{held.Session}/{page}";
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(held.Setting))).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")))).Get(address)).Status);
            var seen = await (await app.Browser(trainer)).Get(address);
            Assert.Equal(HttpStatusCode.OK, seen.Status);
            Assert.Contains("Ann Alpha", seen.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Post_OneTap_IsHereAndUndoneFor15Minutes() {
        var held = await Session();
        var browser = await app.Browser(held.Officer);
        var page = await browser.Get($"/sessions/{held.Session}/door");
        Assert.Contains("0 of 2 here", page.Words, StringComparison.Ordinal);
        At(held, 3);
        var tapped = await page.Post([("Tap", $"{held.Bookings[0]}.Came")], "#door-taps");
        Assert.Equal($"/sessions/{held.Session}/door", tapped.RedirectsTo);
        // The same button of the same page again is the same mark.
        await page.Post([("Tap", $"{held.Bookings[0]}.Came"), ("__once", null)], "#door-taps");
        Assert.Equal(1, await app.Count("training_Mark", "BookingId = @Id", new { Id = held.Bookings[0] }));
        var here = await browser.Get($"/sessions/{held.Session}/door");
        Assert.Contains("Here since 10:03am", here.Words, StringComparison.Ordinal);
        Assert.Contains("1 of 2 here", here.Words, StringComparison.Ordinal);
        Assert.Equal(("Attended", 150), await Recorded(held, 0));

        var undo = here.Document.QuerySelector($"[data-entry='{held.Bookings[0]}'] [data-tap=Undo]")!;
        Assert.False(undo.HasAttribute("hidden"));
        At(held, 18);
        await here.Post([("Tap", undo.GetAttribute("value"))], "#door-taps");
        Assert.Equal((null, 0), await Recorded(held, 0));

        var again = await browser.Get($"/sessions/{held.Session}/door");
        await again.Post([("Tap", $"{held.Bookings[0]}.Came")], "#door-taps");
        var later = await browser.Get($"/sessions/{held.Session}/door");
        var value = later.Document.QuerySelector($"[data-entry='{held.Bookings[0]}'] [data-tap=Undo]")!.GetAttribute("value");
        At(held, 34);
        Assert.True((await browser.Get($"/sessions/{held.Session}/door")).Document.QuerySelector($"[data-entry='{held.Bookings[0]}'] [data-tap=Undo]")!.HasAttribute("hidden"));
        var late = await later.Post([("Tap", value)], "#door-taps");
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Equal(["A mark can be taken back for 15 minutes. After that, type in the times."], late.Errors);
        Assert.Equal(HttpStatusCode.BadRequest, (await later.Post([("Tap", "nonsense")], "#door-taps")).Status);
    }

    [Fact]
    public async Task Get_SearchOrScan_FindsThePerson() {
        var held = await Session();
        var reference = await app.Database(db => db.One<string>("SELECT Reference FROM training_Booking WHERE Id = @Id", new { Id = held.Bookings[1] }, default));
        var browser = await app.Browser(held.Officer);
        Assert.Equal(["Bob Beta"], (await browser.Get($"/sessions/{held.Session}/door?find=beta")).Document.QuerySelectorAll(".app-door__name").Select(n => n.TextContent));
        Assert.Equal(["Bob Beta"], (await browser.Get($"/sessions/{held.Session}/door?find={reference!.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal)}")).Document.QuerySelectorAll(".app-door__name").Select(n => n.TextContent));
        Assert.Contains("Nobody found", (await browser.Get($"/sessions/{held.Session}/door?find=zzz")).Words, StringComparison.Ordinal);
        Assert.Equal($"/sessions/{held.Session}/door?find={reference}", (await browser.Get($"/scan/{reference}")).RedirectsTo);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get("/scan/0000-0000")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")))).Get($"/scan/{reference}")).Status);
        // The confirmation shows the code to whoever is booked.
        var person = await app.Given.Holder(Role.Practitioner, OrganisationKind.None, Guid.Empty, held.People[1]);
        Assert.NotNull((await (await app.Browser(person)).Get($"/bookings/{held.Bookings[1]}")).Document.QuerySelector($"svg[aria-label='Code of booking {reference}']"));
    }

    [Fact]
    public async Task Post_SameNonceTwice_CountsOnce() {
        var held = await Session();
        At(held, 30);
        var mark = Mark(held, 0, MarkKind.Came, 20);
        Assert.Equal(MarkResult.Counted, (await Send(held, mark)).Result);
        Assert.Equal(MarkResult.AlreadyCounted, (await Send(held, mark)).Result);
        var other = Mark(held, 1, MarkKind.Came, 21);
        var both = await app.Send(held.Officer, new MarkAttendance.Command(held.Session, null, [other, other]));
        Assert.Equal([MarkResult.Counted, MarkResult.AlreadyCounted], both.Marks.Select(m => m.Result));
        Assert.Equal(("Part", 130), await Recorded(held, 0));
        Assert.Equal(2, await app.Count("training_Mark", "SessionId = @Session", new { held.Session }));
    }

    [Fact]
    public async Task Post_MarksArriveLate_TheLatestByItsOwnTimeCounts() {
        var held = await Session();
        At(held, 120);
        await Send(held, Mark(held, 0, MarkKind.Absent, 30));
        await Send(held, Mark(held, 0, MarkKind.Came, 12)); // made earlier, on a phone that had no network
        Assert.Equal(("DidNotAttend", 0), await Recorded(held, 0));
        await Send(held, Mark(held, 0, MarkKind.Came, 45));
        Assert.Equal(("Part", 105), await Recorded(held, 0));
        // What is said of the whole session now is later than all of them.
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0], Attendance.Attended, null)], null, false));
        await Send(held, Mark(held, 0, MarkKind.Left, 60));
        Assert.Equal(("Attended", 150), await Recorded(held, 0));
    }

    [Fact]
    public async Task Post_PhoneWithWrongClock_IsPutRight() {
        var held = await Session();
        At(held, 60);
        // The phone is three hours ahead: it says 14:00 when it is 11:00, and made the mark half an hour before it sends it.
        var ahead = Mark(held, 0, MarkKind.Came, 60 + 180 - 30);
        await app.Send(held.Officer, new MarkAttendance.Command(held.Session, new(held.Starts.AddMinutes(60 + 180)), [ahead]));
        Assert.Equal(("Part", 120), await Recorded(held, 0));
        // Without its word for the time, nothing lies in the future all the same.
        await app.Send(held.Officer, new MarkAttendance.Command(held.Session, null, [Mark(held, 1, MarkKind.Came, 60 + 180)]));
        Assert.Equal(("Part", 90), await Recorded(held, 1));
    }

    [Fact]
    public async Task Post_MarksThatCannotBe_AreRefusedEachForItself() {
        var held = await Session();
        var other = await app.Given.Staff(held.Setting, "Cia Gamma");
        var (_, elsewhere) = await app.Session(held.Officer, title: "Other course");
        var away = (await app.Send(held.Officer, new BookPlaces.Command(elsewhere, [other]))).Single();
        var reference = await app.Database(db => db.One<string>("SELECT Reference FROM training_Booking WHERE Id = @Id", new { Id = away.BookingId }, default));
        MarkAttendance.Made Of(string? reference, Guid? booking = null) => Mark(held, 0, MarkKind.Came, 0) with { BookingId = booking, Reference = reference };
        var answers = (await app.Send(held.Officer, new MarkAttendance.Command(held.Session, null, [
            Of("0000-0000"), Of(reference), Of(null, away.BookingId), Mark(held, 0, MarkKind.Came, -24 * 60), Mark(held, 0, MarkKind.Undo, 0, undoes: held.Session), Mark(held, 1, MarkKind.Came, 0),
        ]))).Marks;
        Assert.Equal("No booking of this session has the reference 0000-0000.", answers[0].Why);
        Assert.StartsWith($"{reference} is a booking for Other course on ", answers[1].Why, StringComparison.Ordinal);
        Assert.Equal("They are no longer on the register. Add them as a walk-in if they came.", answers[2].Why);
        Assert.StartsWith("It was made before the day of the session", answers[3].Why, StringComparison.Ordinal);
        Assert.Equal("The mark that was to be taken back is not there.", answers[4].Why);
        Assert.Equal(MarkResult.Counted, answers[5].Result);
        Assert.Equal(1, await app.Count("training_Mark", "SessionId = @Session", new { held.Session }));

        async Task<string> Invalid(params MarkAttendance.Made[] marks) => Assert.IsType<Invalid>((await app.Ask(held.Officer, new MarkAttendance.Command(held.Session, null, marks))).Refusal).Errors[0].Sentence;
        var good = Mark(held, 0, MarkKind.Came, 0);
        Assert.Equal("Send at least one mark", await Invalid());
        Assert.Equal("Give each mark a nonce of its own", await Invalid(good with { Nonce = Guid.Empty }));
        Assert.Equal("Say what is marked", await Invalid(good with { Kind = null }));
        Assert.Equal("Record the whole session with the register", await Invalid(good with { Kind = MarkKind.Whole }));
        Assert.Equal("Say when the mark was made", await Invalid(good with { MadeAt = null }));
        Assert.Equal("Say whom the mark is about", await Invalid(good with { BookingId = null }));
        Assert.Equal("Say which mark is taken back", await Invalid(good with { Kind = MarkKind.Undo }));
        Assert.Equal("Enter the time they came or left", await Invalid(good with { Kind = MarkKind.Times }));
        Assert.Equal("The time they left must be after the time they came", await Invalid(good with { Kind = MarkKind.Times, At = new(held.Starts), Until = new(held.Starts) }));
        Assert.Equal("A mark is made at the door, by a scan, or from paper", await Invalid(good with { Source = MarkSource.Link }));
        Assert.Equal("Send at most 500 marks at a time", await Invalid([.. Enumerable.Range(0, 501).Select(_ => good)]));
    }

    [Fact]
    public async Task Post_AfterTheRegisterIsClosed_IsToldAsACorrection() {
        var held = await Session();
        At(held, 160);
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0], Attendance.Attended, null)], null, true) { RestDidNotAttend = true });
        Assert.Equal(("DidNotAttend", 0), await Recorded(held, 1));
        Assert.Equal([(1, 150), (1, 0)], (await Told(held.Session)).OrderByDescending(e => e.Minutes).Select(e => (e.Revision, e.Minutes)));
        // A phone that was away all day: what it says was made before the register was closed, and changes nothing.
        await Send(held, Mark(held, 1, MarkKind.Came, 30));
        Assert.Equal(2, (await Told(held.Session)).Count);
        At(held, 170);
        await Send(held, Mark(held, 1, MarkKind.Times, 165) with { At = new(held.Starts.AddMinutes(30)), Until = new(held.Starts.AddMinutes(130)) });
        Assert.Equal([(1, 0), (2, 100)], (await Told(held.Session)).Where(e => e.PersonId == held.People[1]).Select(e => (e.Revision, e.Minutes)));
        Assert.Equal(40, (await Told(held.Session)).Single(e => e.Revision == 2).ParticipatoryMinutes);
    }

    [Fact]
    public async Task Post_WalkIn_IsAddedOnceAndNotBroughtBack() {
        var held = await Session();
        var wanda = await app.Given.Staff(held.Setting, "Wanda Walkin");
        At(held, 5);
        var browser = await app.Browser(held.Officer);
        var page = await browser.Get($"/sessions/{held.Session}/door?who=wanda");
        await page.Post([("Tap", $"{wanda}.WalkIn")], "#door-walk-ins");
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @Session AND PersonId = @wanda AND IsWalkIn = 1 AND Attendance = 'Attended'", new { held.Session, wanda }));
        Assert.Contains("Wanda Walkin (walk-in)", (await browser.Get($"/sessions/{held.Session}/door")).Words, StringComparison.Ordinal);

        var zoe = await app.Given.Staff(held.Setting, "Zoe Walkin");
        var mark = Mark(held, 0, MarkKind.Came, 5) with { BookingId = null, PersonId = zoe };
        await Send(held, mark);
        var booking = await app.Database(db => db.One<Guid>("SELECT Id FROM training_Booking WHERE SessionId = @Session AND PersonId = @zoe AND CancelledAt IS NULL", new { held.Session, zoe }, default));
        await Send(held, Mark(held, 0, MarkKind.Undo, 5, undoes: mark.Nonce) with { BookingId = booking });
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @Session AND PersonId = @zoe AND CancelledAt IS NULL", new { held.Session, zoe }));
        Assert.Equal(MarkResult.AlreadyCounted, (await Send(held, mark)).Result);
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @Session AND PersonId = @zoe AND CancelledAt IS NULL", new { held.Session, zoe }));
        var stranger = await app.Given.Staff(await app.Given.Setting(await app.Given.Authority("Bradford")));
        Assert.IsType<Invalid>((await app.Ask(held.Officer, new MarkAttendance.Command(held.Session, null, [mark with { Nonce = stranger, PersonId = stranger }]))).Refusal);
    }

    [Fact]
    public async Task Post_MarksFromThePage_AreAnsweredAsJson() {
        var held = await Session();
        var browser = await app.Browser(held.Officer);
        var page = await browser.Get($"/sessions/{held.Session}/door");
        var token = page.Document.QuerySelector("#door-taps input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        async Task<HttpResponseMessage> Post(string? with, object body) {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/sessions/{held.Session}/door?handler=Marks") { Content = JsonContent.Create(body) };
            if (with is not null) request.Headers.Add("RequestVerificationToken", with);
            return await browser.Client.SendAsync(request);
        }
        var mark = new { nonce = Cpd.Platform.Data.Ids.New(app.Clock), kind = "Came", bookingId = held.Bookings[0], madeAt = held.Starts, source = "Scan" };
        using (var bare = await Post(null, new { marks = new[] { mark } })) Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        using (var counted = await Post(token, new { sentAt = held.Starts, marks = new[] { mark } })) {
            var answer = await counted.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(("Counted", 1), (answer.GetProperty("marks")[0].GetProperty("result").GetString(), answer.GetProperty("recorded").GetInt32()));
        }
        using (var empty = await Post(token, new { marks = Array.Empty<object>() })) Assert.Equal("Send at least one mark", (await empty.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("why").GetString());
        await app.Send(held.Officer, new CancelSession.Command(held.Session, "Ill"));
        using var cancelled = await Post(token, new { marks = new[] { mark } });
        Assert.Equal(HttpStatusCode.Conflict, cancelled.StatusCode);
    }

    [Fact]
    public async Task Post_TimesFromPaper_WholeListAtOnce() {
        var held = await Session();
        At(held, 24 * 60);
        var browser = await app.Browser(held.Officer);
        var page = await browser.Get($"/sessions/{held.Session}/register/times");
        var wrong = await page.Post([("Rows[0].In", "10:30"), ("Rows[0].Out", "10:10"), ("Rows[1].In", "soon")]);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var turned = await page.Post([("Rows[0].In", "10:30"), ("Rows[0].Out", "10:10"), ("Rows[1].In", "10:00"), ("Rows[1].Absent", "true")]);
        Assert.Equal(["The time they left must be after the time they came", "Leave the times empty for someone who did not come"], turned.Errors);
        var saved = await page.Post([("Rows[0].In", "10:30"), ("Rows[0].Out", "12:00"), ("Rows[1].Absent", "true")]);
        Assert.Equal($"/sessions/{held.Session}/register", saved.RedirectsTo);
        Assert.Equal(("Part", 90), await Recorded(held, 0));
        Assert.Equal(("DidNotAttend", 0), await Recorded(held, 1));
        Assert.Contains("10:30am to midday", (await browser.Get(saved.RedirectsTo!)).Words, StringComparison.Ordinal);

        var again = await browser.Get($"/sessions/{held.Session}/register/times");
        Assert.Equal("10:30am", again.Document.QuerySelector("#Rows_0__In")!.GetAttribute("value"));
        // What stands unchanged is not written again; an emptied line is taken back.
        await again.Post([("Rows[0].In", ""), ("Rows[0].Out", "")]);
        Assert.Equal((null, 0), await Recorded(held, 0));
        Assert.Equal(3, await app.Count("training_Mark", "SessionId = @Session", new { held.Session }));
        Assert.Equal("Nothing has changed.", (await browser.Follow((await (await browser.Get($"/sessions/{held.Session}/register/times")).Post([])).RedirectsTo!)).Banner);
    }

    [Fact]
    public async Task Post_TimesOfTwoDates_EachOnItsPage() {
        var held = await Session(with: s => s with { Dates = [s.Dates[0], new TypedDate { On = s.Dates[0].On!.Value.AddDays(7), From = s.Dates[0].From, To = s.Dates[0].To }] });
        At(held, 8 * 24 * 60);
        var browser = await app.Browser(held.Officer);
        var first = await (await browser.Get($"/sessions/{held.Session}/register/times")).Post([("Rows[0].In", "10:00")]);
        Assert.EndsWith("?date=2", first.RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(("Part", 75), await Recorded(held, 0));
        await (await browser.Get(first.RedirectsTo!)).Post([("Rows[0].In", "10:00")]);
        Assert.Equal(("Attended", 150), await Recorded(held, 0));
        Assert.Equal(2, (await browser.Get($"/sessions/{held.Session}/register/print")).Document.QuerySelectorAll(".app-sheet").Length);
    }

    [Fact]
    public async Task Get_JoiningLink_NotesThoseWhoAreBooked() {
        var held = await Session(mode: CourseMode.LiveOnline, with: s => s with { VenueName = null, JoiningLink = "https://meet.example.org/room" });
        var ann = await app.Browser(await app.Given.Holder(Role.Practitioner, OrganisationKind.None, Guid.Empty, held.People[0]));
        var address = $"/sessions/{held.Session}/join";
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(held.Officer)).Get(address)).Status);
        At(held, -31);
        Assert.Equal("https://meet.example.org/room", (await ann.Get(address)).RedirectsTo);
        Assert.Equal((null, 0), await Recorded(held, 0));
        At(held, 20);
        Assert.Equal("https://meet.example.org/room", (await ann.Get(address)).RedirectsTo);
        At(held, 50);
        await ann.Get(address);
        Assert.Equal(("Part", 130), await Recorded(held, 0));
        Assert.Contains("Joined at 10:20am", (await (await app.Browser(held.Officer)).Get($"/sessions/{held.Session}/door")).Words, StringComparison.Ordinal);
        At(held, 160);
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [], null, true) { RestDidNotAttend = true });
        At(held, 100);
        await ann.Get(address);
        Assert.Equal(2, (await Told(held.Session)).Count);
    }

    [Fact]
    public async Task Get_JoiningLinkNotGiven_SaysSo() {
        var held = await Session(mode: CourseMode.LiveOnline, with: s => s with { VenueName = null });
        var page = await (await app.Browser(await app.Given.Holder(Role.Practitioner, OrganisationKind.None, Guid.Empty, held.People[0]))).Get($"/sessions/{held.Session}/join");
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.StartsWith("The joining link has not been given yet.", page.Errors.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RegisterRules_HoldForWhatIsMarkedNext() {
        var held = await Session();
        var authority = held.Officer.Grants[0].OrganisationId;
        var browser = await app.Browser(held.Officer);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Manager(held.Setting))).Get("/manage/register-rules")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/manage/register-rules?authorityId={await app.Given.Authority("Bradford")}")).Status);
        var page = await browser.Get("/manage/register-rules");
        var known = page.Document.QuerySelector("#Tolerance")!.GetAttribute("value");
        Assert.Equal(["Enter the minutes, or 0 to count every one"], (await page.Post([("Tolerance", "")])).Errors);
        Assert.Equal(["The minutes must be between 0 and 60"], (await page.Post([("Tolerance", "61")])).Errors);
        Assert.Equal(HttpStatusCode.BadRequest, (await page.Post([("Tolerance", "some")])).Status);
        await page.Post([("Tolerance", "30")]);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Tolerance", "29")])).Status);
        At(held, 30);
        await Send(held, Mark(held, 0, MarkKind.Came, 30));
        Assert.Equal(("Attended", 150), await Recorded(held, 0));
        var api = await app.Api(held.Officer);
        var rules = await api.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/authorities/{authority}/register-rules", UriKind.Relative));
        Assert.Equal(30, rules.GetProperty("tolerance").GetInt32());
        using var back = await api.PutAsJsonAsync($"/api/v1/authorities/{authority}/register-rules", new { version = rules.GetProperty("version").GetInt32(), tolerance = int.Parse(known!, System.Globalization.CultureInfo.InvariantCulture) });
        Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
        var register = await api.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/sessions/{held.Session}/register", UriKind.Relative));
        Assert.Equal("Ann Alpha", register.GetProperty("entries")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Post_RecordedBeforeThereWereMarks_CanBeUndoneTo() {
        var held = await Session();
        await app.Database(db => db.Execute("UPDATE training_Booking SET Attendance = 'Part', MinutesAttended = 40 WHERE Id = @Id", new { Id = held.Bookings[0] }, default));
        At(held, 10);
        var mark = Mark(held, 0, MarkKind.Absent, 9);
        await Send(held, mark);
        Assert.Equal(("DidNotAttend", 0), await Recorded(held, 0));
        await Send(held, Mark(held, 0, MarkKind.Undo, 10, undoes: mark.Nonce));
        Assert.Equal(("Part", 40), await Recorded(held, 0));
    }
}
