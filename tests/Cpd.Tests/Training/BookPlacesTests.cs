using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;

namespace Cpd.Tests.Training;

public sealed class BookPlacesTests(CpdApp app) : IClassFixture<CpdApp> {
    async Task<(Actor Officer, Guid Authority, Guid Setting, Actor Manager)> Setting(string authority = "Thurrock") {
        var id = await app.Given.Authority(authority);
        var setting = await app.Given.Setting(id);
        return (await app.Given.Officer(id), id, setting, await app.Given.Manager(setting));
    }

    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() {
        var (officer, _, _, _) = await Setting();
        var (_, session) = await app.Session(officer);
        var page = await app.Browser().Get($"/sessions/{session}/book");
        Assert.StartsWith("https://localhost/sign-in", page.RedirectsTo!, StringComparison.Ordinal);
        var open = await app.Browser().Get($"/sessions/{session}");
        Assert.Equal(HttpStatusCode.OK, open.Status);
        Assert.Contains("16 places left", open.Words, StringComparison.Ordinal);
        Assert.Contains("Sign in to book", open.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_PractitionerChecksAndBooks_GetsReferenceMailAndCalendar() {
        var (officer, _, setting, _) = await Setting();
        var (_, session) = await app.Session(officer);
        var person = await app.Given.Practitioner(setting, "Amina Khan");
        var browser = await app.Browser(person);
        var check = await browser.Get($"/sessions/{session}/book");
        Assert.Equal("Check before you book", check.Heading);
        Assert.Contains("Amina Khan", check.Words, StringComparison.Ordinal);
        var booked = await check.Post([]);
        Assert.Equal(HttpStatusCode.Redirect, booked.Status);
        var confirmation = await browser.Get(booked.RedirectsTo!);
        Assert.Equal("Booked", confirmation.Heading);
        Assert.Contains("What happens next", confirmation.Words, StringComparison.Ordinal);

        var calendar = await browser.Get(confirmation.Document.QuerySelector("a[href$='.ics']")!.GetAttribute("href")!);
        Assert.Equal(HttpStatusCode.OK, calendar.Status);
        Assert.Contains("BEGIN:VEVENT\r\n", calendar.Text, StringComparison.Ordinal);
        Assert.Contains("DTSTART;TZID=Europe/London:20261015T100000\r\n", calendar.Text, StringComparison.Ordinal);
        Assert.Contains((await app.DrainMail()), m => m.Contains("Dear Amina Khan", StringComparison.Ordinal) && m.Contains("Subject: Booked: Babbling Babies", StringComparison.Ordinal));
        Assert.Contains("Babbling Babies", (await browser.Get("/bookings")).Words, StringComparison.Ordinal);
        Assert.Contains("You are booked", (await browser.Get($"/sessions/{session}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ManagerBooksSeveral_EachIsAnswered() {
        var (officer, _, setting, manager) = await Setting();
        var (_, session) = await app.Session(officer, places: 2);
        var staff = new[] { await app.Given.Staff(setting, "Bea One"), await app.Given.Staff(setting, "Cal Two"), await app.Given.Staff(setting, "Dee Three") };
        var browser = await app.Browser(manager);
        var choose = await browser.Get($"/sessions/{session}/book");
        Assert.Equal("Who do you want to book?", choose.Heading);
        var none = await choose.Post([], "main form[method=post]");
        Assert.Equal(HttpStatusCode.BadRequest, none.Status);
        Assert.Equal(["Select who you want to book"], none.Errors);
        var check = await choose.Post(staff.Select(s => ("PersonIds", (string?)s.ToString())));
        Assert.Contains("Book 3 places", check.Words, StringComparison.Ordinal);
        var answers = await check.Post([]);
        Assert.Equal("What has been booked", answers.Heading);
        Assert.Contains("Number 1 on the waiting list", answers.Words, StringComparison.Ordinal);
        Assert.Equal(2, answers.Document.QuerySelectorAll(".govuk-tag--green").Length);
        Assert.Contains("Full – join the waiting list", (await browser.Get($"/sessions/{session}")).Words, StringComparison.Ordinal);
        Assert.Contains("Bea One", (await browser.Get("/bookings?whose=staff")).Words, StringComparison.Ordinal);

        var again = await app.Send(manager, new BookPlaces.Command(session, staff));
        Assert.All(again, a => Assert.Equal("refused", a.Outcome));
        Assert.StartsWith("They are already on the waiting list", again.Single(a => a.PersonId == staff[2]).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_StaffOfAnotherSetting_AreRefusedAndNotNamed() {
        var (officer, authority, _, manager) = await Setting();
        var (_, session) = await app.Session(officer);
        var stranger = await app.Given.Staff(await app.Given.Setting(authority), "Secret Stranger");
        var api = await app.Api(manager);
        using var response = await api.PostAsJsonAsync($"/api/v1/sessions/{session}/bookings", new { personIds = new[] { stranger } });
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("They do not work at your setting.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret Stranger", text, StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @session", new { session }));

        var browser = await app.Browser(manager);
        var page = await (await browser.Get($"/sessions/{session}/book")).Post([("PersonIds", stranger.ToString())]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("Secret Stranger", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_PractitionerForAnother_IsRefused() {
        var (officer, _, setting, _) = await Setting();
        var (_, session) = await app.Session(officer);
        var person = await app.Given.Practitioner(setting);
        var answers = await app.Send(person, new BookPlaces.Command(session, [await app.Given.Staff(setting)]));
        Assert.Equal("You can only book for yourself.", answers.Single().Why);
    }

    [Fact]
    public async Task Post_OfficerFindsStaffBySearch_BooksThem() {
        var (officer, _, setting, _) = await Setting();
        var (_, session) = await app.Session(officer);
        var staff = await app.Given.Staff(setting, "Zelda Findable");
        var browser = await app.Browser(officer);
        Assert.Empty((await browser.Get($"/sessions/{session}/book")).Document.QuerySelectorAll("main form[method=post]"));
        var found = await browser.Get($"/sessions/{session}/book?find=zelda");
        Assert.Contains("Zelda Findable", found.Words, StringComparison.Ordinal);
        var booked = await (await found.Post([("PersonIds", staff.ToString())])).Post([]);
        Assert.StartsWith("/bookings/", booked.RedirectsTo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("opens", "Booking opens on 7 October 2026.")]
    [InlineData("closes", "Booking closed on 4 October 2026.")]
    public async Task Post_OutsideTheBookingWindow_IsRefused(string which, string why) {
        var (officer, _, setting, _) = await Setting();
        var (_, session) = await app.Session(officer, with: s => which == "opens" ? s with { OpensOn = new DateOnly(2026, 10, 7) } : s with { ClosesOn = new DateOnly(2026, 10, 4) });
        var person = await app.Given.Practitioner(setting);
        var answer = (await app.Send(person, new BookPlaces.Command(session, [person.PersonId]))).Single();
        Assert.Equal(("refused", why), (answer.Outcome, answer.Why));
        Assert.Equal($"/sessions/{session}", (await (await app.Browser(person)).Get($"/sessions/{session}/book")).RedirectsTo);
    }

    [Fact]
    public async Task Post_SessionIsADraftOrUnknown_IsNotFound() {
        var (officer, authority, setting, _) = await Setting();
        var course = await app.Send(officer, TrainingGiven.Course(authority));
        var draft = await app.Send(officer, new Cpd.Training.Sessions.AddSession.Command { CourseId = course, Dates = [TrainingGiven.Date(new DateOnly(2026, 11, 2))], Places = 5, VenueName = "Hall" });
        var api = await app.Api(await app.Given.Practitioner(setting));
        foreach (var id in new[] { draft, Guid.Empty }) {
            using var response = await api.PostAsJsonAsync($"/api/v1/sessions/{id}/bookings", new { personIds = new[] { setting } });
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get($"/sessions/{id}")).Status);
        }
    }

    [Fact]
    public async Task Post_BodyIsEmptyOrBroken_IsAProblem() {
        var (officer, _, _, manager) = await Setting();
        var (_, session) = await app.Session(officer);
        var api = await app.Api(manager);
        foreach (var body in new[] { "{\"personIds\":[]}", "{\"personIds\":null}", "{}", "[", "{\"personIds\":[\"x\"]}" }) {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var response = await api.PostAsync(new Uri($"/api/v1/sessions/{session}/bookings", UriKind.Relative), content);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Post_200AtOnceFor16Places_16AreBookedAndTheOthersWaitInOrder() {
        var (officer, _, setting, manager) = await Setting();
        var (_, session) = await app.Session(officer, places: 16);
        var staff = new List<Guid>();
        for (var i = 0; i < 200; i++) staff.Add(await app.Given.Staff(setting));
        var api = await app.Api(manager);
        var answers = await Task.WhenAll(staff.Select(id => Task.Run(async () => {
            using var response = await api.PostAsJsonAsync($"/api/v1/sessions/{session}/bookings", new { personIds = new[] { id } });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<JsonElement>())[0];
        })));
        Assert.Equal(16, answers.Count(a => a.GetProperty("outcome").GetString() == "booked"));
        Assert.Equal(Enumerable.Range(1, 184), answers.Where(a => a.GetProperty("outcome").GetString() == "waiting").Select(a => a.GetProperty("position").GetInt32()).Order());
        Assert.Equal(16, await app.Count("training_Booking", "SessionId = @session AND State = 'Booked'", new { session }));
        Assert.Equal(1, await app.Count("training_Session", "Id = @session AND PlacesTaken = 16 AND WaitingCount = 184", new { session }));
        Assert.Equal(184, await app.Database(db => db.One<int>("SELECT COUNT(DISTINCT WaitingNumber) FROM training_Booking WHERE SessionId = @session AND State = 'Waiting'", new { session }, default)));
    }

    [Fact]
    public async Task Post_SamePersonManyTimesAtOnce_IsBookedOnce() {
        var (officer, _, setting, _) = await Setting();
        var (_, session) = await app.Session(officer, places: 3);
        var person = await app.Given.Practitioner(setting);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => app.Send(person, new BookPlaces.Command(session, [person.PersonId])))));
        Assert.Equal(1, answers.Count(a => a.Single().Outcome == "booked"));
        Assert.Equal(1, await app.Count("training_Session", "Id = @session AND PlacesTaken = 1 AND WaitingCount = 0", new { session }));
    }

    [Fact]
    public async Task Post_GroupLargerThanWhatIsLeft_FirstAreBookedAndTheRestWait() {
        var (officer, _, setting, manager) = await Setting();
        var (_, session) = await app.Session(officer, places: 3);
        await app.Send(manager, new BookPlaces.Command(session, [await app.Given.Staff(setting)]));
        var group = new[] { await app.Given.Staff(setting), await app.Given.Staff(setting), await app.Given.Staff(setting), await app.Given.Staff(setting) };
        var answers = await app.Send(manager, new BookPlaces.Command(session, group));
        Assert.Equal(["booked", "booked", "waiting", "waiting"], answers.Select(a => a.Outcome));
        Assert.Equal([null, null, 1, 2], answers.Select(a => a.Position));
        Assert.Equal(group, answers.Select(a => a.PersonId));
    }

    [Fact]
    public async Task Get_BookingOfAnotherSetting_IsNotFound() {
        var (officer, authority, setting, manager) = await Setting();
        var (_, session) = await app.Session(officer);
        var booking = (await app.Send(manager, new BookPlaces.Command(session, [await app.Given.Staff(setting)]))).Single().BookingId;
        var other = await app.Browser(await app.Given.Manager(await app.Given.Setting(authority)));
        foreach (var address in new[] { $"/bookings/{booking}", $"/bookings/{booking}/cancel", $"/bookings/{booking}/calendar.ics" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.Get(address)).Status);
        using var response = await (await app.Api(await app.Given.Manager(await app.Given.Setting(authority)))).DeleteAsync(new Uri($"/api/v1/bookings/{booking}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
