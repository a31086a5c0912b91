using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Contracts;
using Cpd.Training.Registers;

namespace Cpd.Tests.Training;

public sealed class RegisterTests(CpdApp app) : IClassFixture<CpdApp> {
    sealed record Held(Actor Officer, Guid Setting, Guid Session, IReadOnlyList<Guid> People);

    /// <summary>A session with three people booked, at its end.</summary>
    async Task<Held> Session(Guid? trainer = null, bool atEnd = true) {
        var authority = await app.Given.Authority();
        var (officer, setting) = (await app.Given.Officer(authority), await app.Given.Setting(authority));
        var (_, session) = await app.Session(officer, with: s => s with { TrainerPersonId = trainer });
        Guid[] people = [await app.Given.Staff(setting, "Ann Alpha"), await app.Given.Staff(setting, "Bob Beta"), await app.Given.Staff(setting, "Cia Gamma")];
        await app.Send(officer, new BookPlaces.Command(session, people));
        if (atEnd) app.Clock.Set(new DateTimeOffset(London.ToUtc(London.Today(app.Clock).AddDays(10), new TimeOnly(14, 0))));
        return new(officer, setting, session, people);
    }

    Task<SaveRegister.Saved> Save(Held held, bool close, params (int Person, Attendance? Attendance, int? Minutes)[] entries) =>
        app.Send(held.Officer, new SaveRegister.Command(held.Session, [.. entries.Select(e => new SaveRegister.Entry(held.People[e.Person], e.Attendance, e.Minutes))], null, close));

