using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Placements;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Hours;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Placements;

/// <summary>A cohort and its students after they were sent: one more, other days, other hours; by page and by program.</summary>
public sealed class ChangeCohortTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task AddStudent_OneByHand_IsInvitedLikeAnImportedOne() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1);
        var browser = await app.Browser(world.Institution);
        var form = await browser.Get(PlacementsLinks.AddStudent(cohort));
        Assert.Equal(["Enter the full name", "Enter the email address"], (await form.Post([])).Errors);
        Assert.Equal(["Enter an email address in the correct format, like name@example.com"], (await form.Post([("Name", "Late Comer"), ("Email", "late")])).Errors);
        Assert.Equal(["A student with this email address is in this cohort already"], (await form.Post([("Name", "Late Comer"), ("Email", students[0].Email.ToUpperInvariant())])).Errors);
        Assert.Equal(["The last day must be from 7 September 2026 to 27 August 2027"], (await form.Post([("Name", "Late Comer"), ("Email", $"late.{world.Programme:N}@example.org"), ("EndsOn.Year", "2028")])).Errors);
        Assert.Equal(PlacementsLinks.Cohort(cohort), (await form.Post([("Name", "Late Comer"), ("Email", $"late.{world.Programme:N}@example.org")])).RedirectsTo);
        Assert.Equal("Late Comer has been added and is invited by email.", (await browser.Get(PlacementsLinks.Cohort(cohort))).Banner);
        await app.DrainOutbox();
        Assert.Contains(await app.DrainMail(), m => m.Contains($"To: late.{world.Programme:N}@example.org", StringComparison.OrdinalIgnoreCase));
        Assert.NotNull((await app.Send(world.Institution, new OpenCohort.Query(cohort))).Students.Single(s => s.Name == "Late Comer").PersonId);
        var other = await PlacementWorld.Make(app);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(other.Institution)).Get(PlacementsLinks.AddStudent(cohort))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(world.Host)).Get(PlacementsLinks.AddStudent(cohort))).Status);
    }

    [Fact]
    public async Task ChangeStudent_DaysAndHours_KeepToWhatIsPlannedAndLogged() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1, from: new(2026, 9, 7), to: new(2026, 12, 18));
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], new(2026, 10, 5));
        await world.Slot(students[0], new(2026, 11, 9));
        var (address, officer) = (PlacementsLinks.ChangeStudent(students[0].Id), await app.Browser(world.Officer));
        var form = await officer.Get(address);
        Assert.Equal(["1 slot with students lies ahead outside these days. The local authority has to plan it anew first."], (await form.Post([("EndsOn.Month", "10"), ("EndsOn.Day", "30")])).Errors);
        Assert.Equal(["The last day must be in the days of the cohort, 7 September 2026 to 18 December 2026"], (await form.Post([("EndsOn.Year", "2027")])).Errors);
        Assert.Equal(["The student has logged 3 hours already"], (await form.Post([("Hours", "2")])).Errors);
        Assert.Equal(["Enter the hours"], (await form.Post([("Hours", "")])).Errors);
        Assert.Equal(PlacementsLinks.Student(students[0].Id), (await form.Post([("Hours", "30"), ("EndsOn.Month", "11"), ("EndsOn.Day", "27")])).RedirectsTo);
        Assert.Contains("3 hours of 30 hours", (await officer.Get(PlacementsLinks.Student(students[0].Id))).Words, StringComparison.Ordinal);
        // The first form is older than this.
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post([("Hours", "40")])).Status);
        // Who sends the students moves their days, and can't give them more hours.
        var institution = await app.Browser(world.Institution);
        form = await institution.Get(address);
        Assert.Null(form.Document.QuerySelector("input[name=Hours]"));
        Assert.Equal(["Ask the local authority to change the hours"], (await app.Ask(world.Institution, new ChangeStudent.Command(students[0].Id, 2, null, new(2026, 9, 7), new(2026, 12, 18), 100))).Refusal is Invalid i ? i.Errors.Select(e => e.Sentence) : []);
        Assert.Equal(PlacementsLinks.Student(students[0].Id), (await form.Post([("EndsOn.Month", "12"), ("EndsOn.Day", "18"), ("Reference", "N77")])).RedirectsTo);
        var seen = await app.Send(world.Institution, new SeeStudent.Query(students[0].Id));
        Assert.Equal(("N77", new DateOnly(2026, 12, 18), 30 * 60), (seen.Reference, seen.EndsOn, seen.MinutesAllowed));
        foreach (var (who, status) in new[] { ((await PlacementWorld.Make(app)).Institution, HttpStatusCode.NotFound), (world.Host, HttpStatusCode.Forbidden), (PlacementWorld.Student(students[0]), HttpStatusCode.Forbidden) })
            Assert.Equal(status, (await (await app.Browser(who)).Get(address)).Status);
    }

    [Fact]
    public async Task ChangeCohort_NameAndDays_KeepItsStudentsWithin() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1, from: new(2026, 9, 7), to: new(2026, 12, 18));
        await world.Cohort(1, name: "Year 3");
        var officer = await app.Browser(world.Officer);
        var form = await officer.Get(PlacementsLinks.ChangeCohort(cohort));
        Assert.Equal(["1 student would be outside these days. Change the student's days first."], (await form.Post([("EndsOn.Month", "11")])).Errors);
        Assert.Equal(["The programme has students of this name already"], (await form.Post([("Name", "Year 3")])).Errors);
        Assert.Equal(["Enter a name for these students"], (await form.Post([("Name", "")])).Errors);
        Assert.Equal(PlacementsLinks.Cohort(cohort), (await form.Post([("Name", "Year 2, autumn"), ("EndsOn.Year", "2027")])).RedirectsTo);
        Assert.Equal("Year 2, autumn", (await officer.Get(PlacementsLinks.Cohort(cohort))).Heading);
        Assert.Equal(24 * 60, (await app.Send(world.Officer, new SeeStudent.Query(students[0].Id))).MinutesAllowed);
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post([("Name", "Older")])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Leeds")))).Get(PlacementsLinks.ChangeCohort(cohort))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(world.Institution)).Get(PlacementsLinks.ChangeCohort(cohort))).Status);
    }

    [Fact]
    public async Task ChangeCohort_WhileStudentsAreAdded_LeavesNobodyOutside() {
        var world = await PlacementWorld.Make(app);
        for (var round = 0; round < 5; round++) {
            var (cohort, students) = await world.Cohort(1, from: new(2026, 9, 7), to: new(2026, 12, 18), name: $"Race {round}", rows: $"First {round},first.{round}.{world.Programme:N}@example.org,,2026-09-07,2026-10-16\n");
            string Email(string who) => $"{who}.{round}.{world.Programme:N}@example.org";
            var outcomes = await Task.WhenAll(
                Refused(world.Institution, new AddStudent.Command(cohort, "Late", Email("late"), null, null, null)),
                Refused(world.Officer, new ChangeCohort.Command(cohort, 1, $"Race {round}", new(2026, 9, 7), new(2026, 11, 13), 24, 1)),
                Refused(world.Institution, new ImportStudents.Command(cohort, PlacementWorld.File($"Listed,{Email("listed")},,,\n"))),
                Refused(world.Institution, new ChangeStudent.Command(students[0].Id, 1, null, new(2026, 9, 7), new(2026, 12, 18), null)));
            Assert.Equal(0, await app.Database(db => db.One<int>("SELECT COUNT(*) FROM placements_Student s JOIN placements_Cohort c ON c.Id = s.CohortId WHERE c.Id = @cohort AND s.EndsOn > c.EndsOn", new { cohort }, default)));
            Assert.Contains(outcomes, o => o is null);
        }

        async Task<Refusal?> Refused<T>(Cpd.Platform.Web.Actor who, MediatR.IRequest<Outcome<T>> request) => (await app.Ask(who, request)).Refusal;
    }

    [Fact]
    public async Task Cohort_MoreThanAPage_IsPagedAndChecksGoOn() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(60, confirmed: false);
        var browser = await app.Browser(world.Institution);
        var first = await browser.Get(PlacementsLinks.Cohort(cohort));
        Assert.Contains("60 students of 60 expected", first.Words, StringComparison.Ordinal);
        Assert.Equal((50, 10), (first.Document.QuerySelectorAll("main tbody tr").Length, (await browser.Get(PlacementsLinks.Cohort(cohort) + "?page=2")).Document.QuerySelectorAll("main tbody tr").Length));
        var checks = await browser.Get(PlacementsLinks.Checks(cohort));
        var next = await checks.Post(checks.Document.QuerySelectorAll("input[name=Ticked]").Select(i => ("Ticked", (string?)i.GetAttribute("value"))));
        Assert.Equal(PlacementsLinks.Checks(cohort) + "?page=2", next.RedirectsTo);
        checks = await browser.Get(next.RedirectsTo!);
        Assert.Equal("The entry checks have been saved. Here are the next students.", checks.Banner);
        Assert.Equal(PlacementsLinks.Cohort(cohort), (await checks.Post([("Ticked", checks.Document.QuerySelector("input[name=Ticked]")!.GetAttribute("value"))])).RedirectsTo);
        Assert.Equal(101, await app.Count("placements_StudentCheck", "StudentId IN (SELECT Id FROM placements_Student WHERE CohortId = @cohort)", new { cohort }));
        Assert.Equal(60, students.Count);
    }

    [Fact]
    public async Task Api_WholeProgramme_IsSetUpByPrograms() {
        var world = await PlacementWorld.Make(app);
        using var authority = await app.Api(world.Officer);
        using var host = await app.Api(world.Host);
        using var institution = await app.Api(world.Institution);
        static async Task<Guid> Made(Task<HttpResponseMessage> sent) {
            var response = await sent;
            Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            Assert.NotNull(response.Headers.Location);
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        }
        static async Task Done(Task<HttpResponseMessage> sent) => Assert.Equal((HttpStatusCode.NoContent, ""), ((await sent).StatusCode, await (await sent).Content.ReadAsStringAsync()));
        var programme = await Made(authority.PostAsJsonAsync("/api/v1/placements", new { authorityId = world.Officer.Grants[0].OrganisationId, name = $"Api {world.Name}", summary = "By program", academicYear = 2026, hoursPerStudent = 24 }));
        await Done(authority.PutAsJsonAsync($"/api/v1/placements/{programme}/set-up", new { version = 1, name = $"Api {world.Name}", summary = "By program", hoursPerStudent = 24, weekdays = new[] { 1, 2, 3 },
            parts = new[] { new { name = "Morning", starts = "09:00", ends = "12:00" } }, daysOff = new[] { new { on = "2026-12-24", reason = "Christmas Eve" } }, checks = new[] { "DBS check" }, themes = new[] { "Play" }, inductionRegister = "Nmc" }));
        var project = await Made(authority.PostAsJsonAsync($"/api/v1/placements/{programme}/projects", new { organisationId = world.Host.Grants[0].OrganisationId, project = "Baby room", capacity = 2, agreed = true }));
        _ = project;
        var supervisors = await host.GetFromJsonAsync<JsonElement>($"/api/v1/placements/{programme}/supervisors");
        var supervisor = await Made(host.PostAsJsonAsync($"/api/v1/placements/{programme}/supervisors", new { personId = supervisors.GetProperty("candidates")[0].GetProperty("personId").GetGuid(), register = "None", capacity = 2, projectIds = new[] { supervisors.GetProperty("projects")[0].GetProperty("id").GetGuid() } }));
        await Done(host.PutAsJsonAsync($"/api/v1/placements/supervisors/{supervisor}/duty", new { from = "2026-11-02", to = "2026-11-30", weekdays = new[] { 1, 2 }, dayParts = new[] { 1 }, onDuty = true }));
        var cohort = await Made(authority.PostAsJsonAsync($"/api/v1/placements/{programme}/cohorts", new { organisationId = world.Institution.Grants[0].OrganisationId, name = "Year 1", startsOn = "2026-11-02", endsOn = "2026-11-30", hoursPerStudent = 24, expected = 1 }));
        var student = await Made(institution.PostAsJsonAsync($"/api/v1/placements/cohorts/{cohort}/students", new { name = "Api Student", email = $"api.{programme:N}@example.org", reference = "A1" }));
        var checks = (await institution.GetFromJsonAsync<JsonElement>($"/api/v1/placements/cohorts/{cohort}")).GetProperty("checks");
        await Done(institution.PutAsJsonAsync($"/api/v1/placements/cohorts/{cohort}/checks", new { confirm = new[] { new { studentId = student, checkId = checks[0].GetProperty("id").GetGuid() } } }));
        await Done(institution.PutAsJsonAsync($"/api/v1/placements/students/{student}", new { version = 1, reference = "A2", startsOn = "2026-11-02", endsOn = "2026-11-27" }));
        await Made(authority.PostAsJsonAsync($"/api/v1/placements/students/{student}/slots", new { kind = "Meeting", title = "Team meeting", supervisorId = supervisor, day = "2026-11-09", starts = "09:00", ends = "10:00" }));
        await Done(authority.PutAsJsonAsync($"/api/v1/placements/cohorts/{cohort}", new { version = 1, name = "Year one", startsOn = "2026-11-02", endsOn = "2026-12-30", hoursPerStudent = 24, expected = 2 }));
        var seen = await institution.GetFromJsonAsync<JsonElement>($"/api/v1/placements/cohorts/{cohort}");
        Assert.Equal(("Year one", 1, 60), (seen.GetProperty("name").GetString(), seen.GetProperty("students")[0].GetProperty("confirmed").GetInt32(), seen.GetProperty("students")[0].GetProperty("minutesPlanned").GetInt32()));
        await Done(host.PutAsJsonAsync($"/api/v1/placements/supervisors/{supervisor}", new { version = 1, register = "None", capacity = 3, projectIds = new[] { supervisors.GetProperty("projects")[0].GetProperty("id").GetGuid() } }));
        Assert.Equal(HttpStatusCode.Conflict, (await host.PutAsJsonAsync($"/api/v1/placements/supervisors/{supervisor}", new { version = 1, register = "None", capacity = 3, projectIds = new[] { supervisors.GetProperty("projects")[0].GetProperty("id").GetGuid() } })).StatusCode);
        var nameless = await institution.PostAsJsonAsync($"/api/v1/placements/students/{student}/withdrawal", new { });
        Assert.Contains("Say why the student leaves", await nameless.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Done(institution.PostAsJsonAsync($"/api/v1/placements/students/{student}/withdrawal", new { reason = "Changed course" }));
        Assert.Equal(HttpStatusCode.Conflict, (await institution.PostAsJsonAsync($"/api/v1/placements/students/{student}/withdrawal", new { reason = "Again" })).StatusCode);
        Assert.Equal(1, await app.Count("placements_Slot", "StudentId = @student AND State = 'Cancelled' AND Reason = 'Changed course'", new { student }));
        // Sentences as on the pages, and nothing for others.
        var invalid = await authority.PostAsJsonAsync($"/api/v1/placements/{programme}/cohorts", new { name = "" });
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (invalid.StatusCode, invalid.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Select the institution that sends the students", await invalid.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await app.Api((await PlacementWorld.Make(app)).Institution);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync($"/api/v1/placements/cohorts/{cohort}/students", new { name = "Spy", email = "spy@example.org" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync($"/api/v1/placements/students/{student}/withdrawal", new { reason = "Mine" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsJsonAsync($"/api/v1/placements/cohorts/{cohort}/checks", new { confirm = Array.Empty<object>() })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.PostAsJsonAsync("/api/v1/placements", new { name = "Mine" })).StatusCode);
    }
}
