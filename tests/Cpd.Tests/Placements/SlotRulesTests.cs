using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Hosts;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Placements;

/// <summary>What holds for slots whoever changes them and whenever: room, registers, roles that have ended, and two at once.</summary>
public sealed class SlotRulesTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 10, 5);

    [Fact]
    public async Task Supervisor_NoLongerActsForTheHost_SeesAndSignsNothingOfItsStudents() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        var slot = await world.Slot(students[0], Monday, kind: SlotKind.Induction);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(slot, 1, 180, "Seen by my supervisor only."));
        Assert.Contains("Seen by my supervisor only.", (await (await app.Browser(world.Host)).Get(PlacementsLinks.ToSign)).Words, StringComparison.Ordinal);

        // They go to another host, and act for that.
        await app.Database(db => db.Execute("UPDATE people_Grant SET EndedAt = @Now WHERE PersonId = @PersonId", new { world.Host.PersonId, app.Now }, default));
        var elsewhere = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, $"Next {world.Name}"), world.Host.PersonId);
        var browser = await app.Browser(elsewhere);
        Assert.DoesNotContain(students[0].Name, (await browser.Get(PlacementsLinks.ToSign)).Words, StringComparison.Ordinal);
        foreach (var page in new[] { PlacementsLinks.Slot(slot), PlacementsLinks.Reschedule(slot), PlacementsLinks.Feedback(students[0].Id) }) Assert.Equal((page, HttpStatusCode.NotFound), (page, (await browser.Get(page)).Status));
        using var key = await app.Api(elsewhere);
        Assert.Equal(0, (await key.GetFromJsonAsync<JsonElement>("/api/v1/placements/slots-to-sign")).GetProperty("waiting").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await key.PostAsJsonAsync("/api/v1/placements/slots/sign", new { items = new[] { new { slotId = slot, version = 2 } } })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await key.PutAsJsonAsync($"/api/v1/placements/slots/{slot}", new { version = 2, what = "Returned", reason = "Mine no more" })).StatusCode);
        Assert.Equal(1, await app.Count("placements_Slot", "Id = @slot AND Hours = 'Logged'", new { slot }));
    }

    [Fact]
    public async Task Reflection_IsToldToTheStudentAndThePlannersNotToTheInstitution() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        var slot = await world.Slot(students[0], Monday, kind: SlotKind.Induction);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(slot, 1, 180, "Between me and my supervisor."));
        foreach (var (who, reads) in new[] { (world.Institution, false), (world.Officer, true), (PlacementWorld.Student(students[0]), true) }) {
            using var key = await app.Api(who);
            Assert.Equal((who.Name, reads), (who.Name, (await key.GetStringAsync(new Uri($"/api/v1/placements/students/{students[0].Id}", UriKind.Relative))).Contains("Between me and my supervisor.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task AddSlot_ByHand_KeepsToTheRulesOfATimetable() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(3);
        var other = await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, $"Doulas {world.Name}", 4, Agreed: true));
        var second = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId, await app.Given.Person($"Una Unchecked {world.Name}"));
        var unchecked_ = await app.Send(world.Host, new AddSupervisor.Command(world.Programme, second.PersonId, Register.Nmc, "99I1234E", 4, [world.Project]));
        var page = await (await app.Browser(world.Officer)).Get(PlacementsLinks.AddSlot(students[0].Id));
        async Task<string> Add(string kind, Guid? project, Guid supervisor) => string.Join(' ', (await page.Post([("Kind", kind), ("Title", ""), ("ProjectId", $"{project}"), ("SupervisorId", $"{supervisor}"),
            ("Day.Day", "12"), ("Day.Month", "10"), ("Day.Year", "2026"), ("Starts", "9am"), ("Ends", "midday")])).Errors);
        Assert.Equal($"Mina Midwife {world.Name} does not supervise in this project", await Add("Project", other, world.Supervisor));
        Assert.Equal("Select a project that takes part and gives the induction", await Add("Induction", other, world.Supervisor));
        Assert.Equal($"Una Unchecked {world.Name} is not, checked, on the register that the induction asks for", await Add("Induction", world.Project, unchecked_));
        Assert.Equal("Select who supervises and signs the hours", await Add("Project", world.Project, (await PlacementWorld.Make(app)).Supervisor));

        // On Monday mornings the project takes one student.
        var project = await app.Send(world.Host, new OpenProject.Query(world.Project));
        await app.Send(world.Host, new AnswerForProject.Command(world.Project, project.Version, ProjectState.Accepted, null, 4, true, project.Covers, [new() { Weekday = 1, DayPart = 1, Capacity = 1 }]));
        Assert.Equal("", await Add("Induction", world.Project, world.Supervisor));
        page = await (await app.Browser(world.Officer)).Get(PlacementsLinks.AddSlot(students[1].Id));
        Assert.Equal("There is no room then: the project has as many students as it takes at once.", await Add("Induction", world.Project, world.Supervisor));
    }

    [Fact]
    public async Task AddSlot_EveryWeek_AddsAllOrNoneAndTellsOnce() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2, to: new(2026, 12, 18));
        await app.Database(db => db.Execute("UPDATE placements_Supervisor SET Capacity = 1 WHERE Id = @Supervisor", new { world.Supervisor }, default));
        await world.Slot(students[1], new(2026, 11, 16));
        var browser = await app.Browser(world.Officer);
        var page = await browser.Get(PlacementsLinks.AddSlot(students[0].Id));
        Task<WebPage> Add(string day, string until) => page.Post([("Kind", "Shadowing"), ("Title", "Shadowing a health visitor"), ("SupervisorId", $"{world.Supervisor}"), ("Day.Day", day), ("Day.Month", "11"), ("Day.Year", "2026"), ("Starts", "9am"), ("Ends", "midday"),
            ("Until.Day", until.Split('/')[0]), ("Until.Month", until.Split('/')[1]), ("Until.Year", "2026")]);
        Assert.Equal(["It must be repeated until a day after the first"], (await Add("9", "2/11")).Errors);
        Assert.Equal(["The student is there until 18 December 2026"], (await Add("9", "21/12")).Errors);
        Assert.Equal([$"There is no room on 16 November 2026: Mina Midwife {world.Name} looks after 1 student already."], (await Add("9", "30/11")).Errors);
        Assert.Equal(0, await app.Count("placements_Slot", "StudentId = @Id", new { students[0].Id }));
        async Task<int> Mails() => (await app.DrainMail()).Count(m => m.Contains($"To: {students[0].Email}", StringComparison.OrdinalIgnoreCase));
        var before = await Mails();
        Assert.Equal(PlacementsLinks.Student(students[0].Id), (await Add("10", "1/12")).RedirectsTo);
        Assert.Equal(4, await app.Count("placements_Slot", "StudentId = @Id AND State = 'Published'", new { students[0].Id }));
        Assert.Equal(before + 1, await Mails());
    }

    [Fact]
    public async Task AddSlot_StudentWhomPeopleDoesNotKnowYet_IsStillInOnePlaceAtATime() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        // Between the import and the answer of People nobody can be asked when they are bound.
        await app.Database(db => db.Execute("UPDATE placements_Student SET PersonId = NULL WHERE Id = @Id", new { students[0].Id }, default));
        await world.Slot(students[0], Monday.AddDays(7));
        Assert.Equal($"There is no room then: {students[0].Name} is somewhere else.",
            Assert.IsType<Conflict>((await app.Ask(world.Officer, new AddSlot.Command(students[0].Id, SlotKind.Meeting, "Team meeting", null, world.Supervisor, Monday.AddDays(7), new(10, 0), new(11, 0)))).Refusal).Sentence);
        Assert.Equal(1, await app.Count("placements_Slot", "StudentId = @Id", new { students[0].Id }));
    }

    [Fact]
    public async Task AddSlot_TwoAtOnceForTheLastPlaceOfProjectOrSupervisor_OneIsAdded() {
        foreach (var full in new[] { "project", "supervisor" }) {
            var world = await PlacementWorld.Make(app);
            var (_, students) = await world.Cohort(6);
            if (full == "supervisor") await app.Database(db => db.Execute("UPDATE placements_Supervisor SET Capacity = 1 WHERE Id = @Supervisor", new { world.Supervisor }, default));
            else await app.Database(db => db.Execute("UPDATE placements_ProgrammeHost SET Capacity = 1 WHERE Id = @Project", new { world.Project }, default));
            var outcomes = await Task.WhenAll(students.Select(s => app.Ask(world.Officer, new AddSlot.Command(s.Id, SlotKind.Project, null, world.Project, world.Supervisor, Monday.AddDays(7), PlacementWorld.Parts[0].Starts, PlacementWorld.Parts[0].Ends))));
            Assert.Equal((full, 1), (full, outcomes.Count(o => o.Refusal is null)));
            var sentence = full == "project" ? "There is no room then: the project has as many students as it takes at once." : $"There is no room then: Mina Midwife {world.Name} looks after 1 student already.";
            Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.Equal(sentence, Assert.IsType<Conflict>(o.Refusal).Sentence));
            Assert.Equal(1, await app.Count("placements_Slot", "ProgrammeId = @Programme", new { world.Programme }));
        }
    }

    [Fact]
    public async Task Reschedule_SameSlotTwiceAtOnce_IsMadeGoodOnce() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(11));
        var slot = await Missed(world, students[0].Id, Monday.AddDays(1));
        var options = (await app.Send(world.Host, new FindFree.Query(slot))).Options;
        async Task<int> Mails() => (await app.DrainMail()).Count(m => m.Contains($"To: {students[0].Email}", StringComparison.OrdinalIgnoreCase));
        var before = await Mails();
        var outcomes = await Task.WhenAll(options.Take(5).Select(o => app.Ask(world.Host, new RescheduleSlot.Command(slot, o.Value))));
        Assert.Equal(1, outcomes.Count(o => o.Refusal is null));
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.IsType<Conflict>(o.Refusal));
        Assert.Equal(1, await app.Count("placements_Slot", "RescheduledFrom = @slot", new { slot }));
        Assert.Equal(before + 1, await Mails());
        // It was missed, and is made good: it can't count twice.
        var missed = (await app.Send(world.Host, new OpenSlot.Query(slot))).Slot;
        Assert.Equal("Another time has been planned for this slot. Call that off first.", Assert.IsType<Conflict>((await app.Ask(world.Host, new ChangeSlot.Command(slot, missed.Version, ChangeSlot.Change.Attended, null))).Refusal).Sentence);
    }

    [Fact]
    public async Task Reschedule_ByProgram_ChoosesOneOfTheFreeTimes() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(11));
        var address = $"/api/v1/placements/slots/{await Missed(world, students[0].Id, Monday.AddDays(1))}/again";
        using var key = await app.Api(world.Host);
        using var other = await app.Api((await PlacementWorld.Make(app)).Host);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(new Uri(address, UriKind.Relative))).StatusCode);
        var choice = (await key.GetFromJsonAsync<JsonElement>(address))[0].GetProperty("value").GetString();
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsJsonAsync(address, new { choice })).StatusCode);
        Assert.Contains("Select another time", await (await key.PostAsJsonAsync(address, new { })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var made = await key.PostAsJsonAsync(address, new { choice });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(1, await app.Count("placements_Slot", "Id = @id AND State = 'Published'", new { id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid() }));
        Assert.Equal(HttpStatusCode.Conflict, (await key.PostAsJsonAsync(address, new { choice })).StatusCode);
    }

    [Fact]
    public async Task Reschedule_TwoStudentsAtOnceIntoTheLastPlace_OneGetsIt() {
        var world = await PlacementWorld.Make(app, capacity: 1);
        var (_, students) = await world.Cohort(2, from: Monday, to: Monday.AddDays(11));
        Guid[] missed = [await Missed(world, students[0].Id, Monday.AddDays(1)), await Missed(world, students[1].Id, Monday.AddDays(2))];
        var options = new List<IReadOnlyList<FindFree.Option>>();
        foreach (var slot in missed) options.Add((await app.Send(world.Host, new FindFree.Query(slot))).Options);
        var both = options[0].Select(o => o.Value).Intersect(options[1].Select(o => o.Value)).First();
        var outcomes = await Task.WhenAll(missed.Select(m => app.Ask(world.Host, new RescheduleSlot.Command(m, both))));
        Assert.Equal(1, outcomes.Count(o => o.Refusal is null));
        Assert.Equal("That time is not free any more. Select another.", Assert.IsType<Conflict>(outcomes.Single(o => o.Refusal is not null).Refusal).Sentence);
        Assert.Equal(1, await app.Count("placements_Slot", "ProgrammeId = @Programme AND RescheduledFrom IS NOT NULL", new { world.Programme }));
    }

    [Fact]
    public async Task Reschedule_SupervisorHasNoPlaceLeft_OffersOtherTimesOnly() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(3, from: Monday, to: Monday.AddDays(11));
        var slot = await Missed(world, students[0].Id, Monday.AddDays(1));
        // The project has room for four; the only supervisor there looks after two at once, and has them on Monday morning.
        await app.Database(db => db.Execute("UPDATE placements_Supervisor SET Capacity = 2 WHERE Id = @Supervisor", new { world.Supervisor }, default));
        await world.Slot(students[1], Monday.AddDays(7));
        var morning = (Monday.AddDays(7), 1);
        Assert.Contains(morning, (await app.Send(world.Host, new FindFree.Query(slot))).Options.Select(o => (o.Day, o.DayPart)));
        await world.Slot(students[2], Monday.AddDays(7));
        var options = (await app.Send(world.Host, new FindFree.Query(slot))).Options.Select(o => (o.Day, o.DayPart)).ToList();
        Assert.DoesNotContain(morning, options);
        Assert.Contains((Monday.AddDays(7), 2), options);
    }

    [Fact]
    public async Task Reschedule_StudentIsBoundInAnotherProgramme_IsNotOffered() {
        var (world, other) = (await PlacementWorld.Make(app), await PlacementWorld.Make(app));
        var (_, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(11));
        var slot = await Missed(world, students[0].Id, Monday.AddDays(1));
        var (_, same) = await other.Cohort(1, rows: $"{students[0].Name},{students[0].Email},,,\n");
        Assert.Equal(students[0].PersonId, same[0].PersonId);
        var before = (await app.Send(world.Host, new FindFree.Query(slot))).Options;
        await other.Slot(same[0], before[0].Day, before[0].DayPart - 1);
        Assert.DoesNotContain(before[0], (await app.Send(world.Host, new FindFree.Query(slot))).Options);
    }

    [Fact]
    public async Task Supervisor_OrProjectWithStudentsAhead_CannotBeTakenAwayNorMadeSmaller() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        foreach (var student in students) await world.Slot(student, Monday.AddDays(14));
        var host = await app.Browser(world.Host);
        Task<WebPage> Change(params (string, string?)[] fields) => host.Get(PlacementsLinks.Supervisor(world.Supervisor)).ContinueWith(p => p.Result.Post(fields), TaskScheduler.Default).Unwrap();
        Assert.Equal([$"2 slots with students lie ahead with Mina Midwife {world.Name}. The local authority has to plan them anew first."], (await Change(("Ended", "true"))).Errors);
        Assert.Equal(["2 slots with students lie ahead with more students at once than that. The local authority has to plan them anew first."], (await Change(("Capacity", "1"))).Errors);
        Assert.Equal(["2 slots with students lie ahead with more students at once than that. The local authority has to plan them anew first."],
            (await (await host.Get(PlacementsLinks.Project(world.Project))).Post([("Capacity", "1")])).Errors);
        Assert.Equal(1, await app.Count("placements_Supervisor", "Id = @Supervisor AND EndedAt IS NULL AND Capacity = 4", new { world.Supervisor }));
        Assert.NotNull((await Change(("Capacity", "2"))).RedirectsTo);
        Assert.NotNull((await (await host.Get(PlacementsLinks.Project(world.Project))).Post([("Capacity", "2")])).RedirectsTo);
    }

    [Fact]
    public async Task Withdrawn_Student_StillLogsWhatWasWorked() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        var slot = await world.Slot(students[0], Monday, kind: SlotKind.Induction);
        await app.Send(world.Institution, new Cpd.Placements.Cohorts.WithdrawStudent.Command(students[0].Id, "Changed course"));
        var browser = await app.Browser(PlacementWorld.Student(students[0]));
        Assert.Equal(PlacementsLinks.MyPlacement, (await (await browser.Get(PlacementsLinks.LogHours(slot))).Post([("Minutes", "180"), ("Reflection", "My one day.")])).RedirectsTo);
    }

    [Fact]
    public async Task ToSign_WhoComesIsInOrderAndWhoCameIsPaged() {
        var world = await PlacementWorld.Make(app, hours: 300);
        var (_, students) = await world.Cohort(1, hours: 300);
        app.Clock.Set(new(2026, 11, 3, 8, 0, 0, TimeSpan.Zero));
        await world.Slot(students[0], new(2026, 11, 4));
        await world.Slot(students[0], new(2026, 11, 3));
        for (var day = 0; day < 21; day++) await world.Slot(students[0], Monday.AddDays(day / 5 * 7 + day % 5));
        var browser = await app.Browser(world.Host);
        var page = await browser.Get(PlacementsLinks.ToSign);
        string[] Days(WebPage p) => [.. p.Document.QuerySelectorAll("main li.app-results__item a").Select(a => a.TextContent.Split(", ")[1])];
        Assert.Equal(["Tuesday 3 November 2026", "Wednesday 4 November 2026", "Monday 2 November 2026"], Days(page)[..3]);
        Assert.Contains("Not logged yet", page.Words, StringComparison.Ordinal);
        Assert.Equal("Monday 5 October 2026", Days(await browser.Get(PlacementsLinks.ToSign + "?page=2"))[^1]);
    }

    [Fact]
    public async Task Officer_ComesFromTheStudentAndGoesBackThere() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], Monday);
        var slot = await app.Database(db => db.One<Guid>("SELECT Id FROM placements_Slot WHERE StudentId = @Id", new { students[0].Id }, default));
        var page = await (await app.Browser(world.Officer)).Get(PlacementsLinks.Slot(slot));
        Assert.Equal(PlacementsLinks.Student(students[0].Id), page.Document.QuerySelector(".govuk-back-link")!.GetAttribute("href"));
        Assert.DoesNotContain("Feedback on", page.Words, StringComparison.Ordinal);
        Assert.Equal(PlacementsLinks.Student(students[0].Id), (await page.Post([("What", "Returned"), ("Reason", "The wrong day")])).RedirectsTo);
    }

    /// <summary>A slot of the day that the student did not come to.</summary>
    async Task<Guid> Missed(PlacementWorld world, Guid student, DateOnly day) {
        app.Clock.Set(new(2026, 10, 9, 17, 0, 0, TimeSpan.Zero));
        var slot = await app.Send(world.Officer, new AddSlot.Command(student, SlotKind.Project, null, world.Project, world.Supervisor, day, PlacementWorld.Parts[0].Starts, PlacementWorld.Parts[0].Ends));
        await app.Send(world.Host, new ChangeSlot.Command(slot, 1, ChangeSlot.Change.Missed, "Ill"));
        return slot;
    }
}
