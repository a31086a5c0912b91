using System.Net;
using System.Text.Json;
using Cpd.People.Calendar;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Hours;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Placements;

/// <summary>A timetable through the door: proposed, refused with reasons, changed by hand, published, and told to those whom it concerns.</summary>
public sealed class TimetableTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 11, 2);

    [Fact]
    public async Task Timetable_WhoMayNot_IsToldSo() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 1);
        foreach (var address in new[] { PlacementsLinks.Timetable(cohort), PlacementsLinks.PrintTimetable(cohort), PlacementsLinks.EditTimetable(cohort, students[0].Id) }) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority("Bradford"))))).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Leeds")))).Get(address)).Status);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(world.Officer)).Get(PlacementsLinks.EditTimetable(cohort, Guid.Empty))).Status);
        var other = await PlacementWorld.Make(app);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(other.Institution)).Get(PlacementsLinks.Timetable(cohort))).Status);
        // Whoever sends the students looks, and does not plan.
        var institution = await app.Browser(world.Institution);
        var page = await institution.Get(PlacementsLinks.Timetable(cohort));
        Assert.Contains("No timetable yet", page.Words, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("main form[method=post]"));
        Assert.Equal(HttpStatusCode.Forbidden, (await institution.Get(PlacementsLinks.EditTimetable(cohort, students[0].Id))).Status);
        foreach (Outcome<Done> outcome in new[] { await app.Ask(world.Institution, new PublishTimetable.Command(cohort, 1)), await app.Ask(world.Institution, new DiscardDraft.Command(cohort, 1)), await app.Ask(world.Institution, new KeepTimetable.Command(cohort, 0, [])) })
            Assert.IsType<NotFound>(outcome.Refusal);
    }

    [Fact]
    public async Task Post_Propose_KeepsADraftThatOnlyPlannersSeeUntilItIsPublished() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 2);
        await app.DrainMail();
        var officer = await app.Browser(world.Officer);
        var institution = await app.Browser(world.Institution);
        var page = await officer.Get(PlacementsLinks.Timetable(cohort));
        Assert.Contains("No timetable yet", page.Words, StringComparison.Ordinal);
        Assert.Equal(PlacementsLinks.Timetable(cohort), (await Press(page, "Propose")).RedirectsTo);

        page = await officer.Get(PlacementsLinks.Timetable(cohort));
        Assert.Contains("This is a draft", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("What is not right yet", page.Words, StringComparison.Ordinal);
        Assert.Contains($"{students[0].Name} 2 November 2026", page.Words, StringComparison.Ordinal);
        Assert.Contains("No timetable yet", (await institution.Get(PlacementsLinks.Timetable(cohort))).Words, StringComparison.Ordinal);
        Assert.Equal(16, (await Json(await app.Api(world.Officer), cohort)).GetProperty("slots").GetArrayLength());
        Assert.Equal(0, (await Json(await app.Api(world.Institution), cohort)).GetProperty("slots").GetArrayLength());

        Assert.Equal(PlacementsLinks.Timetable(cohort), (await Press(page, "Publish")).RedirectsTo);
        Assert.Contains("Published on 5 October 2026", (await officer.Get(PlacementsLinks.Timetable(cohort))).Words, StringComparison.Ordinal);
        Assert.Contains(students[1].Name, (await institution.Get(PlacementsLinks.Timetable(cohort) + "?by=week")).Words, StringComparison.Ordinal);
        Assert.Contains($"{students[1].Name} (induction), with Mina Midwife", (await institution.Get(PlacementsLinks.Timetable(cohort) + "?by=project")).Words, StringComparison.Ordinal);
        Assert.Contains("Week of 2 November 2026", (await institution.Get(PlacementsLinks.PrintTimetable(cohort))).Words, StringComparison.Ordinal);
        var slots = (await Json(await app.Api(world.Institution), cohort)).GetProperty("slots").EnumerateArray().ToList();
        Assert.All(slots.GroupBy(s => s.GetProperty("studentId").GetGuid()), own => {
            Assert.Equal(24 * 60, own.Sum(s => s.GetProperty("minutes").GetInt32()));
            Assert.Equal("Induction", own.MinBy(s => s.GetProperty("startsAt").GetDateTime()).GetProperty("kind").GetString());
        });
        // Both students and the one supervisor are told, once each.
        var mails = (await app.DrainMail()).Where(m => m.Contains("placement timetable", StringComparison.OrdinalIgnoreCase) && (m.Contains(world.Name, StringComparison.Ordinal) || m.Contains(world.Name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), StringComparison.Ordinal))).ToList();
        Assert.Equal(3, mails.Count);
    }

    [Fact]
    public async Task Bradford_SixtyFourMidwiferyStudents_HaveTheir1536Hours() {
        var world = await PlacementWorld.Make(app, capacity: 2);
        string[] names = ["Better Place", "Little Minds Matter", "Perinatal support", "Breastfeeding support", "Doulas", "Family Links", "Healthy pregnancy", "Talking together", "Welcome to the world"];
        List<Guid> projects = [world.Project];
        var themes = (await app.Send(world.Officer, new SeeSetUp.Query(world.Programme))).Themes.Where(t => !t.ByInduction).Select(t => t.Id).ToList();
        Assert.Equal(2, themes.Count);
        foreach (var (name, i) in names.Select((n, i) => (n, i))) {
            var id = await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, name, 2, Agreed: true));
            await app.Send(world.Host, new AnswerForProject.Command(id, 1, ProjectState.Accepted, null, 2, GivesInduction: i < 2, [themes[i % 2]], []));
            projects.Add(id);
        }
        await app.Send(world.Officer, new ChangeSupervisor.Command(world.Supervisor, 2, Register.Nmc, "98I1234E", true, 2, projects, false));
        for (var i = 0; i < 2; i++) {
            var registrant = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId);
            var id = await app.Send(world.Host, new AddSupervisor.Command(world.Programme, registrant.PersonId, Register.Nmc, $"9{i}I1234E", 2, projects));
            await app.Send(world.Host, new SetDuty.Command(id, new(2026, 9, 1), new(2027, 8, 31), [1, 2, 3, 4, 5], [1, 2], true));
            await app.Send(world.Officer, new ChangeSupervisor.Command(id, 1, Register.Nmc, $"9{i}I1234E", true, 2, projects, false));
        }
        // Two a week, but not at Christmas; the last two in mid-August.
        var weeks = Enumerable.Range(0, 40).Select(w => new DateOnly(2026, 10, 12).AddDays(7 * w)).Where(w => w < new DateOnly(2026, 12, 14) || w > new DateOnly(2027, 1, 3)).Take(31).Append(new DateOnly(2027, 8, 16)).ToList();
        var (cohort, students) = await world.Cohort(64, name: "Midwifery", rows: string.Concat(Enumerable.Range(0, 64).Select(i => $"Midwife {i + 1:00},midwife{i + 1:00}@university.example.org,,{weeks[i / 2]:yyyy-MM-dd},{weeks[i / 2].AddDays(4):yyyy-MM-dd}\n")));
        var officer = await app.Browser(world.Officer);
        Assert.NotNull((await Press(await officer.Get(PlacementsLinks.Timetable(cohort)), "Propose")).RedirectsTo);
        Assert.Empty(Violations(await app.Send(world.Officer, new SeePlan.Query(cohort))));
        Assert.NotNull((await Press(await officer.Get(PlacementsLinks.Timetable(cohort)), "Publish")).RedirectsTo);

        var slots = (await Json(await app.Api(world.Officer), cohort)).GetProperty("slots").EnumerateArray().ToList();
        Assert.Equal(1536 * 60, slots.Sum(s => s.GetProperty("minutes").GetInt32()));
        Assert.Equal(students.Select(s => s.Id).Order(), slots.Select(s => s.GetProperty("studentId").GetGuid()).Distinct().Order());
        Assert.Equal(2, slots.Where(s => s.GetProperty("onDay").GetString()!.StartsWith("2027-08", StringComparison.Ordinal)).Select(s => s.GetProperty("studentId").GetGuid()).Distinct().Count());
        // By the rows themselves: nobody twice at a time, no project and no registrant above two.
        Assert.All((string[])["StudentId", "ProjectId", "SupervisorId"], of => Assert.InRange(app.Database(db => db.One<int>(
            of == "StudentId" ? "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM placements_Slot WHERE CohortId = @cohort GROUP BY StudentId, StartsAt) x"
            : of == "ProjectId" ? "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM placements_Slot WHERE CohortId = @cohort GROUP BY ProjectId, StartsAt) x"
            : "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM placements_Slot WHERE CohortId = @cohort GROUP BY SupervisorId, StartsAt) x", new { cohort }, default)).Result, 1, of == "StudentId" ? 1 : 2));
    }

    [Fact]
    public async Task Post_ProposeWhatCannotBe_SaysWhyAndWhatWouldHelp() {
        var world = await PlacementWorld.Make(app, capacity: 1);
        var (cohort, _) = await Week(world, 2);
        var officer = await app.Browser(world.Officer);
        var page = await Press(await officer.Get(PlacementsLinks.Timetable(cohort)), "Propose");
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Equal("There is no timetable that keeps to every rule. Below is why, and the least that would help.", page.Errors.Single());
        Assert.Contains("These can't all hold", page.Words, StringComparison.Ordinal);
        Assert.Contains($"Student 01 of {world.Name} needs 24 hours from 2 November 2026 to 6 November 2026; 30 hours can be worked then.", page.Words, StringComparison.Ordinal);
        Assert.Contains("The least change that makes it possible", page.Words, StringComparison.Ordinal);
        Assert.Matches("a week (later|longer) for 1 student: Student 0[12] of", page.Words);
        Assert.Equal(0, await app.Count("placements_Timetable", "CohortId = @cohort", new { cohort }));
    }

    [Fact]
    public async Task Post_EditedByHand_IsCheckedBesideTheSlotBeforeItIsSaved() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 1);
        var officer = await app.Browser(world.Officer);
        await Press(await officer.Get(PlacementsLinks.Timetable(cohort)), "Propose");
        var page = await officer.Get(PlacementsLinks.EditTimetable(cohort, students[0].Id));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Empty(page.Errors);
        var taken = page.Document.QuerySelectorAll("select[name$='.Place']").OfType<AngleSharp.Html.Dom.IHtmlSelectElement>().Where(s => !string.IsNullOrEmpty(s.Value)).Select(s => s.Name!).ToList();
        Assert.Equal(8, taken.Count);

        // Without the first slot there is no induction, and three hours are short. Nothing is saved, and nothing typed is lost.
        var refused = await page.Post([(taken[0], ""), (taken[1].Replace("Place", "Pinned", StringComparison.Ordinal), "true")]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains($"The first slot of {students[0].Name} must be the induction.", refused.Errors);
        Assert.Contains($"{students[0].Name} has 21 hours, not 24 hours.", refused.Errors);
        Assert.Equal("", refused.Document.QuerySelectorAll("select").OfType<AngleSharp.Html.Dom.IHtmlSelectElement>().Single(s => s.Name == taken[0]).Value);
        Assert.True(refused.Document.QuerySelectorAll("input").OfType<AngleSharp.Html.Dom.IHtmlInputElement>().Single(s => s.Name == taken[1].Replace("Place", "Pinned", StringComparison.Ordinal) && s.Type == "checkbox").IsChecked);
        Assert.Equal(8, (await app.Send(world.Officer, new SeePlan.Query(cohort))).Slots.Count);
        // Beside the slot, not only on top.
        Assert.Contains("must be the induction", refused.Document.QuerySelector(".govuk-form-group--error")!.TextContent, StringComparison.Ordinal);

        // A place needs somebody who supervises it.
        var alone = await page.Post([(taken[0].Replace("Place", "SupervisorId", StringComparison.Ordinal), "")]);
        Assert.Equal("Select who supervises", alone.Errors.Single());

        // Saved all the same, it can't be published.
        Assert.Equal(PlacementsLinks.Timetable(cohort), (await refused.Post([("Anyway", "true")])).RedirectsTo);
        page = await officer.Get(PlacementsLinks.Timetable(cohort));
        Assert.Contains("What is not right yet", page.Words, StringComparison.Ordinal);
        var unpublished = await Press(page, "Publish");
        Assert.Equal(HttpStatusCode.Conflict, unpublished.Status);
        Assert.StartsWith("It can't be published yet.", unpublished.Errors.Single(), StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("placements_Slot", "CohortId = @cohort AND State = 'Published'", new { cohort }));

        // Thrown away, it can be begun again.
        Assert.NotNull((await Press(page, "Discard")).RedirectsTo);
        Assert.Equal(0, await app.Count("placements_Slot", "CohortId = @cohort", new { cohort }));
    }

    [Fact]
    public async Task Post_ProposeAgain_LeavesPinnedAndWorkedSlotsWhereTheyAre() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 2);
        await Propose(world, cohort);
        var plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
        var last = plan.Slots.Where(s => s.StudentId == students[0].Id).MaxBy(s => s.When)!;
        // From where it was proposed to a part of a day in which the student was off.
        var free = plan.Problem.Parts.Select(p => p.When).Where(w => w.Day <= Monday.AddDays(4)).Last(w => plan.Slots.All(s => s.StudentId != students[0].Id || s.When != w));
        await app.Send(world.Officer, new KeepTimetable.Command(cohort, plan.Version, [.. plan.Ahead.Where(p => p.Slot != last), new(last with { When = free }, Pinned: true)]));
        await Propose(world, cohort);
        plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
        Assert.Contains(last with { When = free }, plan.Pinned);
        Assert.Empty(Violations(plan));

        await app.Send(world.Officer, new PublishTimetable.Command(cohort, plan.Version));
        var induction = await app.Database(db => db.One<Guid>("SELECT Id FROM placements_Slot WHERE StudentId = @Id AND Kind = 'Induction'", new { students[0].Id }, default));
        app.Clock.Set(new(2026, 11, 2, 17, 0, 0, TimeSpan.Zero));
        try {
            await Worked();
        } finally {
            app.Clock.Set(CpdApp.Start);
        }

        async Task Worked() {
            await app.Send(world.Host, new ChangeSlot.Command(induction, 2, ChangeSlot.Change.Attended, null));
            await Propose(world, cohort);
            plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
            Assert.Empty(Violations(plan));
            Assert.Contains(plan.Problem.Stands, s => s.Worked && s.Slot.Induction && s.Slot.StudentId == students[0].Id);
            Assert.Contains(last with { When = free }, plan.Pinned);
            // Nothing has changed for anybody, so nobody is told anything.
            await app.DrainMail();
            var before = (await app.DrainMail()).Count;
            await app.Send(world.Officer, new PublishTimetable.Command(cohort, plan.Version));
            Assert.Equal(before, (await app.DrainMail()).Count);
            Assert.Equal("Attended", await app.Database(db => db.One<string>("SELECT State FROM placements_Slot WHERE Id = @induction", new { induction }, default)));
        }
    }

    [Fact]
    public async Task Publish_Again_TellsOnlyThoseWhoseSlotsHaveChanged() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 2);
        await Propose(world, cohort);
        await app.Send(world.Officer, new PublishTimetable.Command(cohort, 1));
        var ids = await Ids(students[1].Id);
        var before = await app.DrainMail();
        var officer = await app.Browser(world.Officer);
        Assert.NotNull((await Press(await officer.Get(PlacementsLinks.Timetable(cohort)), "Change")).RedirectsTo);
        var plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
        var last = plan.Slots.Where(s => s.StudentId == students[0].Id).MaxBy(s => s.When)!;
        var free = plan.Problem.Parts.Select(p => p.When).First(w => w.Day <= Monday.AddDays(4) && w.CompareTo(plan.Slots.Min(s => s.When)) > 0 && plan.Slots.All(s => s.StudentId != students[0].Id || s.When != w));
        await app.Send(world.Officer, new KeepTimetable.Command(cohort, plan.Version, [.. plan.Ahead.Where(p => p.Slot != last), new(last with { When = free }, false)]));
        Assert.NotNull((await Press(await officer.Get(PlacementsLinks.Timetable(cohort)), "Publish")).RedirectsTo);

        var told = (await app.DrainMail()).Except(before).ToList();
        // The student and the supervisor; not the other student.
        Assert.Equal(2, told.Count);
        Assert.DoesNotContain(told, m => m.Contains(students[1].Name, StringComparison.Ordinal) || m.Contains(students[1].Email, StringComparison.Ordinal));
        Assert.Equal(ids, await Ids(students[1].Id));
        Assert.Equal(8, await app.Count("placements_Slot", "StudentId = @Id AND State = 'Published'", new { students[0].Id }));
        Assert.Equal(1, await app.Count("placements_Slot", "StudentId = @Id AND State = 'Cancelled'", new { students[0].Id }));
        Assert.Equal(0, await app.Count("placements_Slot", "CohortId = @cohort AND State = 'Draft'", new { cohort }));
        Assert.Equal(1, await app.Count("placements_Timetable", "CohortId = @cohort AND State = 'Published'", new { cohort }));

        Task<string> Ids(Guid student) => app.Database(async db => string.Join(' ', await db.List<Guid>("SELECT Id FROM placements_Slot WHERE StudentId = @student AND State = 'Published' ORDER BY StartsAt", new { student }, default)));
    }

    [Fact]
    public async Task Post_TwoOfficersAtOnce_TheSecondIsToldAndWritesNothing() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 1);
        await Propose(world, cohort);
        var (first, second) = (await app.Browser(world.Officer), await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford"))));
        var (one, other) = (await first.Get(PlacementsLinks.EditTimetable(cohort, students[0].Id)), await second.Get(PlacementsLinks.EditTimetable(cohort, students[0].Id)));
        var published = await second.Get(PlacementsLinks.Timetable(cohort));
        var taken = one.Document.QuerySelectorAll("select[name$='.Place']").OfType<AngleSharp.Html.Dom.IHtmlSelectElement>().First(s => !string.IsNullOrEmpty(s.Value)).Name!.Replace("Place", "Pinned", StringComparison.Ordinal);
        Assert.NotNull((await one.Post([(taken, "true")])).RedirectsTo);
        var late = await other.Post([]);
        Assert.Equal((HttpStatusCode.Conflict, KeepTimetable.Changed), (late.Status, late.Errors.Single()));
        Assert.Equal((HttpStatusCode.Conflict, KeepTimetable.Changed), ((await Press(published, "Publish")).Status, (await Press(published, "Discard")).Errors.Single()));
        Assert.Equal(1, await app.Count("placements_Slot", "CohortId = @cohort AND Pinned = 1", new { cohort }));
        // Two who both begin where there is no draft yet.
        var (none, _) = await Week(world, 1, "Year 3");
        var plan = await app.Send(world.Officer, new SeePlan.Query(none));
        await app.Send(world.Officer, new KeepTimetable.Command(none, plan.Version, []));
        Assert.IsType<Conflict>((await app.Ask(world.Officer, new KeepTimetable.Command(none, plan.Version, []))).Refusal);
    }

    [Fact]
    public async Task Publish_RoomThatAnotherCohortHasTakenMeanwhile_IsRefused() {
        var world = await PlacementWorld.Make(app, capacity: 1);
        var (one, _) = await Week(world, 1, "Year 1");
        var (other, _) = await Week(world, 1, "Year 2");
        await Propose(world, one);
        await Propose(world, other);
        await app.Send(world.Officer, new PublishTimetable.Command(one, 1));
        var refused = (await app.Ask(world.Officer, new PublishTimetable.Command(other, 1))).Refusal;
        Assert.Contains("takes nobody then", Assert.IsType<Conflict>(refused).Sentence, StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("placements_Slot", "CohortId = @other AND State = 'Published'", new { other }));
        Assert.Equal(8, await app.Count("placements_Slot", "CohortId = @other AND State = 'Draft'", new { other }));
        // What is bound elsewhere, or another's project, can't be smuggled in either.
        var elsewhere = await PlacementWorld.Make(app);
        var plan = await app.Send(world.Officer, new SeePlan.Query(other));
        var (foreign, _) = await Week(elsewhere, 1);
        var stranger = (await app.Send(elsewhere.Officer, new SeePlan.Query(foreign))).Problem.Students[0].Id;
        foreach (var wrong in new Func<Cpd.Placements.Timetables.Slot, Cpd.Placements.Timetables.Slot>[] { s => s with { ProjectId = elsewhere.Project }, s => s with { SupervisorId = elsewhere.Supervisor }, s => s with { StudentId = stranger } })
            Assert.IsType<NotFound>((await app.Ask(world.Officer, new KeepTimetable.Command(other, plan.Version, [.. plan.Ahead.Select(p => p with { Slot = wrong(p.Slot) })]))).Refusal);
    }

    [Fact]
    public async Task Plan_IsMadeFromWhatIsLeft_AndFromWhoMayStill() {
        var world = await PlacementWorld.Make(app);
        var monday = Monday.AddDays(14);
        var (cohort, students) = await world.Cohort(2, from: monday, to: monday.AddDays(4), name: "Year 1");
        var (other, others) = await world.Cohort(2, from: monday, to: monday.AddDays(4), name: "Year 2");
        When tuesday = new(monday.AddDays(1), 1);
        // By hand: one of another cohort in the project, one of this cohort shadowing. A draft of the others takes nothing yet.
        await world.Slot(others[0], tuesday.Day);
        await app.Send(world.Officer, new AddSlot.Command(students[0].Id, SlotKind.Shadowing, "Shadowing a health visitor", null, world.Supervisor, tuesday.Day, new(9, 0), new(12, 0)));
        await Propose(world, other);
        // Called off, it is free again; who has left is not planned; and a host that is only asked takes nobody.
        await app.Send(world.Host, new ChangeSlot.Command(await world.Slot(students[1], monday), 1, ChangeSlot.Change.Cancelled, "Closed"));
        await app.Send(world.Institution, new WithdrawStudent.Command(students[1].Id, "Changed course"));
        await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, $"Asked {world.Name}", 4));
        await app.Send(world.Officer, new AddClosedDay.Command(world.Officer.Grants[0].OrganisationId, monday.AddDays(4), "Training of all staff"));
        foreach (var (number, isChecked, ended) in new[] { ("11A1111E", false, false), ("22B2222E", true, true) }) {
            var person = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId);
            var id = await app.Send(world.Host, new AddSupervisor.Command(world.Programme, person.PersonId, Register.Nmc, number, 4, [world.Project]));
            await app.Send(world.Officer, new ChangeSupervisor.Command(id, 1, Register.Nmc, number, isChecked, 4, [world.Project], ended));
        }
        var problem = (await app.Send(world.Officer, new SeePlan.Query(cohort))).Problem;
        var student = Assert.Single(problem.Students);
        Assert.Equal((students[0].Id, 21 * 60), (student.Id, student.Minutes));
        Assert.Equal([tuesday], student.Busy);
        var project = Assert.Single(problem.Projects);
        Assert.Equal((3, 4), (project.Room[tuesday], project.Room[tuesday with { Part = 2 }]));
        Assert.Equal(4, project.Room[new(monday, 1)]);
        var mina = problem.Supervisors.Single(s => s.Id == world.Supervisor);
        Assert.Equal((2, 4), (mina.Duty[tuesday], mina.Duty[tuesday with { Part = 2 }]));
        Assert.Equal([false, true], problem.Supervisors.Select(s => s.MayInduct).Order());
        Assert.DoesNotContain(problem.Parts, p => p.When.Day == monday.AddDays(4));
        // Who leaves while their timetable is drafted is in it no more.
        await app.Send(world.Institution, new WithdrawStudent.Command(others[0].Id, "Changed course"));
        Assert.Equal(0, await app.Count("placements_Slot", "StudentId = @Id AND State = 'Draft'", new { others[0].Id }));
        Assert.NotEqual(0, await app.Count("placements_Slot", "StudentId = @Id AND State = 'Draft'", new { others[1].Id }));
        // What is drafted is nobody's: not in what an institution takes away, not on the student's own page.
        using var key = await app.Api(world.Institution);
        Assert.DoesNotContain("Draft", await key.GetStringAsync(new Uri("/api/v1/exports/placement-hours?from=2026-09-01&to=2027-08-31", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Empty((await app.Send(world.Institution, new SeeStudent.Query(others[1].Id))).Slots);
        Assert.Empty((await app.Ask(PlacementWorld.Student(others[1]), new ListMySlots.Query())).Single().Slots);
    }

    [Fact]
    public async Task Timetable_AddedByHand_StandsInItWithItsTimes() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await Week(world, 1);
        await app.Send(world.Officer, new AddSlot.Command(students[0].Id, SlotKind.Meeting, "Team meeting", null, world.Supervisor, Monday, new(16, 30), new(17, 30)));
        var institution = await app.Browser(world.Institution);
        var page = await institution.Get(PlacementsLinks.Timetable(cohort));
        Assert.Contains("Planned by hand.", page.Words, StringComparison.Ordinal);
        Assert.Contains("Team meeting (1)", page.Words, StringComparison.Ordinal);
        Assert.Contains("Mon 2 Nov, other times", (await institution.Get(PlacementsLinks.Timetable(cohort) + "?by=week")).Words, StringComparison.Ordinal);
        Assert.Contains("4:30pm to 5:30pm: Team meeting, with Mina Midwife", (await institution.Get(PlacementsLinks.Timetable(cohort) + "?by=week")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_EditedByHand_ChangesTheShownWeekAndLeavesTheOthers() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(11));
        await Propose(world, cohort);
        var before = (await app.Send(world.Officer, new SeePlan.Query(cohort))).Slots;
        var officer = await app.Browser(world.Officer);
        var address = PlacementsLinks.EditTimetable(cohort, students[0].Id);
        var page = await officer.Get($"{address}?week={Monday.AddDays(7):yyyy-MM-dd}");
        Assert.Contains("Week of 9 November 2026", page.Words, StringComparison.Ordinal);
        Assert.Equal(10, page.Document.QuerySelectorAll("select[name$='.Place']").Length);
        Assert.Equal($"{address}?week={Monday:yyyy-MM-dd}", page.Document.QuerySelectorAll("main a").Single(a => a.TextContent == "Week before").GetAttribute("href"));
        // Thursday afternoon of the second week is added, though it is too much.
        var added = await page.Post([("Parts[7].Place", world.Project.ToString()), ("Parts[7].SupervisorId", world.Supervisor.ToString()), ("Anyway", "true")]);
        Assert.Equal(PlacementsLinks.Timetable(cohort), added.RedirectsTo);
        var after = (await app.Send(world.Officer, new SeePlan.Query(cohort))).Slots;
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Equal([new When(Monday.AddDays(10), 2)], after.Except(before).Select(s => s.When));
        // What is wrong leads to the week in which it is.
        Assert.Contains($"{address}", (await officer.Get(PlacementsLinks.Timetable(cohort))).Text, StringComparison.Ordinal);
    }

    static Task<(Guid Cohort, IReadOnlyList<OpenCohort.Student> Students)> Week(PlacementWorld world, int count, string name = "Year 2") => world.Cohort(count, from: Monday, to: Monday.AddDays(4), name: name);

    static Task<WebPage> Press(WebPage page, string handler) => page.Post([], $"main form[action$='handler={handler}']");

    static IReadOnlyList<Violation> Violations(SeePlan.View plan) => Checker.Check(plan.Problem, plan.Slots);

    async Task Propose(PlacementWorld world, Guid cohort) {
        var browser = await app.Browser(world.Officer);
        Assert.NotNull((await Press(await browser.Get(PlacementsLinks.Timetable(cohort)), "Propose")).RedirectsTo);
    }

    static async Task<JsonElement> Json(HttpClient api, Guid cohort) {
        var response = await api.GetAsync($"/api/v1/placements/cohorts/{cohort}/timetable");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