    async Task<IReadOnlyList<AttendanceRecorded>> Told(Guid session) {
        var payloads = await app.Database(db => db.List<string>("SELECT Payload FROM platform_Outbox WHERE Type = @Type ORDER BY Id", new { Type = typeof(AttendanceRecorded).FullName }, default));
        return [.. payloads.Select(p => JsonSerializer.Deserialize<AttendanceRecorded>(p)!).Where(e => e.SessionId == session).OrderBy(e => e.Revision)];
    }

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var held = await Session(trainer.PersonId);
        var address = $"/sessions/{held.Session}/register";
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(held.Setting))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(trainer)).Get(address)).Status);
        Assert.Contains("Babbling Babies", (await (await app.Browser(trainer)).Get("/registers")).Words, StringComparison.Ordinal);
        using var seen = await (await app.Api(trainer)).GetAsync(new Uri($"/api/v1/sessions/{held.Session}/bookings", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        using var unseen = await (await app.Api(await app.Given.Officer(await app.Given.Authority("Bradford")))).GetAsync(new Uri($"/api/v1/sessions/{held.Session}/bookings", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unseen.StatusCode);
    }

    [Fact]
    public async Task Post_WholeRegisterOnThePage_IsClosedAndTold() {
        var held = await Session();
        var browser = await app.Browser(held.Officer);
        var page = await browser.Get($"/sessions/{held.Session}/register");
        Assert.Equal(["Ann Alpha", "Bob Beta", "Cia Gamma"], page.Document.QuerySelectorAll("main legend").Select(l => l.TextContent.Trim()));
        var open = await page.Post([("Entries[0].Attendance", "Attended"), ("Close", "true")]);
        Assert.Equal(HttpStatusCode.Conflict, open.Status);
        Assert.Equal(["Record everyone before you close the register. Not recorded yet: Bob Beta, Cia Gamma."], open.Errors);
        var bare = await page.Post([("Entries[1].Attendance", "Part")]);
        Assert.Equal(HttpStatusCode.BadRequest, bare.Status);
        Assert.Equal(["Enter how many minutes they attended"], bare.Errors);
        var long_ = await page.Post([("Entries[1].Attendance", "Part"), ("Entries[1].Minutes", "151")]);
        Assert.Equal(["The minutes must be between 1 and 150, the length of the course"], long_.Errors);
        Assert.Empty(await Told(held.Session));

        var closed = await page.Post([("Entries[0].Attendance", "Attended"), ("Entries[1].Attendance", "Part"), ("Entries[1].Minutes", "75"), ("Entries[2].Attendance", "DidNotAttend"), ("Close", "true")]);
        Assert.Equal(HttpStatusCode.Redirect, closed.Status);
        var told = (await Told(held.Session)).ToDictionary(e => e.PersonId);
        Assert.Equal((1, 150, 60, true), (told[held.People[0]].Revision, told[held.People[0]].Minutes, told[held.People[0]].ParticipatoryMinutes, told[held.People[0]].Completed));
        Assert.Equal((1, 75, 30, false), (told[held.People[1]].Revision, told[held.People[1]].Minutes, told[held.People[1]].ParticipatoryMinutes, told[held.People[1]].Completed));
        Assert.Equal((1, 0, 0, false), (told[held.People[2]].Revision, told[held.People[2]].Minutes, told[held.People[2]].ParticipatoryMinutes, told[held.People[2]].Completed));
        Assert.All(told.Values, e => Assert.Equal((held.Setting, "Babbling Babies"), (e.SettingId, e.CourseTitle)));
        Assert.Contains("Closed on", (await browser.Get($"/sessions/{held.Session}/register")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_CorrectedAfterClosing_HigherRevisionForWhoeverChanged() {
        var held = await Session();
        await Save(held, true, (0, Attendance.Attended, null), (1, Attendance.Attended, null), (2, Attendance.Attended, null));
        await Save(held, false, (0, Attendance.Part, 30), (1, Attendance.Attended, null));
        await Save(held, true, (0, null, null));
        var told = await Told(held.Session);
        Assert.Equal(5, told.Count);
        Assert.Equal([(1, 150), (2, 30), (3, 0)], told.Where(e => e.PersonId == held.People[0]).Select(e => (e.Revision, e.Minutes)));
        Assert.Equal([1], told.Where(e => e.PersonId == held.People[1]).Select(e => e.Revision));
    }

    [Fact]
    public async Task Put_UndoneBeforeClosing_IsNotRecordedAgain() {
        var held = await Session();
        await Save(held, false, (0, Attendance.Attended, null));
        Assert.Equal(new SaveRegister.Saved(0, 3, false), await Save(held, false, (0, null, null)));
        Assert.Empty(await Told(held.Session));
    }

    [Fact]
    public async Task Put_BeforeTheDayOrTheStart_IsRefused() {
        var held = await Session(atEnd: false);
        var api = await app.Api(held.Officer);
        var body = new { entries = held.People.Select(p => new { personId = p, attendance = "Attended" }), close = true };
        using (var early = await api.PutAsJsonAsync($"/api/v1/sessions/{held.Session}/register", body)) Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        app.Clock.Set(new DateTimeOffset(London.ToUtc(London.Today(app.Clock).AddDays(10), new TimeOnly(9, 0))));
        using (var before = await api.PutAsJsonAsync($"/api/v1/sessions/{held.Session}/register", body)) {
            Assert.Equal(HttpStatusCode.Conflict, before.StatusCode);
            Assert.Contains("not started", await before.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(5));
        using var after = await api.PutAsJsonAsync($"/api/v1/sessions/{held.Session}/register", body);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.True((await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("closed").GetBoolean());
        Assert.Equal(3, (await Told(held.Session)).Count);
    }

    [Fact]
    public async Task Post_WalkIn_IsExtraAndCanBeRemoved() {
        var held = await Session();
        var walkIn = await app.Given.Staff(held.Setting, "Wanda Walkin");
        var browser = await app.Browser(held.Officer);
        var page = await browser.Get($"/sessions/{held.Session}/register?find=wanda");
        await page.Post([("WalkIns", walkIn.ToString())]);
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @Session AND PersonId = @walkIn AND IsWalkIn = 1 AND Attendance = 'Attended' AND MinutesAttended = 150", new { held.Session, walkIn }));
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND PlacesTaken = 3", new { held.Session }));
        await Save(held, true, (0, Attendance.Attended, null), (1, Attendance.Attended, null), (2, Attendance.Attended, null));
        Assert.Equal(4, (await Told(held.Session)).Count);

        var after = await browser.Get($"/sessions/{held.Session}/register");
        Assert.Contains("Wanda Walkin (walk-in)", after.Words, StringComparison.Ordinal);
        await after.Post([("Entries[3].Attendance", "")]);
        Assert.Equal([(1, 150), (2, 0)], (await Told(held.Session)).Where(e => e.PersonId == walkIn).Select(e => (e.Revision, e.Minutes)));
        Assert.DoesNotContain("Wanda", (await browser.Get($"/sessions/{held.Session}/register")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WalkInOfAnotherAuthority_IsRefused() {
        var held = await Session();
        var stranger = await app.Given.Staff(await app.Given.Setting(await app.Given.Authority("Bradford")));
        var outcome = await app.Ask(held.Officer, new SaveRegister.Command(held.Session, [], [stranger], false));
        Assert.Equal("Add people who work at a setting of the local authority", Assert.IsType<Cpd.Platform.Messaging.Invalid>(outcome.Refusal).Errors.Single().Sentence);
    }

    [Fact]
    public async Task Post_TwoKeepOneRegister_NeitherUndoesTheOther() {
        var held = await Session();
        var browser = await app.Browser(held.Officer);
        var (first, second) = (await browser.Get($"/sessions/{held.Session}/register"), await browser.Get($"/sessions/{held.Session}/register"));
        await first.Post([("Entries[0].Attendance", "Attended")]);
        await second.Post([("Entries[1].Attendance", "DidNotAttend")]);
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @Session AND Attendance = 'Attended'", new { held.Session }));
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @Session AND Attendance = 'DidNotAttend'", new { held.Session }));
    }

    [Theory]
    [InlineData(150, 150, 60, 60)]
    [InlineData(75, 150, 60, 30)]
    [InlineData(1, 150, 60, 0)]
    [InlineData(100, 150, 150, 100)]
    [InlineData(0, 150, 60, 0)]
    public void Participatory_IsInProportion(int minutes, int course, int participatory, int expected) => Assert.Equal(expected, SaveRegister.Participatory(minutes, course, participatory));
}
