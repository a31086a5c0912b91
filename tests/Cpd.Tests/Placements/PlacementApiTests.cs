using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Placements.Cohorts;
using Cpd.Tests.Training;

namespace Cpd.Tests.Placements;

/// <summary>What a page of placements can do a program can do too, with the same permissions and refusals.</summary>
public sealed class PlacementApiTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 11, 2);
    const string Headings = "Full name,Email address,Student number,First day,Last day\n";

    [Fact]
    public async Task Life_OfAProgramme_ByProgramAlone() {
        app.Clock.Set(CpdApp.Start);
        var authority = await app.Given.Authority("Bradford");
        var trust = await app.Given.Organisation(OrganisationKind.PlacementHost, "Trust by program");
        var university = await app.Given.Organisation(OrganisationKind.Institution, "University by program");
        var (mina, una) = (await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, trust), await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, trust));
        using var officer = await app.Api(await app.Given.Officer(authority));
        using var host = await app.Api(mina);
        using var institution = await app.Api(await app.Given.Holder(Role.InstitutionOfficer, OrganisationKind.Institution, university));
        using var stranger = await app.Api(await app.Given.Officer(await app.Given.Authority("Leeds")));

        // The programme, its host with a project, and two registrants who are on duty.
        var programme = await Made(officer, "placements", new { authorityId = authority, name = "By program", summary = "Students practise.", academicYear = 2026, hoursPerStudent = 24 });
        await Put(officer, $"placements/{programme}/set-up", new {
            version = 1, name = "By program", summary = "Students practise.", hoursPerStudent = 24, weekdays = new[] { 1, 2, 3, 4, 5 },
            parts = new[] { new { name = "Morning", starts = "09:00:00", ends = "12:00:00" }, new { name = "Afternoon", starts = "13:00:00", ends = "16:00:00" } },
            checks = new[] { "DBS check" }, themes = new[] { "Linking to practice" }, inductionTheme = "Induction", inductionRegister = "Nmc", projectRegister = "None",
        });
        var (course, _) = await app.Session(await app.Given.Officer(authority), title: "Online instead");
        await Put(officer, $"placements/{programme}/alternative", new { courseId = course });
        Assert.Equal(course, (await Got(officer, $"placements/{programme}/set-up")).GetProperty("alternativeCourseId").GetGuid());
        var project = await Made(officer, $"placements/{programme}/projects", new { organisationId = trust, project = "Baby Steps", capacity = 8, agreed = true });
        var opened = await Got(host, $"placements/projects/{project}");
        await Put(host, $"placements/projects/{project}", new { version = opened.GetProperty("version").GetInt32(), state = "Accepted", capacity = 8, givesInduction = true, themeIds = opened.GetProperty("themes").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()).ToArray() });
        foreach (var person in new[] { mina, una }) {
            var supervisor = await Made(host, $"placements/{programme}/supervisors", new { personId = person.PersonId, register = "Nmc", registerNumber = "98I1234E", capacity = 4, projectIds = new[] { project } });
            await Put(host, $"placements/supervisors/{supervisor}/duty", new { from = "2026-09-01", to = "2027-08-31", weekdays = new[] { 1, 2, 3, 4, 5 }, dayParts = new[] { 1, 2 }, onDuty = true });
            await Put(officer, $"placements/supervisors/{supervisor}", new { version = 1, register = "Nmc", registerNumber = "98I1234E", @checked = true, capacity = 4, projectIds = new[] { project }, ended = false });
            var seen = await Got(host, $"placements/supervisors/{supervisor}");
            Assert.Equal([1, 2], seen.GetProperty("duty")[0].GetProperty("parts").EnumerateArray().Select(p => p.GetInt32()));
            Assert.Equal(project, seen.GetProperty("in")[0].GetGuid());
        }

        // The cohort, its eight students, and their checks.
        var cohort = await Made(officer, $"placements/{programme}/cohorts", new { organisationId = university, name = "Year 2", startsOn = "2026-11-02", endsOn = "2026-11-06", hoursPerStudent = 24, expected = 8 });
        var imported = await Import(institution, cohort, Headings + string.Concat(Enumerable.Range(1, 8).Select(i => $"Student {i},by.program.{i}@university.example.org,S{i},,\n")));
        Assert.Equal(8, (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("students").GetInt32());
        await app.DrainOutbox();
        var view = await Got(institution, $"placements/cohorts/{cohort}");
        var students = view.GetProperty("students").EnumerateArray().Select(s => s.GetProperty("id").GetGuid()).ToList();
        Assert.Equal(8, students.Count);
        Assert.Equal(0, (await Got(institution, $"placements/cohorts/{cohort}/checks")).GetProperty("confirmed").GetArrayLength());
        var check = view.GetProperty("checks")[0].GetProperty("id").GetGuid();
        await Put(institution, $"placements/cohorts/{cohort}/checks", new { confirm = students.Select(s => new { studentId = s, checkId = check }).ToArray() });
        Assert.Equal(8, (await Got(institution, $"placements/cohorts/{cohort}/checks")).GetProperty("confirmed").GetArrayLength());

        // Proposed, kept, changed by hand, and published.
        var proposal = await Got(await officer.PostAsJsonAsync(At($"placements/cohorts/{cohort}/timetable/proposal"), new { }));
        Assert.True(proposal.GetProperty("isFound").GetBoolean());
        Assert.Equal(0, await app.Count("placements_Slot", "CohortId = @cohort", new { cohort }));
        var figures = proposal.GetProperty("figures");
        Assert.Equal((8, 8 * 24 * 60, 0), (figures.GetProperty("students").GetInt32(), figures.GetProperty("minutes").GetInt32(), figures.GetProperty("moves").GetInt32()));
        Assert.Equal([32, 32], figures.GetProperty("supervisors").EnumerateArray().Select(s => s.GetProperty("slots").GetInt32()));
        Assert.Equal([64], figures.GetProperty("projects").EnumerateArray().Select(s => s.GetProperty("slots").GetInt32()));
        var slots = proposal.GetProperty("slots").EnumerateArray().ToList();
        await Put(officer, $"placements/cohorts/{cohort}/timetable/draft", new { version = 0, slots = slots.Skip(1) });
        var draft = await Got(officer, $"placements/cohorts/{cohort}/timetable/draft");
        Assert.Equal((true, 1, 63), (draft.GetProperty("isDraft").GetBoolean(), draft.GetProperty("version").GetInt32(), draft.GetProperty("slots").GetArrayLength()));
        Assert.Contains(draft.GetProperty("notRight").EnumerateArray(), b => b.GetProperty("rule").GetString() == "Hours" && b.GetProperty("studentId").GetGuid() == slots[0].GetProperty("studentId").GetGuid());
        Assert.Equal(HttpStatusCode.Conflict, (await officer.PostAsJsonAsync(At($"placements/cohorts/{cohort}/timetable/publication"), new { version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.PutAsJsonAsync(At($"placements/cohorts/{cohort}/timetable/draft"), new { version = 0, slots })).StatusCode);
        await Put(officer, $"placements/cohorts/{cohort}/timetable/draft", new { version = 1, slots });
        Assert.Equal(0, (await Got(officer, $"placements/cohorts/{cohort}/timetable/draft")).GetProperty("notRight").GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync(At($"placements/cohorts/{cohort}/timetable/publication"), new { version = 2 })).StatusCode);
        Assert.Equal(64, (await Got(host, $"placements/{programme}/coming")).GetProperty("visits").GetProperty("total").GetInt32());
        // What is published is what the next draft begins with; none was begun by looking.
        draft = await Got(officer, $"placements/cohorts/{cohort}/timetable/draft");
        Assert.Equal((false, 0, 64), (draft.GetProperty("isDraft").GetBoolean(), draft.GetProperty("version").GetInt32(), draft.GetProperty("slots").GetArrayLength()));

        // Logged, signed and added up; and what was thought of it.
        app.Clock.Set(new(2026, 11, 6, 17, 0, 0, TimeSpan.Zero));
        var all = (await Got(institution, $"placements/cohorts/{cohort}/timetable")).GetProperty("slots").EnumerateArray().ToList();
        using var student = await app.Api(PlacementWorld.Student((await app.Send(mina with { Grants = [new(nameof(Role.InstitutionOfficer), nameof(OrganisationKind.Institution), university)] }, new OpenCohort.Query(cohort))).Students.Single(s => s.Id == students[0])));
        using var other = await app.Api(una);
        var own = (await Got(student, "my-placements"))[0].GetProperty("slots").EnumerateArray().OrderBy(s => s.GetProperty("startsAt").GetDateTime()).ToList();
        Assert.Equal(all.Where(s => s.GetProperty("studentId").GetGuid() == students[0]).Select(s => s.GetProperty("id").GetGuid()), own.Select(s => s.GetProperty("id").GetGuid()));
        foreach (var slot in own) {
            var id = slot.GetProperty("id").GetGuid();
            await Put(student, $"placements/slots/{id}/hours", new { version = slot.GetProperty("version").GetInt32(), minutes = 180, reflection = "Sat with a mother and her baby." });
            foreach (var signer in new[] { host, other }) {
                var waiting = (await Got(signer, "placements/slots-to-sign")).GetProperty("waiting").EnumerateArray().Where(w => w.GetProperty("id").GetGuid() == id).ToList();
                if (waiting.Count == 0) continue;
                Assert.Equal("Logged", (await Got(signer, $"placements/slots/{id}")).GetProperty("slot").GetProperty("hours").GetString());
                Assert.Equal(HttpStatusCode.OK, (await signer.PostAsJsonAsync(At("placements/slots/sign"), new { items = new[] { new { slotId = id, version = waiting[0].GetProperty("version").GetInt32() } } })).StatusCode);
            }
        }
        var totals = (await Got(officer, $"placements/{programme}/totals")).GetProperty("total");
        Assert.Equal((8 * 24 * 60, 24 * 60), (totals.GetProperty("planned").GetInt32(), totals.GetProperty("signed").GetInt32()));
        await Put(student, $"placements/students/{students[0]}/feedback", new { rating = 4, comment = "More time with babies." });
        Assert.Equal(4, (await Got(student, $"placements/students/{students[0]}/feedback")).GetProperty("rating").GetInt32());
        Assert.Equal("More time with babies.", (await Got(officer, $"placements/students/{students[0]}")).GetProperty("feedback")[0].GetProperty("comment").GetString());
        await Put(student, $"placements/students/{students[1]}/feedback", new { rating = 1, comment = "Of somebody else." }, HttpStatusCode.NotFound);
        await Put(student, $"placements/students/{students[0]}/feedback", new { rating = 6, comment = "Too good." }, HttpStatusCode.BadRequest);

        // Nothing of it is there for another authority.
        foreach (var address in new[] { $"{programme}/set-up", $"{programme}/coming", $"{programme}/totals", $"projects/{project}", $"cohorts/{cohort}", $"cohorts/{cohort}/checks", $"cohorts/{cohort}/timetable", $"cohorts/{cohort}/timetable/draft", $"slots/{own[0].GetProperty("id").GetGuid()}", $"students/{students[0]}", $"students/{students[0]}/feedback" })
            Assert.Equal((address, HttpStatusCode.NotFound), (address, (await stranger.GetAsync(At($"placements/{address}"))).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await Import(stranger, cohort, Headings + "Spy,spy@example.org,,,\n")).StatusCode);
        foreach (var (address, body) in new (string, object)[] { ($"cohorts/{cohort}/timetable/proposal", new { }), ($"cohorts/{cohort}/timetable/publication", new { version = 2 }) })
            Assert.Equal((address, HttpStatusCode.NotFound), (address, (await stranger.PostAsJsonAsync(At($"placements/{address}"), body)).StatusCode));
        await Put(stranger, $"placements/cohorts/{cohort}/timetable/draft", new { version = 0, slots = Array.Empty<object>() }, HttpStatusCode.NotFound);
        await Put(stranger, $"placements/{programme}/alternative", new { }, HttpStatusCode.NotFound);
        await Put(stranger, $"placements/students/{students[0]}/feedback", new { rating = 1, comment = "Not mine." }, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync(At($"placements/cohorts/{cohort}/timetable/draft?version=0"))).StatusCode);
        Assert.Equal(8, await app.Count("placements_Student", "CohortId = @cohort", new { cohort }));
        // Whoever sends the students does not plan.
        Assert.Equal(HttpStatusCode.Forbidden, (await institution.GetAsync(At($"placements/cohorts/{cohort}/timetable/draft"))).StatusCode);
    }

    [Fact]
    public async Task Import_RowsThatAreWrong_AreNamedAndNobodyIsAdded() {
        app.Clock.Set(CpdApp.Start);
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1);
        using var key = await app.Api(world.Institution);
        var refused = await Import(key, cohort, $"{Headings}Ann,ann@university.example.org,,,\n,nameless@university.example.org,,,\nBen,ben,,31/02/2027,\nCleo,{students[0].Email},,,\n");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal([
            "Row 3: The full name is missing", "Row 4: The email address “ben” is not in the correct format, like name@example.com", "Row 4: The first day “31/02/2027” is not a real date; use DD/MM/YYYY", $"Row 5: {students[0].Email} is in this cohort already",
        ], (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().SelectMany(e => e.Value.EnumerateArray()).Select(e => e.GetString()));
        Assert.Contains("The file must be smaller than 1 MB", await (await Import(key, cohort, Headings + new string('x', ImportStudents.Largest))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Row 1: The file is empty", await (await Import(key, cohort, "")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var json = await key.PostAsJsonAsync(At($"placements/cohorts/{cohort}/students/import"), new { });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(1, await app.Count("placements_Student", "CohortId = @cohort", new { cohort }));
        // Sent twice under one key, they are added once.
        for (var i = 0; i < 2; i++) {
            using var request = new HttpRequestMessage(HttpMethod.Post, At($"placements/cohorts/{cohort}/students/import")) { Content = new StringContent(Headings + "Ann,ann@university.example.org,,,\n", Encoding.UTF8, "text/csv") };
            request.Headers.Add("Idempotency-Key", "import-ann");
            Assert.Equal(HttpStatusCode.OK, (await key.SendAsync(request)).StatusCode);
        }
        Assert.Equal(2, await app.Count("placements_Student", "CohortId = @cohort", new { cohort }));
    }

    [Fact]
    public async Task Proposal_OfWhatCannotBe_SaysWhyAndWhatWouldHelp() {
        app.Clock.Set(CpdApp.Start);
        var world = await PlacementWorld.Make(app, capacity: 1);
        var (cohort, _) = await world.Cohort(2, from: Monday, to: Monday.AddDays(4));
        using var key = await app.Api(world.Officer);
        var proposal = await Got(await key.PostAsJsonAsync(At($"placements/cohorts/{cohort}/timetable/proposal"), new { }));
        Assert.False(proposal.GetProperty("isFound").GetBoolean());
        Assert.Equal("There is no timetable that keeps to every rule. Below is why, and the least that would help.", proposal.GetProperty("why").GetString());
        Assert.Equal((0, JsonValueKind.Null), (proposal.GetProperty("slots").GetArrayLength(), proposal.GetProperty("figures").ValueKind));
        var clash = Assert.Single(proposal.GetProperty("clashes").EnumerateArray());
        Assert.Contains(clash.GetProperty("clash").EnumerateArray(), s => s.GetString() == $"Student 01 of {world.Name} needs 24 hours from 2 November 2026 to 6 November 2026; 30 hours can be worked then.");
        Assert.Matches("a week (later|longer) for 1 student: Student 0[12] of", clash.GetProperty("changes")[0].GetString());
        // Nobody to plan is a refusal, in the page's words.
        var empty = await app.Send(world.Officer, new AddCohort.Command(world.Programme, world.Institution.Grants[0].OrganisationId, "Nobody yet", Monday, Monday.AddDays(4), 24, 2));
        var refused = await key.PostAsJsonAsync(At($"placements/cohorts/{empty}/timetable/proposal"), new { });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("There are no students to plan yet. Import them first.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draft_ThrownAway_IsNotTakenForTheNextOne() {
        app.Clock.Set(CpdApp.Start);
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(4));
        using var key = await app.Api(world.Officer);
        var address = $"placements/cohorts/{cohort}/timetable/draft";
        await Put(key, address, new { version = 0, slots = Array.Empty<object>() });
        Assert.Equal(HttpStatusCode.Conflict, (await key.DeleteAsync(At($"{address}?version=2"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await key.DeleteAsync(At($"{address}?version=1"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await key.DeleteAsync(At($"{address}?version=1"))).StatusCode);
        await Put(key, address, new { version = 0, slots = Array.Empty<object>() });
        // Whoever has seen only the first neither publishes, changes nor throws away the second.
        Assert.Contains("Somebody else has changed this timetable", await (await key.PostAsJsonAsync(At($"placements/cohorts/{cohort}/timetable/publication"), new { version = 1 })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Put(key, address, new { version = 1, slots = Array.Empty<object>() }, HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.Conflict, (await key.DeleteAsync(At($"{address}?version=1"))).StatusCode);
        Assert.Equal(1, await app.Count("placements_Timetable", "CohortId = @cohort AND State = 'Draft'", new { cohort }));
        var version = (await Got(key, address)).GetProperty("version").GetInt32();
        // On a day on which the programme is not open, nobody is planned.
        var sunday = await key.PutAsJsonAsync(At(address), new { version, slots = new[] { new { studentId = students[0].Id, onDay = "2026-11-08", dayPart = 1, projectId = world.Project, supervisorId = world.Supervisor, induction = true, pinned = false } } });
        Assert.Equal(HttpStatusCode.BadRequest, sunday.StatusCode);
        Assert.Contains("The programme is not open on Sunday 8 November 2026, morning", await sunday.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Nor twice at a time.
        var one = new { studentId = students[0].Id, onDay = "2026-11-02", dayPart = 1, projectId = world.Project, supervisorId = world.Supervisor, induction = true, pinned = false };
        var twice = await key.PutAsJsonAsync(At(address), new { version, slots = new[] { one, one with { induction = false } } });
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        Assert.Contains("A student can be in one place at a time", await twice.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    static Uri At(string address) => new($"/api/v1/{address}", UriKind.Relative);

    static Task<HttpResponseMessage> Import(HttpClient key, Guid cohort, string csv) => key.PostAsync(At($"placements/cohorts/{cohort}/students/import"), new StringContent(csv, Encoding.UTF8, "text/csv"));

    static async Task<JsonElement> Got(HttpClient key, string address) => await Got(await key.GetAsync(At(address)));

    static async Task<JsonElement> Got(HttpResponseMessage response) {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    static async Task<Guid> Made(HttpClient key, string address, object body) {
        var response = await key.PostAsJsonAsync(At(address), body);
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    static async Task Put(HttpClient key, string address, object body, HttpStatusCode expected = HttpStatusCode.NoContent) {
        var response = await key.PutAsJsonAsync(At(address), body);
        Assert.True(response.StatusCode == expected, $"{address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
