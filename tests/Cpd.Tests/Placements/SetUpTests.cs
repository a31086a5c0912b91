using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Messaging;
using Cpd.Tests.Training;

namespace Cpd.Tests.Placements;

/// <summary>A programme is laid down, hosts answer for themselves, supervisors are named and checked, and institutions send students.</summary>
public sealed class SetUpTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task EditProgramme_Nothing_SaysWhatIsMissing() {
        var world = await PlacementWorld.Make(app);
        var form = await (await app.Browser(world.Officer)).Get(PlacementsLinks.EditProgramme(world.Programme));
        var page = await form.Post([("Name", ""), ("Summary", ""), ("HoursPerStudent", ""), ("Weekdays", null), ("DaysOff", "tomorrow"), .. Enumerable.Range(0, 6).SelectMany(i => new[] { ($"Parts[{i}].Name", (string?)""), ($"Parts[{i}].Starts", ""), ($"Parts[{i}].Ends", "") })]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter the name of the programme", "Enter a summary of what students do", "Enter the hours for each student", "Select the days of the week on which the programme is open", "Enter at least one part of the day",
            "Enter each day off on a line of its own, like 24/12/2026 Christmas Eve"], page.Errors);
        page = await form.Post([("Parts[0].Starts", "1pm"), ("Parts[0].Ends", "2pm"), ("MovesADay", "11")]);
        Assert.Equal(["The parts of the day must be in order and must not overlap", "Moves in a day must be between 0 and 10"], page.Errors);
    }

    [Fact]
    public async Task EditProgramme_ChecksAndThemes_KeepWhatHangsOnTheirNames() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1);
        var browser = await app.Browser(world.Officer);
        var form = await browser.Get(PlacementsLinks.EditProgramme(world.Programme));
        Assert.Equal(PlacementsLinks.Programme(world.Programme), (await form.Post([("Checks", "Occupational health\nSafeguarding"), ("Themes", "Health inequalities\nPerinatal health"), ("DaysOff", "24/12/2026 Christmas Eve")])).RedirectsTo);
        var setUp = await app.Send(world.Officer, new SeeSetUp.Query(world.Programme));
        Assert.Equal(["Occupational health", "Safeguarding"], setUp.Checks.Select(c => c.Name));
        Assert.Equal(["Induction", "Health inequalities", "Perinatal health"], setUp.Themes.Select(t => t.Name));
        Assert.Equal((new DateOnly(2026, 12, 24), "Christmas Eve"), (setUp.DaysOff.Single().OffOn, setUp.DaysOff.Single().Reason));
        Assert.Equal(1, (await app.Send(world.Institution, new OpenCohort.Query(cohort))).Students.Single().Confirmed);
        Assert.Equal([setUp.Themes[1].Id], (await app.Send(world.Host, new OpenProject.Query(world.Project))).Covers);
        // What somebody else has saved meanwhile is not overwritten.
        Assert.Equal((HttpStatusCode.Conflict, "Somebody else has changed the programme since you opened it. Open it again to see their changes."), ((await form.Post([])).Status, (await form.Post([])).Errors.Single()));
        Assert.NotEqual(Guid.Empty, students[0].Id);
    }

    [Fact]
    public async Task Host_Asked_IsToldAndAnswersWithAReason() {
        var world = await PlacementWorld.Make(app);
        var project = await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, "Doulas", 2));
        Assert.Contains(await app.DrainMail(), m => m.Contains($"Will Trust {world.Name} take students?", StringComparison.Ordinal));
        var browser = await app.Browser(world.Host);
        var form = await browser.Get(PlacementsLinks.Project(project));
        Assert.Equal(["Select whether the project takes part"], (await form.Post([])).Errors);
        Assert.Equal(["Say why the project does not take part"], (await form.Post([("State", "Refused")])).Errors);
        Assert.Equal(["Students in a part of the day must be between 0 and 1,000"], (await form.Post([("State", "Accepted"), ("Rooms[0].Capacity", "-1")])).Errors);
        Assert.Equal(PlacementsLinks.Programme(world.Programme), (await form.Post([("State", "Refused"), ("Reason", "No room until spring")])).RedirectsTo);
        Assert.Contains("Does not take part: No room until spring", (await (await app.Browser(world.Officer)).Get(PlacementsLinks.Programme(world.Programme))).Words, StringComparison.Ordinal);
        form = await browser.Get(PlacementsLinks.Project(project));
        await form.Post([("State", "Accepted"), ("Capacity", "3"), ("Rooms[0].Capacity", "0")]);
        var answered = await app.Send(world.Host, new OpenProject.Query(project));
        Assert.Equal((ProjectState.Accepted, 3, (1, 1, 0)), (answered.State, answered.Capacity, (answered.Rooms.Single().Weekday, answered.Rooms.Single().DayPart, answered.Rooms.Single().Capacity)));
        // With students to come it can't leave.
        var (_, students) = await world.Cohort(1);
        await world.Slot(students[0], new(2026, 10, 19));
        Assert.Equal(["1 slot with students lies ahead in this project. The local authority has to plan it anew first."], (await (await browser.Get(PlacementsLinks.Project(world.Project))).Post([("State", "Refused"), ("Reason", "Closed")])).Errors);
    }

    [Fact]
    public async Task Supervisor_NumberIsCheckedByTheOfficerAndAnewWhenItChanges() {
        var world = await PlacementWorld.Make(app);
        var second = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId, await app.Given.Person($"Nora Nurse {world.Name}"));
        var host = await app.Browser(world.Host);
        var form = await host.Get(PlacementsLinks.AddSupervisor(world.Programme));
        Assert.Equal(["Select who supervises", "Select at least one project", "Enter how many students they look after at once"], (await form.Post([])).Errors);
        Assert.Equal(["Enter the number on the register"], (await form.Post([("PersonId", second.PersonId.ToString()), ("ProjectIds", world.Project.ToString()), ("Register", "Nmc"), ("Capacity", "2")])).Errors);
        var duty = (await form.Post([("PersonId", second.PersonId.ToString()), ("ProjectIds", world.Project.ToString()), ("Register", "Nmc"), ("RegisterNumber", "12A3456E"), ("Capacity", "2")])).RedirectsTo!;
        var id = Guid.Parse(duty.Split('/')[^2]);
        Assert.Equal(["Enter the first day", "Enter the last day"], (await (await host.Get(duty)).Post([])).Errors);
        Assert.Equal(duty, (await (await host.Get(duty)).Post([("From.Day", "5"), ("From.Month", "10"), ("From.Year", "2026"), ("To.Day", "11"), ("To.Month", "10"), ("To.Year", "2026")])).RedirectsTo);
        Assert.Contains("5 days of duty.", (await host.Get(duty)).Words, StringComparison.Ordinal);

        Assert.Contains("Not yet", (await host.Get(PlacementsLinks.Supervisors(world.Programme))).Words, StringComparison.Ordinal);
        // A host can't confirm its own people.
        await (await host.Get(PlacementsLinks.Supervisor(id))).Post([("Checked", "true")]);
        Assert.Null((await app.Send(world.Host, new OpenSupervisor.Query(id))).CheckedOn);
        await (await (await app.Browser(world.Officer)).Get(PlacementsLinks.Supervisor(id))).Post([("Checked", "true")]);
        Assert.NotNull((await app.Send(world.Host, new OpenSupervisor.Query(id))).CheckedOn);
        await (await host.Get(PlacementsLinks.Supervisor(id))).Post([("RegisterNumber", "99Z9999E")]);
        Assert.Null((await app.Send(world.Host, new OpenSupervisor.Query(id))).CheckedOn);
    }

    [Fact]
    public async Task Import_RowsAreWrong_NamesEachAndAddsNobody() {
        var world = await PlacementWorld.Make(app);
        var cohort = await app.Send(world.Officer, new AddCohort.Command(world.Programme, world.Institution.Grants[0].OrganisationId, "Year 1", new(2026, 10, 5), new(2026, 10, 9), 24, 3));
        var browser = await app.Browser(world.Institution);
        Assert.Equal(["Select a CSV file"], (await Upload(browser, cohort, null)).Errors);
        var page = await Upload(browser, cohort, "Full name,Email address,Student number,First day,Last day\nAmy Ash,amy@uni.example.org,1,,\n,bad,2,,\nBea Birch,AMY@uni.example.org,3,,\nCid Cedar,cid@uni.example.org,4,01/01/2026,\nDan Dogwood,dan@uni.example.org,5,31/02/2026,\nEve Elder,eve@uni.example.org,6,,10/10/2026\n");
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Row 3: The full name is missing", "Row 3: The email address “bad” is not in the correct format, like name@example.com", "Row 4: Row 2 has the same email address",
            "Row 6: The first day “31/02/2026” is not a real date; use DD/MM/YYYY", "Row 5: The days must be from 5 October 2026 to 9 October 2026", "Row 7: The days must be from 5 October 2026 to 9 October 2026"], page.Errors);
        Assert.Equal(0, await app.Count("placements_Student", "CohortId = @cohort", new { cohort }));
        Assert.Equal(HttpStatusCode.BadRequest, (await Upload(browser, cohort, "Amy,amy@uni.example.org\n")).Status);

        Assert.Equal(PlacementsLinks.Cohort(cohort), (await Upload(browser, cohort, "Name,E-mail,First day,Last day\nAmy Ash,amy@uni.example.org,05/10/2026,09/10/2026\n")).RedirectsTo);
        Assert.Equal(["The file has more than 1000 students"], (await Upload(browser, cohort, "Name,E-mail\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"Student {i},many.{i}@uni.example.org\n")))).Errors);
        Assert.Equal(1, await app.Count("placements_Student", "CohortId = @cohort", new { cohort }));
        Assert.Equal(["Row 2: amy@uni.example.org is in this cohort already"], (await Upload(browser, cohort, "Name,E-mail\nAmy Ash,amy@uni.example.org\n")).Errors);
    }

    [Fact]
    public async Task Import_StudentIsKnownByEmail_StaysTheSamePersonAndBecomesAStudent() {
        var world = await PlacementWorld.Make(app);
        var known = await app.Given.Person("Known Already");
        var email = await app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @known", new { known }, default));
        var (cohort, students) = await world.Cohort(2, rows: $"Somebody Else,{email!.ToUpperInvariant()},,,\nNew Student,new.{known:N}@uni.example.org,,,\n");
        Assert.Equal(known, students.Single(s => s.Name == "Somebody Else").PersonId);
        Assert.NotNull(students.Single(s => s.Name == "New Student").PersonId);
        Assert.Equal("Known Already", await app.Database(db => db.One<string>("SELECT Name FROM people_Person WHERE Id = @known", new { known }, default)));
        Assert.Equal(2, await app.Count("people_Grant", "Role = 'Student' AND PersonId IN (SELECT PersonId FROM placements_Student WHERE CohortId = @cohort)", new { cohort }));
        await app.DrainOutbox();
        Assert.Equal(2, (await app.DrainMail()).Count(m => m.Contains($"University {world.Name} has invited you", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AddCohort_Nothing_SaysWhatIsMissing() {
        var world = await PlacementWorld.Make(app);
        var form = await (await app.Browser(world.Officer)).Get(PlacementsLinks.AddCohort(world.Programme));
        Assert.Equal("OrganisationId", Assert.Single(Assert.IsType<Invalid>((await app.Ask(world.Officer, new AddCohort.Command(world.Programme, world.Host.Grants[0].OrganisationId, "X", new(2026, 10, 5), new(2026, 10, 9), 24, 3))).Refusal).Errors).Field);
        Assert.Equal(["Select the institution that sends the students", "Enter a name for these students", "Enter the first day", "Enter the last day", "Enter how many students you expect"], (await form.Post([])).Errors);
        Assert.Equal(Outcome.NotFound, (await app.Ask(await app.Given.Officer(await app.Given.Authority()), new AddCohort.Command(world.Programme, world.Institution.Grants[0].OrganisationId, "X", new(2026, 10, 5), new(2026, 10, 9), 24, 3))).Refusal);
    }

    [Fact]
    public async Task Checks_AreConfirmedOneByOneAndOfTheCohortsOwnStudents() {
        var world = await PlacementWorld.Make(app);
        var (one, students) = await world.Cohort(1, confirmed: false, name: "Year 1");
        var (other, others) = await world.Cohort(1, name: "Year 2");
        var checks = (await app.Send(world.Institution, new OpenCohort.Query(one))).Checks;
        async Task<int> Confirmed(Guid cohort) => (await app.Send(world.Institution, new OpenCohort.Query(cohort))).Students.Single().Confirmed;
        await app.Send(world.Institution, new ConfirmChecks.Command(one, [new(students[0].Id, checks[0].Id)], []));
        Assert.Equal((1, 2), (await Confirmed(one), await Confirmed(other)));
        // By way of one cohort nothing is said of another's students.
        await app.Send(world.Institution, new ConfirmChecks.Command(one, [], [new(others[0].Id, checks[0].Id)]));
        Assert.Equal(2, await Confirmed(other));
        await app.Send(world.Institution, new ConfirmChecks.Command(other, [new(students[0].Id, checks[1].Id)], []));
        Assert.Equal(1, await Confirmed(one));
        await app.Send(world.Institution, new ConfirmChecks.Command(one, [], [new(students[0].Id, checks[0].Id)]));
        Assert.Equal((0, 2), (await Confirmed(one), await Confirmed(other)));
        var stranger = await app.Given.Holder(Role.InstitutionOfficer, OrganisationKind.Institution, await app.Given.Organisation(OrganisationKind.Institution, $"Strange {world.Name}"));
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new ConfirmChecks.Command(one, [new(students[0].Id, checks[0].Id)], []))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new WithdrawStudent.Command(students[0].Id, "Not theirs"))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(stranger, new ImportStudents.Command(one, PlacementWorld.File("Amy Ash,amy.ash@uni.example.org,,,\n")))).Refusal);
    }

    [Fact]
    public async Task Answer_StaleOrOfAnotherProgramme_IsRefused_AndPastSlotsAreInNobodysWay() {
        var (world, other) = (await PlacementWorld.Make(app), await PlacementWorld.Make(app));
        var project = await app.Send(world.Host, new OpenProject.Query(world.Project));
        var themes = (await app.Send(world.Officer, new SeeSetUp.Query(world.Programme))).Themes;
        var theirs = (await app.Send(other.Officer, new SeeSetUp.Query(other.Programme))).Themes.First(t => !t.ByInduction);
        AnswerForProject.Command Answer(int version, ProjectState state) => new(world.Project, version, state, "No room", 4, true, [themes.Single(t => t.Name == "Health inequalities").Id, themes.Single(t => t.ByInduction).Id, theirs.Id], []);
        await app.Send(world.Host, Answer(project.Version, ProjectState.Accepted));
        Assert.Equal([themes.Single(t => t.Name == "Health inequalities").Id], (await app.Send(world.Host, new OpenProject.Query(world.Project))).Covers);
        Assert.IsType<Conflict>((await app.Ask(world.Host, Answer(project.Version, ProjectState.Refused))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(other.Host, Answer(project.Version + 1, ProjectState.Refused))).Refusal);
        var (_, students) = await world.Cohort(1);
        await world.Slot(students[0], new(2026, 9, 21));
        await app.Send(world.Host, Answer(project.Version + 1, ProjectState.Refused));
    }

    [Fact]
    public async Task Duty_IsTakenAwayInItsPartOfTheDay_UnlessStudentsComeThen() {
        var world = await PlacementWorld.Make(app);
        var (cohort, _) = await world.Cohort(1, from: new(2026, 11, 2), to: new(2026, 11, 6));
        var officer = await app.Browser(world.Officer);
        foreach (var handler in new[] { "Propose", "Publish" }) Assert.NotNull((await (await officer.Get(PlacementsLinks.Timetable(cohort))).Post([], $"main form[action$='handler={handler}']")).RedirectsTo);
        var taken = await app.Database(db => db.One<DateOnly>("SELECT MIN(OnDay) FROM placements_Slot WHERE CohortId = @cohort AND DayPart = 1", new { cohort }, default));
        SetDuty.Command Away(DateOnly day, int part) => new(world.Supervisor, day, day, [1, 2, 3, 4, 5], [part], false);
        Assert.Equal($"1 slot with students lies ahead on days on which Mina Midwife {world.Name} would not be there. The local authority has to plan it anew first.", Assert.IsType<Conflict>((await app.Ask(world.Host, Away(taken, 1))).Refusal).Sentence);
        Assert.Equal(1, await app.Send(world.Host, Away(new(2026, 11, 9), 1)));
        Assert.Equal([2], (await app.Send(world.Host, new OpenSupervisor.Query(world.Supervisor))).Duty.Single(d => d.Day == new DateOnly(2026, 11, 9)).Parts);
        Assert.Equal("DayParts", Assert.Single(Assert.IsType<Invalid>((await app.Ask(world.Host, Away(new(2026, 11, 9), 3))).Refusal).Errors).Field);
        // With the afternoons the programme loses what was said of them.
        await app.Send(world.Officer, new EditProgramme.Command(world.Programme, 2, world.Name, "Students practise.", 24, [1, 2, 3, 4, 5], [PlacementWorld.Parts[0]], "", "", "Linking to practice", "Induction", Register.Nmc, Register.None, null));
        Assert.Equal(0, await app.Count("placements_Duty", "SupervisorId = @Supervisor AND DayPart > 1", new { world.Supervisor }));
    }

    [Fact]
    public async Task Supervisor_OfTwoHosts_IsChangedByEachInItsOwnProjectsAndNotFromAnOldPage() {
        var world = await PlacementWorld.Make(app);
        var second = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, $"Library {world.Name}"));
        var theirs = await app.Send(world.Officer, new AddHost.Command(world.Programme, second.Grants[0].OrganisationId, $"Rhymes {world.Name}", 4, Agreed: true));
        ChangeSupervisor.Command Change(int version, params Guid[] projects) => new(world.Supervisor, version, Register.Nmc, "98I1234E", true, 4, projects, false);
        await app.Send(world.Officer, Change(2, world.Project, theirs));
        await app.Send(world.Host, Change(3, world.Project));
        Assert.Equal(2, (await app.Send(world.Officer, new OpenSupervisor.Query(world.Supervisor))).In.Count);
        Assert.IsType<Conflict>((await app.Ask(world.Host, Change(3, world.Project))).Refusal);
        Assert.Equal("ProjectIds", Assert.Single(Assert.IsType<Invalid>((await app.Ask(world.Host, Change(4, theirs))).Refusal).Errors).Field);
        Assert.Equal(Outcome.NotFound, (await app.Ask(second, Change(4, theirs))).Refusal);
        Assert.Empty((await app.Send(second, new ListSupervisors.Query(world.Programme))).Supervisors);
        Assert.Equal("ProjectIds", Assert.Single(Assert.IsType<Invalid>((await app.Ask(second, new AddSupervisor.Command(world.Programme, second.PersonId, Register.None, null, 4, [world.Project]))).Refusal).Errors).Field);
        // The same number on another register is another number.
        await app.Send(world.Host, new ChangeSupervisor.Command(world.Supervisor, 4, Register.Hcpc, "98I1234E", true, 4, [world.Project], false));
        Assert.Null((await app.Send(world.Host, new OpenSupervisor.Query(world.Supervisor))).CheckedOn);
    }

    [Fact]
    public async Task Alternative_Course_IsShownToStudentsWithoutDatesOnly() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2);
        var title = $"Virtual live learning {world.Name}";
        var (course, _) = await app.Session(world.Officer, title: title);
        var form = await (await app.Browser(world.Officer)).Get($"{PlacementsLinks.Alternative(world.Programme)}?find=Virtual");
        Assert.Equal(PlacementsLinks.Programme(world.Programme), (await form.Post([("CourseId", course.ToString())])).RedirectsTo);
        Assert.Equal(["Select a course"], (await form.Post([("CourseId", Guid.Empty.ToString())])).Errors);
        // Another authority's is none of theirs; what is chosen stays chosen when the page is saved again.
        var (foreign, _) = await app.Session(await app.Given.Officer(await app.Given.Authority("Leeds")), title: "Elsewhere");
        Assert.Equal(["Select a course"], (await form.Post([("CourseId", foreign.ToString())])).Errors);
        form = await (await app.Browser(world.Officer)).Get(PlacementsLinks.Alternative(world.Programme));
        Assert.NotNull((await form.Post([])).RedirectsTo);
        await world.Slot(students[0], new(2026, 11, 2));
        Assert.DoesNotContain(title, (await (await app.Browser(PlacementWorld.Student(students[0]))).Get(PlacementsLinks.MyPlacement)).Words, StringComparison.Ordinal);
        var without = await (await app.Browser(PlacementWorld.Student(students[1]))).Get(PlacementsLinks.MyPlacement);
        Assert.Equal(PlacementsLinks.Course(course), without.Document.QuerySelectorAll("main a").Single(a => a.TextContent == title).GetAttribute("href"));
    }

    [Fact]
    public async Task Alternative_Course_IsShownAgainWhenAllDatesAreCalledOff_AndIsTheOwnOfficersToChoose() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        var title = $"Instead of {world.Name}";
        var (course, _) = await app.Session(world.Officer, title: title);
        await app.Send(world.Officer, new SetAlternative.Command(world.Programme, course));
        var slot = await world.Slot(students[0], new(2026, 11, 2));
        await app.Send(world.Host, new ChangeSlot.Command(slot, 1, ChangeSlot.Change.Cancelled, "Closed"));
        Assert.Contains(title, (await (await app.Browser(PlacementWorld.Student(students[0]))).Get(PlacementsLinks.MyPlacement)).Words, StringComparison.Ordinal);
        var officer = await app.Given.Officer(await app.Given.Authority());
        Assert.Equal(Outcome.NotFound, (await app.Ask(officer, new SetAlternative.Command(world.Programme, null))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(officer, new EditProgramme.Command(world.Programme, 3, "Theirs", "Theirs.", 24, [1], PlacementWorld.Parts, "", "", "", "", Register.None, Register.None, null))).Refusal);
    }

    static async Task<WebPage> Upload(Browser browser, Guid cohort, string? text) {
        var form = (await browser.Get(PlacementsLinks.ImportStudents(cohort))).Document.QuerySelector("main form")!;
        using var body = new MultipartFormDataContent();
        foreach (var hidden in form.QuerySelectorAll("input[type=hidden]")) body.Add(new StringContent(hidden.GetAttribute("value") ?? ""), hidden.GetAttribute("name")!);
        if (text is not null) {
            var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
            body.Add(file, "StudentFile", "students.csv");
        }
        return await WebPage.Read(browser, await browser.Client.PostAsync(new Uri(PlacementsLinks.ImportStudents(cohort), UriKind.Relative), body));
    }
}
