using System.Net;
using System.Text.Json;
using Cpd.Training.Contracts;
using Cpd.Training.Courses;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

public sealed class CourseTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Pages_SignedOutWrongRoleAndOtherAuthority_AreKeptOut() {
        var thurrock = await app.Given.Authority();
        var officer = await app.Given.Officer(thurrock);
        var (course, session) = await app.Session(officer);
        var practitioner = await app.Browser(await app.Given.Practitioner(await app.Given.Setting(thurrock)));
        var other = await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")));
        string[] ofOne = [$"/manage/courses/{course}", $"/manage/courses/{course}/edit", $"/manage/courses/{course}/cancel", $"/manage/courses/{course}/sessions/add",
            $"/manage/sessions/{session}", $"/manage/sessions/{session}/edit", $"/manage/sessions/{session}/copy", $"/manage/sessions/{session}/cancel"];
        foreach (var address in (string[])["/manage/courses", "/manage/courses/add", .. ofOne]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await practitioner.Get(address)).Status);
        }
        foreach (var address in ofOne) Assert.Equal(HttpStatusCode.NotFound, (await other.Get(address)).Status);
        Assert.DoesNotContain("Babbling", (await other.Get("/manage/courses")).Words, StringComparison.Ordinal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Blackpool")), new PublishCourse.Command(course))).Refusal);
    }

    [Fact]
    public async Task Post_OfficerAddsCourseAndSessionAndPublishes_EveryoneFindsThem() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var browser = await app.Browser(officer);
        var added = await (await browser.Get("/manage/courses/add")).Post([
            ("Title", "Signing with toddlers"), ("Summary", "First signs."), ("LearningOutcomes", "Use 30 signs"), ("Mode", "InPerson"), ("Minutes", "90"), ("ParticipatoryMinutes", "60"), ("Price", "12.50"),
            ("AgeRanges", "TwoToThree"), ("Audience", "Practitioner"), ("Topics", "Speech and language\r\nInclusion")]);
        Assert.Equal(HttpStatusCode.Redirect, added.Status);
        var course = await browser.Get(added.RedirectsTo!);
        Assert.Contains("Draft", course.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Signing with toddlers", (await app.Browser().Get("/courses?text=signing")).Words, StringComparison.Ordinal);
        await course.Post([]);

        var form = await browser.Get(added.RedirectsTo + "/sessions/add");
        var another = await form.Post([("AnotherDate", "true"), ("Dates[0].On.Day", "12"), ("Dates[0].On.Month", "11"), ("Dates[0].On.Year", "2026"), ("Dates[0].From", "9:30am"), ("Dates[0].To", "11am")]);
        Assert.Contains("Date 2", another.Words, StringComparison.Ordinal);
        var session = await another.Post([("Dates[1].On.Day", "19"), ("Dates[1].On.Month", "Nov"), ("Dates[1].On.Year", "2026"), ("Dates[1].From", "9:30am"), ("Dates[1].To", "11am"), ("Places", "12"), ("VenueName", "Library")]);
        Assert.Equal(HttpStatusCode.Redirect, session.Status);
        await (await browser.Get(session.RedirectsTo!)).Post([]);

        var found = await app.Browser().Get("/courses?text=signing+toddl");
        Assert.Contains("1 course", found.Words, StringComparison.Ordinal);
        Assert.Contains("£12.50", found.Words, StringComparison.Ordinal);
        Assert.Contains("12 November 2026 at 9:30am", found.Words, StringComparison.Ordinal);
        var open = await app.Browser().Get(session.RedirectsTo!.Replace("/manage", "", StringComparison.Ordinal));
        Assert.Contains("Thursday 19 November 2026, 9:30am to 11am", open.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Title", "", "Enter the course title")]
    [InlineData("Summary", "", "Enter a summary of the course")]
    [InlineData("LearningOutcomes", "", "Enter what people will be able to do after the course")]
    [InlineData("Mode", null, "Select how people take part")]
    [InlineData("Minutes", "", "Enter the length in minutes")]
    [InlineData("Minutes", "0", "The length must be between 1 and 10,000 minutes")]
    [InlineData("ParticipatoryMinutes", "91", "The participatory minutes must be between 0 and the length of the course")]
    [InlineData("Price", "lots", "The charge must be an amount in pounds, like 25 or 12.50")]
    public async Task Post_CourseIsIncomplete_SaysWhat(string field, string? value, string sentence) {
        var browser = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        (string, string?)[] fields = [("Title", "T"), ("Summary", "S"), ("LearningOutcomes", "L"), ("Mode", "InPerson"), ("Minutes", "90"), ("ParticipatoryMinutes", "10"), ("Price", "")];
        var page = await (await browser.Get("/manage/courses/add")).Post(fields.Where(f => f.Item1 != field).Append((field, value)));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
    }

    [Fact]
    public async Task Post_NumberIsNone_IsNotTakenForNothing() {
        var browser = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var page = await (await browser.Get("/manage/courses/add")).Post([("Title", "T"), ("Summary", "S"), ("LearningOutcomes", "L"), ("Mode", "InPerson"), ("Minutes", "90"), ("ParticipatoryMinutes", "ten")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Single(page.Errors);
    }

    [Theory]
    [InlineData("Dates[0].On.Year", "", "must include a year")]
    [InlineData("Dates[0].From", "", "Enter the start time")]
    [InlineData("Dates[0].To", "9am", "The end time must be after the start time")]
    [InlineData("Dates[0].On.Year", "2025", "The date must be today or in the future")]
    [InlineData("Places", "", "Enter the number of places")]
    [InlineData("VenueName", "", "Enter the venue")]
    [InlineData("ClosesOn.Day", "1", "must include a month and year")]
    public async Task Post_SessionIsIncomplete_SaysWhat(string field, string value, string sentence) {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var course = await app.Send(officer, TrainingGiven.Course(officer.Grants[0].OrganisationId));
        var form = await (await app.Browser(officer)).Get($"/manage/courses/{course}/sessions/add");
        (string, string?)[] fields = [("Dates[0].On.Day", "12"), ("Dates[0].On.Month", "11"), ("Dates[0].On.Year", "2026"), ("Dates[0].From", "9:30am"), ("Dates[0].To", "11am"), ("Places", "12"), ("VenueName", "Library")];
        var page = await form.Post(fields.Where(f => f.Item1 != field).Append((field, value)));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains(sentence, Assert.Single(page.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TwoOfficersEditOneCourse_SecondIsToldAndNothingIsLost() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var course = await app.Send(officer, TrainingGiven.Course(officer.Grants[0].OrganisationId));
        var browser = await app.Browser(officer);
        var (first, second) = (await browser.Get($"/manage/courses/{course}/edit"), await browser.Get($"/manage/courses/{course}/edit"));
        Assert.Equal(HttpStatusCode.Redirect, (await first.Post([("Title", "Talking babies")])).Status);
        var late = await second.Post([("Title", "Walking babies")]);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Somebody else has changed the course", late.Text, StringComparison.Ordinal);
        var now = await browser.Get($"/manage/courses/{course}/edit");
        Assert.Equal("Talking babies", now.Document.QuerySelector("#Title")!.GetAttribute("value"));
        Assert.Contains("Speech and language", now.Document.QuerySelector("#Topics")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_CopyOverTheClockChange_KeepsTheTimesOfDay() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (_, session) = await app.Session(officer, with: s => s with { Dates = [TrainingGiven.Date(new DateOnly(2026, 10, 20)), TrainingGiven.Date(new DateOnly(2026, 10, 27))], ClosesOn = new DateOnly(2026, 10, 18) });
        var page = await (await app.Browser(officer)).Get($"/manage/sessions/{session}/copy");
        Assert.Equal(["Enter the new date"], (await page.Post([])).Errors);
        var copied = await page.Post([("On.Day", "3"), ("On.Month", "11"), ("On.Year", "2026")]);
        var id = Guid.Parse(copied.RedirectsTo!.Split('/')[^1]);
        var view = (await app.Ask(officer, new OpenManagedSession.Query(id))).Value;
        Assert.Equal(["2026-11-03T10:00", "2026-11-10T10:00"], view.Dates.Select(d => d.StartsAt.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(new DateTime(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc), view.Session.ClosesAt);
        Assert.Equal(Cpd.Training.Publication.Draft, view.Session.State);
    }

    [Fact]
    public async Task Get_Catalogue_FiltersNarrowAndCanBeTakenAway() {
        var blackpool = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        await app.Session(blackpool, title: "Sand and water", inDays: 40);
        var undated = await app.Send(blackpool, TrainingGiven.Course(blackpool.Grants[0].OrganisationId, "Sand without dates") with { Mode = CourseMode.LiveOnline, Price = "5", Topics = "Beach" });
        await app.Send(blackpool, new PublishCourse.Command(undated));
        async Task<string> Words(string query) => (await app.Browser().Get("/courses?text=sand&" + query)).Words;
        Assert.Contains("2 courses", await Words(""), StringComparison.Ordinal);
        foreach (var (query, number) in new[] {
            ($"authority={blackpool.Grants[0].OrganisationId}", 2), ("authority=" + Guid.Empty, 0), ("free=true", 1), ("mode=LiveOnline", 1), ("topic=beach", 1), ("audience=Senco", 2), ("age=BirthToTwo", 2),
            ("from=2026-11-01&to=2026-11-30", 1), ("from=2027-01-01", 0), ("from.Day=1&from.Month=nov&from.Year=2026", 1) })
            Assert.Contains(number == 1 ? "1 course " : $"{number} courses", await Words(query), StringComparison.Ordinal);
        var page = await app.Browser().Get("/courses?text=sand&free=true&page=7");
        var remove = page.Document.QuerySelectorAll(".app-filters__remove").Select(a => a.GetAttribute("href")).ToList();
        Assert.Equal(["/courses?free=true", "/courses?text=sand"], remove);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Browser().Get("/courses?from=yesterday")).Status);

        var json = JsonDocument.Parse(await app.CreateClient().GetStringAsync(new Uri("/api/v1/courses?text=sand&free=true", UriKind.Relative))).RootElement;
        Assert.Equal("Sand and water", json.GetProperty("items")[0].GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("next").ValueKind);
        Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().GetAsync(new Uri($"/api/v1/courses/{undated}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Get_JoiningLink_IsForThoseWhoAreBooked() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var course = await app.Send(officer, TrainingGiven.Course(authority) with { Mode = CourseMode.LiveOnline });
        await app.Send(officer, new PublishCourse.Command(course));
        var session = await app.Send(officer, new AddSession.Command { CourseId = course, Dates = [TrainingGiven.Date(new DateOnly(2026, 11, 2))], Places = 5, JoiningLink = "https://meet.example.org/secret" });
        await app.Send(officer, new PublishSession.Command(session));
        var person = await app.Given.Practitioner(await app.Given.Setting(authority));
        var browser = await app.Browser(person);
        Assert.DoesNotContain("meet.example.org", (await browser.Get($"/sessions/{session}")).Text, StringComparison.Ordinal);
        await app.Send(person, new Cpd.Training.Bookings.BookPlaces.Command(session, [person.PersonId]));
        Assert.Contains($"/sessions/{session}/join", (await browser.Get($"/sessions/{session}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("meet.example.org", (await app.Browser().Get($"/sessions/{session}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("meet.example.org", await app.CreateClient().GetStringAsync(new Uri($"/api/v1/sessions/{session}", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_CourseIsCancelled_ItLeavesTheCatalogueWithItsSessions() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (course, session) = await app.Session(officer, title: "Withdrawn course");
        var page = await (await app.Browser(officer)).Get($"/manage/courses/{course}/cancel");
        Assert.Equal(["Enter why the course is cancelled"], (await page.Post([("Reason", "")])).Errors);
        await page.Post([("Reason", "Replaced")]);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get($"/courses/{course}")).Status);
        Assert.Contains("This session has been cancelled: Replaced", (await app.Browser().Get($"/sessions/{session}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_OtherModules_FindCourses() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (course, _) = await app.Session(officer, title: "Élan and rhythm");
        Assert.Equal(course, (await app.Ask(officer, new FindCourses([course, Guid.Empty]))).Single().Id);
        Assert.Equal("Élan and rhythm", (await app.Ask(officer, new SearchCourses("rhyt"))).Single().Title);
        Assert.Equal("Élan and rhythm", (await app.Ask(officer, new SearchCourses("elan and"))).Single().Title);
        Assert.Empty(await app.Ask(officer, new SearchCourses("hythm")));
    }
}
