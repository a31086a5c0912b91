using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Calendar;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Contracts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Placements;

/// <summary>The life of a slot: gate, log, sign, return, take back, miss, make good; and the CPD record that follows.</summary>
public sealed class HoursTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 10, 5);

    [Fact]
    public async Task Life_OfAStudent_FromImportToCpdRecordAndExport() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1, confirmed: false);
        var me = PlacementWorld.Student(students[0]);
        Assert.Contains(await app.DrainMail(), m => m.Contains("year2.1@university.example.org", StringComparison.Ordinal) && m.Contains("Set your password within 7 days", StringComparison.Ordinal));
        var induction = await world.Slot(students[0], Monday, 0, SlotKind.Induction);
        var second = await world.Slot(students[0], Monday, 1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        var browser = await app.Browser(me);

        // Nothing before the induction, and nothing before the checks.
        var refused = await Log(browser, second, "180", "Sat with a mother and her baby.");
        Assert.Equal((HttpStatusCode.Conflict, "The induction has to be attended before anything else."), (refused.Status, refused.Errors.Single()));
        Assert.Equal(PlacementsLinks.MyPlacement, (await Log(browser, induction, "180", "I was shown round.")).RedirectsTo);
        await app.Send(world.Host, new SignHours.Command([new(induction, 2)]));
        refused = await Log(browser, second, "180", "Sat with a mother and her baby.");
        Assert.Equal("Not all entry checks are confirmed yet. The institution or the local authority confirms them.", refused.Errors.Single());
        Assert.Contains("Not confirmed yet: DBS check, Occupational health", (await browser.Get(PlacementsLinks.MyPlacement)).Words, StringComparison.Ordinal);

        var institution = await app.Browser(world.Institution);
        var checks = await institution.Get(PlacementsLinks.Checks(cohort));
        // One of two is not enough.
        await checks.Post([("Ticked", checks.Document.QuerySelector("input[name=Ticked]")!.GetAttribute("value"))]);
        Assert.Equal("Not all entry checks are confirmed yet. The institution or the local authority confirms them.", (await Log(browser, second, "150", "Sat with a mother.")).Errors.Single());
        checks = await institution.Get(PlacementsLinks.Checks(cohort));
        await checks.Post(checks.Document.QuerySelectorAll("input[name=Ticked]").Select(i => ("Ticked", (string?)i.GetAttribute("value"))));
        Assert.Contains("All confirmed", (await institution.Get(PlacementsLinks.Cohort(cohort))).Words, StringComparison.Ordinal);
        Assert.Contains("confirmed on 5 October 2026 by ", (await institution.Get(PlacementsLinks.Checks(cohort))).Words, StringComparison.Ordinal);
        Assert.Equal(PlacementsLinks.MyPlacement, (await Log(browser, second, "150", "Sat with a mother and her baby.")).RedirectsTo);

        // The supervisor signs on one screen.
        var host = await app.Browser(world.Host);
        var toSign = await host.Get(PlacementsLinks.ToSign);
        Assert.Contains("“Sat with a mother and her baby.”", toSign.Words, StringComparison.Ordinal);
        Assert.Equal(["Select the hours that you sign"], (await toSign.Post([])).Errors);
        Assert.Equal(PlacementsLinks.ToSign, (await toSign.Post([("Sign", toSign.Document.QuerySelector("input[name=Sign]")!.GetAttribute("value"))])).RedirectsTo);
        Assert.Equal("1 slot signed off.", (await host.Get(PlacementsLinks.ToSign)).Banner);

        await app.DrainOutbox();
        var record = await browser.Get("/my-cpd");
        Assert.Contains($"Baby Steps {world.Name}, {world.Name}", record.Words, StringComparison.Ordinal);
        Assert.Equal(330, await Minutes(me.PersonId));
        Assert.Equal(2, await app.Count("accreditation_Entry", "PersonId = @PersonId AND ParticipatoryMinutes = Minutes", new { me.PersonId }));
        var statement = await browser.Get(PlacementsLinks.Student(students[0].Id));
        Assert.Contains("5 hours 30 minutes of 24 hours", statement.Words, StringComparison.Ordinal);

        // The institution takes it away with its own key; another's finds nothing of it.
        using var key = await app.Api(world.Institution);
        var rows = await key.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-09-01&to=2027-08-31");
        Assert.Equal(2, (await key.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-10-05&to=2026-10-05")).GetArrayLength());
        Assert.Equal(0, (await key.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-10-06&to=2026-10-06")).GetArrayLength());
        Assert.Equal([150, 180], rows.EnumerateArray().Select(r => r.GetProperty("signedMinutes").GetInt32()).Order());
        var csv = await key.GetStringAsync(new Uri("/api/v1/exports/placement-hours?from=2026-09-01&to=2027-08-31&format=csv", UriKind.Relative));
        Assert.Contains("Programme,Institution,Cohort,Student", csv, StringComparison.Ordinal);
        Assert.Equal(3, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        using var other = await app.Api(await app.Given.Holder(Role.InstitutionOfficer, OrganisationKind.Institution, await app.Given.Organisation(OrganisationKind.Institution, $"Other {world.Name}")));
        Assert.Equal(0, (await other.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-09-01&to=2027-08-31")).GetArrayLength());
    }

    [Fact]
    public async Task TakeBack_AfterSignOff_WithdrawsTheEntryAndASecondSignOffRevivesIt() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        var me = PlacementWorld.Student(students[0]);
        app.Clock.Set(new(2026, 10, 7, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], Monday);
        var slot = await world.Slot(students[0], Monday.AddDays(1));
        await app.Send(me, new LogHours.Command(slot, 1, 180, "Three hours."));
        await app.Send(world.Host, new SignHours.Command([new(slot, 2)]));
        await app.DrainOutbox();
        Assert.Equal(360, await Minutes(me.PersonId));

        // Signed hours are the student's no more.
        var browser = await app.Browser(me);
        Assert.Equal("These hours are signed off. If something is wrong, ask your supervisor to return them.", (await app.Ask(me, new LogHours.Command(slot, 3, 100, "Less."))).Refusal is Conflict c ? c.Sentence : "");
        var host = await app.Browser(world.Host);
        var page = await host.Get(PlacementsLinks.Slot(slot));
        Assert.Equal(["Say why"], (await page.Post([("What", "Returned")])).Errors);
        Assert.Equal(PlacementsLinks.ToSign, (await page.Post([("What", "Returned"), ("Reason", "You left at noon.")])).RedirectsTo);
        await app.DrainOutbox();
        Assert.Equal(180, await Minutes(me.PersonId));
        Assert.Equal(1, await app.Count("accreditation_Entry", "PersonId = @PersonId AND WithdrawnAt IS NULL", new { me.PersonId }));
        Assert.Contains("Returned: You left at noon.", (await browser.Get(PlacementsLinks.MyPlacement)).Words, StringComparison.Ordinal);

        await app.Send(me, new LogHours.Command(slot, 4, 120, "Two hours."));
        // What was logged before is mended, not added to.
        Assert.Equal(300, await Logged(students[0].Id));
        await app.Send(world.Host, new SignHours.Command([new(slot, 5)]));
        await app.DrainOutbox();
        Assert.Equal(300, await Minutes(me.PersonId));
        Assert.Equal(1, await app.Count("accreditation_Entry", "CauseId = @slot", new { slot }));
        Assert.Equal(3, await app.Database(db => db.One<int>("SELECT Revision FROM placements_Slot WHERE Id = @slot", new { slot }, default)));
    }

    [Fact]
    public async Task Event_DeliveredTwiceAndOutOfOrder_HasOneEffect() {
        var (slot, person) = (Guid.Parse("0198f000-0000-7000-8000-00000000aa01"), await app.Given.Person());
        var authority = await app.Given.Authority("Bradford");
        PlacementHoursSignedOff Told(int revision, int minutes) => new(slot, revision, person, Guid.Empty, authority, "Baby Steps", "Trust", new DateTime(2026, 10, 5, 8, 0, 0, DateTimeKind.Utc), minutes, "Mine.", app.Now);
        var second = new Delivery<PlacementHoursSignedOff>(Cpd.Platform.Data.Ids.New(app.Clock), Told(2, 120));
        foreach (var delivery in new[] { second, second, new(Cpd.Platform.Data.Ids.New(app.Clock), Told(1, 180)) }) {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IMediator>().Publish(delivery);
        }
        Assert.Equal(120, await Minutes(person));
        // Half past midnight in London is another day than in UTC; and what the student has written on their record stays theirs.
        await using (var scope = app.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<IMediator>().Publish(new Delivery<PlacementHoursSignedOff>(Cpd.Platform.Data.Ids.New(app.Clock), Told(3, 60) with { StartsAt = new DateTime(2026, 10, 5, 23, 30, 0, DateTimeKind.Utc), Reflection = "Not mine." }));
        Assert.Equal(1, await app.Count("accreditation_Entry", "CauseId = @slot", new { slot }));
        Assert.Equal(1, await app.Count("accreditation_Entry", "CauseId = @slot AND Minutes = 60 AND ParticipatoryMinutes = 60 AND Reflection = 'Mine.' AND HappenedOn = @On", new { slot, On = new DateOnly(2026, 10, 6) }));
    }

    [Fact]
    public async Task Induction_OpensTheGateUntilItTurnsOutToBeMissed() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        var me = PlacementWorld.Student(students[0]);
        app.Clock.Set(new(2026, 10, 9, 17, 0, 0, TimeSpan.Zero));
        var (induction, second, third) = (await world.Slot(students[0], Monday, kind: SlotKind.Induction), await world.Slot(students[0], Monday.AddDays(1)), await world.Slot(students[0], Monday.AddDays(2)));
        const string gate = "The induction has to be attended before anything else.";
        async Task<string?> Refused(Actor who, IRequest<Outcome<Done>> command) => (await app.Ask(who, command)).Refusal is Conflict conflict ? conflict.Sentence : null;
        Assert.Equal(gate, await Refused(world.Host, new ChangeSlot.Command(second, 1, ChangeSlot.Change.Attended, null)));
        await app.Send(world.Host, new ChangeSlot.Command(induction, 1, ChangeSlot.Change.Attended, null));
        await app.Send(me, new LogHours.Command(second, 1, 180, "Sat in."));
        await app.Send(world.Host, new SignHours.Command([new(second, 2)]));
        // It was somebody else who came.
        await app.Send(world.Host, new ChangeSlot.Command(induction, 2, ChangeSlot.Change.Missed, "A mistaken tick"));
        Assert.Equal(gate, await Refused(me, new LogHours.Command(third, 1, 180, "Sat in again.")));
        await app.Send(world.Host, new ChangeSlot.Command(induction, 3, ChangeSlot.Change.Attended, null));
        await app.Send(me, new LogHours.Command(third, 1, 180, "Sat in again."));
    }

    [Fact]
    public async Task Change_OfWhatIsStaleSignedAheadOrOver_IsRefusedAndChangesNothing() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        var me = PlacementWorld.Student(students[0]);
        app.Clock.Set(new(2026, 10, 7, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], Monday);
        var induction = await app.Database(db => db.One<Guid>("SELECT Id FROM placements_Slot WHERE StudentId = @Id", new { students[0].Id }, default));
        var (slot, ahead) = (await world.Slot(students[0], Monday.AddDays(1)), await world.Slot(students[0], Monday.AddDays(7)));
        const string changed = "This slot has been changed since you opened it. Open it again to see how it stands.";
        async Task Refused(string sentence, Guid id, int version, ChangeSlot.Change what) => Assert.Equal((id, what, sentence), (id, what, (await app.Ask(world.Host, new ChangeSlot.Command(id, version, what, "Why"))).Refusal is Conflict conflict ? conflict.Sentence : ""));
        await Refused("The hours are signed off. Return them first.", induction, 3, ChangeSlot.Change.Missed);
        await Refused(changed, induction, 2, ChangeSlot.Change.Returned);
        await Refused(changed, slot, 1, ChangeSlot.Change.Returned);
        Assert.IsType<Conflict>((await app.Ask(world.Host, new SignHours.Command([new(slot, 1)]))).Refusal);
        await app.Send(me, new LogHours.Command(slot, 1, 60, "An hour."));
        Assert.Equal(changed, Assert.IsType<Conflict>((await app.Ask(me, new LogHours.Command(slot, 1, 90, "More."))).Refusal).Sentence);
        foreach (var what in new[] { ChangeSlot.Change.Attended, ChangeSlot.Change.Missed, ChangeSlot.Change.Returned }) await Refused(changed, slot, 1, what);
        Assert.Equal(240, await Logged(students[0].Id));
        await Refused("It begins only on 12 October 2026 at 9am.", ahead, 1, ChangeSlot.Change.Attended);
        await Refused("It begins only on 12 October 2026 at 9am. If the student can't come, call it off.", ahead, 1, ChangeSlot.Change.Missed);
        await app.Send(world.Host, new ChangeSlot.Command(ahead, 1, ChangeSlot.Change.Cancelled, "Closed"));
        app.Clock.Set(new(2026, 10, 14, 17, 0, 0, TimeSpan.Zero));
        foreach (var what in new[] { ChangeSlot.Change.Attended, ChangeSlot.Change.Missed }) await Refused(changed, ahead, 2, what);
        Assert.Equal("Nothing can be logged here: you were not there, or it was cancelled.", Assert.IsType<Conflict>((await app.Ask(me, new LogHours.Command(ahead, 2, 60, "Was there."))).Refusal).Sentence);
        // Mended by the student, it is no longer shown as returned.
        await app.Send(world.Host, new ChangeSlot.Command(slot, 2, ChangeSlot.Change.Returned, "Say more"));
        await app.Send(me, new LogHours.Command(slot, 3, 60, "An hour with a mother and her twins."));
        Assert.Equal(1, await app.Count("placements_Slot", "Id = @slot AND Hours = 'Logged' AND Returned IS NULL", new { slot }));
    }

    [Fact]
    public async Task Reschedule_OffersOnlyWhatATimetableCouldHold() {
        var world = await PlacementWorld.Make(app);
        var monday = new DateOnly(2026, 11, 9);
        var (_, students) = await world.Cohort(1, from: monday, to: monday.AddDays(13));
        app.Clock.Set(new(2026, 11, 13, 17, 0, 0, TimeSpan.Zero));
        var slot = await world.Slot(students[0], monday, kind: SlotKind.Induction);
        await app.Send(world.Host, new ChangeSlot.Command(slot, 1, ChangeSlot.Change.Missed, "Ill"));
        // On Tuesday the authority is closed, on Wednesday the programme has a day off, on Thursdays it is not open, on Friday mornings the project takes nobody; and an evening is shorter.
        await app.Send(world.Officer, new AddClosedDay.Command(world.Officer.Grants[0].OrganisationId, new(2026, 11, 17), "Staff conference"));
        List<EditProgramme.TypedPart> parts = [.. PlacementWorld.Parts, new() { Name = "Evening", Starts = new(18, 0), Ends = new(20, 0) }];
        await app.Send(world.Officer, new EditProgramme.Command(world.Programme, 2, world.Name, "Students practise.", 24, [1, 2, 3, 5], parts, "18/11/2026 Team day", "", "Linking to practice", "Induction", Register.Nmc, Register.None, null));
        await app.Send(world.Host, new SetDuty.Command(world.Supervisor, monday, monday.AddDays(13), [1, 2, 3, 4, 5], [3], true));
        var project = await app.Send(world.Host, new OpenProject.Query(world.Project));
        await app.Send(world.Host, new AnswerForProject.Command(world.Project, project.Version, ProjectState.Accepted, null, 4, true, project.Covers, [new() { Weekday = 5, DayPart = 1, Capacity = 0 }]));
        // Others are on duty all the time: one whose number nobody has checked, one who has left, and one of another project.
        var elsewhere = await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, $"Doulas {world.Name}", 4, Agreed: true));
        foreach (var (name, isChecked, ended, of) in new[] { ("Una Unchecked", false, false, world.Project), ("Lena Left", true, true, world.Project), ("Ella Elsewhere", true, false, elsewhere) }) {
            var person = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId, await app.Given.Person($"{name} {world.Name}"));
            var id = await app.Send(world.Host, new AddSupervisor.Command(world.Programme, person.PersonId, Register.Nmc, "99I1234E", 4, [of]));
            await app.Send(world.Host, new SetDuty.Command(id, monday, monday.AddDays(30), [1, 2, 3, 4, 5], [1, 2, 3], true));
            await app.Send(world.Officer, new ChangeSupervisor.Command(id, 1, Register.Nmc, "99I1234E", isChecked, 4, [of], ended));
        }
        var options = (await app.Send(world.Host, new FindFree.Query(slot))).Options;
        Assert.Equal([(16, 1), (16, 2), (20, 2)], options.Select(o => (o.Day.Day, o.DayPart)));
        Assert.All(options, o => Assert.Equal($"Mina Midwife {world.Name}", o.SupervisorName));
        // From Monday noon on the morning is over; a project that has left takes nobody, and a student who has left is given no other time.
        app.Clock.Set(new(2026, 11, 16, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal([(16, 2), (20, 2)], (await app.Send(world.Host, new FindFree.Query(slot))).Options.Select(o => (o.Day.Day, o.DayPart)));
        await app.Send(world.Host, new AnswerForProject.Command(world.Project, project.Version + 1, ProjectState.Refused, "No room", 4, true, [], []));
        Assert.Empty((await app.Send(world.Host, new FindFree.Query(slot))).Options);
        await app.Send(world.Host, new AnswerForProject.Command(world.Project, project.Version + 2, ProjectState.Accepted, null, 4, true, [], []));
        Assert.NotEmpty((await app.Send(world.Host, new FindFree.Query(slot))).Options);
        await app.Send(world.Institution, new WithdrawStudent.Command(students[0].Id, "Changed course"));
        Assert.Empty((await app.Send(world.Host, new FindFree.Query(slot))).Options);
    }

    [Fact]
    public async Task Sign_OneOfSeveralHasChanged_SignsNone() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2);
        app.Clock.Set(new(2026, 10, 7, 17, 0, 0, TimeSpan.Zero));
        var slots = new List<Guid>();
        foreach (var student in students) {
            var slot = await world.Slot(student, Monday, kind: SlotKind.Induction);
            await app.Send(PlacementWorld.Student(student), new LogHours.Command(slot, 1, 180, "Induction."));
            slots.Add(slot);
        }
        var host = await app.Browser(world.Host);
        var page = await host.Get(PlacementsLinks.ToSign);
        await app.Send(PlacementWorld.Student(students[1]), new LogHours.Command(slots[1], 2, 90, "Half of it."));
        var refused = await page.Post(page.Document.QuerySelectorAll("input[name=Sign]").Select(i => ("Sign", (string?)i.GetAttribute("value"))));
        Assert.Equal((HttpStatusCode.Conflict, "Some of these hours have been changed or signed since you opened the page. Look at them again; nothing has been signed."), (refused.Status, refused.Errors.Single()));
        Assert.Equal(0, await app.Count("placements_Slot", "Hours = 'Signed' AND ProgrammeId = @Programme", new { world.Programme }));
        page = await host.Get(PlacementsLinks.ToSign);
        await page.Post(page.Document.QuerySelectorAll("input[name=Sign]").Select(i => ("Sign", (string?)i.GetAttribute("value"))));
        Assert.Equal("2 slots signed off.", (await host.Get(PlacementsLinks.ToSign)).Banner);
    }

    [Fact]
    public async Task Sign_Twice_CountsAndIsToldOnce() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        var slot = await world.Slot(students[0], Monday, kind: SlotKind.Induction);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(slot, 1, 180, "I was shown round."));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Ask(world.Host, new SignHours.Command([new(slot, 2)]))));
        Assert.Equal(1, outcomes.Count(o => o.Refusal is null));
        // Nor by whoever has seen that it is signed.
        Assert.IsType<Conflict>((await app.Ask(world.Host, new SignHours.Command([new(slot, 3)]))).Refusal);
        Assert.Equal(1, await app.Count("placements_Slot", "Id = @slot AND Revision = 1 AND Version = 3", new { slot }));
        await app.DrainOutbox();
        Assert.Equal(180, await Minutes(students[0].PersonId!.Value));
    }

    [Fact]
    public async Task Log_TwoSlotsAtOnceAboveTheAllowance_OneIsRefused() {
        var world = await PlacementWorld.Make(app, hours: 6);
        var (_, students) = await world.Cohort(1, hours: 6);
        var me = PlacementWorld.Student(students[0]);
        app.Clock.Set(new(2026, 10, 9, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], Monday);
        var slots = new[] { await world.Slot(students[0], Monday.AddDays(1)), await world.Slot(students[0], Monday.AddDays(2)), await world.Slot(students[0], Monday.AddDays(3)), await world.Slot(students[0], Monday.AddDays(4)) };
        var outcomes = await Task.WhenAll(slots.Select(s => app.Ask(me, new LogHours.Command(s, 1, 180, "At once."))));
        Assert.Equal(1, outcomes.Count(o => o.Refusal is null));
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.StartsWith("That is more than the placement has: 0 minutes can still be logged", Assert.IsType<Conflict>(o.Refusal).Sentence, StringComparison.Ordinal));
        Assert.Equal(360, await app.Database(db => db.One<int>("SELECT MinutesLogged FROM placements_Student WHERE Id = @Id", new { students[0].Id }, default)));
    }

    [Fact]
    public async Task Log_MoreThanTheSlotOrBeforeIt_IsRefusedInWords() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], Monday);
        var (past, ahead) = (await world.Slot(students[0], Monday, 1), await world.Slot(students[0], Monday.AddDays(7)));
        var browser = await app.Browser(PlacementWorld.Student(students[0]));
        Assert.Equal(["The minutes must be 180 or fewer"], (await Log(browser, past, "181", "Long.")).Errors);
        Assert.Equal(["The minutes is not valid"], (await Log(browser, past, "many", "Long.")).Errors.Select(e => e.Replace("are not", "is not", StringComparison.Ordinal)));
        Assert.Equal(["Enter the minutes", "Write what you did and what you learnt"], (await Log(browser, past, "", "")).Errors);
        var early = await browser.Get(PlacementsLinks.LogHours(ahead));
        Assert.Contains("You can log these hours from 12 October 2026 at 9am.", early.Words, StringComparison.Ordinal);
        Assert.Null(early.Document.QuerySelector("main form[method=post]"));
        Assert.Equal("You can log these hours from 12 October 2026 at 9am.", Assert.IsType<Conflict>((await app.Ask(PlacementWorld.Student(students[0]), new LogHours.Command(ahead, 1, 180, "Not yet."))).Refusal).Sentence);
    }

    [Fact]
    public async Task Missed_Slot_IsMadeGoodWithinThePlacementOnceAndTheHoursAreGivenBack() {
        var world = await PlacementWorld.Make(app, capacity: 1);
        var (_, students) = await world.Cohort(2, from: Monday, to: Monday.AddDays(8));
        var (mine, other) = (students[0], students[1]);
        app.Clock.Set(new(2026, 10, 9, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(mine, Monday);
        var slot = await world.Slot(mine, Monday.AddDays(1));
        await app.Send(PlacementWorld.Student(mine), new LogHours.Command(slot, 1, 180, "I thought I was there."));
        // Monday morning of the second week is somebody else's.
        await world.Slot(other, Monday.AddDays(7));
        var host = await app.Browser(world.Host);
        var missed = await (await host.Get(PlacementsLinks.Slot(slot))).Post([("What", "Missed"), ("Reason", "Ill")]);
        Assert.Equal(PlacementsLinks.Slot(slot), missed.RedirectsTo);
        Assert.Equal(180, await app.Database(db => db.One<int>("SELECT MinutesLogged FROM placements_Student WHERE Id = @Id", new { mine.Id }, default)));

        var page = await host.Get(PlacementsLinks.Reschedule(slot));
        Assert.Equal(["Monday 12 October 2026, 1pm to 4pm", "Tuesday 13 October 2026, 9am to midday", "Tuesday 13 October 2026, 1pm to 4pm"],
            page.Document.QuerySelectorAll(".govuk-radios__label").Select(l => l.TextContent.Split(", with")[0].Trim()));
        Assert.Equal(["Select another time"], (await page.Post([])).Errors);
        var choice = page.Document.QuerySelector("input[name=Choice]")!.GetAttribute("value");
        await world.Slot(other, Monday.AddDays(7), 1);
        var late = await page.Post([("Choice", choice)]);
        Assert.Equal((HttpStatusCode.Conflict, "That time is not free any more. Select another."), (late.Status, late.Errors.Single()));
        var free = (await host.Get(PlacementsLinks.Reschedule(slot))).Document.QuerySelector("input[name=Choice]")!.GetAttribute("value");
        Assert.Equal(PlacementsLinks.Slot(slot), (await page.Post([("Choice", free)])).RedirectsTo);
        Assert.Equal(1, await app.Count("placements_Slot", "RescheduledFrom = @slot AND State = 'Published'", new { slot }));
        Assert.Equal(PlacementsLinks.Slot(slot), (await host.Get(PlacementsLinks.Reschedule(slot))).RedirectsTo);
    }

    [Fact]
    public async Task AddSlot_StudentIsBoundOrNoRoom_IsRefused() {
        var world = await PlacementWorld.Make(app, capacity: 1);
        var (_, students) = await world.Cohort(2);
        await world.Slot(students[0], Monday.AddDays(14));
        Task<Outcome<Guid>> Add(OpenCohort.Student who, TimeOnly from, TimeOnly to) => app.Ask(world.Officer, new AddSlot.Command(who.Id, SlotKind.Shadowing, "Shadowing a health visitor", null, world.Supervisor, Monday.AddDays(14), from, to));
        Assert.Contains("is bound then: placement, Baby Steps", Assert.IsType<Conflict>((await Add(students[0], new(11, 0), new(12, 30))).Refusal).Sentence, StringComparison.Ordinal);
        Assert.StartsWith("There is no room then", Assert.IsType<Conflict>((await Add(students[1], new(11, 0), new(12, 30))).Refusal).Sentence, StringComparison.Ordinal);
        Assert.Null((await Add(students[1], new(12, 0), new(12, 45))).Refusal);
        // Not outside the days of the placement.
        foreach (var day in new[] { new DateOnly(2026, 9, 6), new DateOnly(2027, 8, 28) })
            Assert.Equal("Day", Assert.Single(Assert.IsType<Invalid>((await app.Ask(world.Officer, new AddSlot.Command(students[1].Id, SlotKind.Meeting, "Meeting", null, world.Supervisor, day, new(17, 0), new(18, 0)))).Refusal).Errors).Field);
        Assert.Equal(Outcome.NotFound, (await app.Ask(await app.Given.Officer(await app.Given.Authority()), new AddSlot.Command(students[0].Id, SlotKind.Meeting, "Meeting", null, world.Supervisor, Monday.AddDays(14), new(17, 0), new(18, 0)))).Refusal);
    }

    [Fact]
    public async Task Pages_OfSomebodyElse_AreNotFound() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(2);
        var slot = await world.Slot(students[0], Monday.AddDays(21));
        var otherHost = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, $"Elsewhere {world.Name}"));
        // A colleague of the same host supervises others: they see the host's projects, not this student.
        var colleague = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId);
        var otherInstitution = await app.Given.Holder(Role.InstitutionOfficer, OrganisationKind.Institution, await app.Given.Organisation(OrganisationKind.Institution, $"Far {world.Name}"));
        var otherOfficer = await app.Given.Officer(await app.Given.Authority());
        async Task NotFound(Actor who, params string[] pages) {
            var browser = await app.Browser(who);
            foreach (var page in pages) Assert.Equal((page, HttpStatusCode.NotFound), (page, (await browser.Get(page)).Status));
        }
        await NotFound(otherHost, PlacementsLinks.Slot(slot), PlacementsLinks.Reschedule(slot), PlacementsLinks.Project(world.Project), PlacementsLinks.Supervisors(world.Programme), PlacementsLinks.Supervisor(world.Supervisor), PlacementsLinks.Duty(world.Supervisor), PlacementsLinks.Programme(world.Programme), PlacementsLinks.Feedback(students[0].Id));
        await NotFound(colleague, PlacementsLinks.Slot(slot), PlacementsLinks.Reschedule(slot), PlacementsLinks.Feedback(students[0].Id));
        await NotFound(otherInstitution, PlacementsLinks.Cohort(cohort), PlacementsLinks.ImportStudents(cohort), PlacementsLinks.Checks(cohort), PlacementsLinks.Student(students[0].Id), PlacementsLinks.Withdraw(students[0].Id), PlacementsLinks.Totals(world.Programme), PlacementsLinks.Programme(world.Programme));
        await NotFound(otherOfficer, PlacementsLinks.Cohort(cohort), PlacementsLinks.EditProgramme(world.Programme), PlacementsLinks.AddCohort(world.Programme), PlacementsLinks.Alternative(world.Programme), PlacementsLinks.Student(students[0].Id), PlacementsLinks.AddSlot(students[0].Id), PlacementsLinks.Slot(slot), PlacementsLinks.Totals(world.Programme));
        await NotFound(PlacementWorld.Student(students[1]), PlacementsLinks.LogHours(slot), PlacementsLinks.Student(students[0].Id), PlacementsLinks.Feedback(students[0].Id));
        Assert.Equal(Outcome.NotFound, (await app.Ask(colleague, new SignHours.Command([new(slot, 1)]))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(PlacementWorld.Student(students[1]), new LogHours.Command(slot, 1, 60, "Not mine."))).Refusal);
        foreach (var page in (string[])[PlacementsLinks.MyPlacement, PlacementsLinks.ToSign, PlacementsLinks.Year])
            Assert.StartsWith("/sign-in", new Uri((await app.Browser().Get(page)).Response.Headers.Location!.ToString()).PathAndQuery, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(world.Institution)).Get(PlacementsLinks.MyPlacement)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(PlacementWorld.Student(students[0]))).Get(PlacementsLinks.ToSign)).Status);
    }

    [Fact]
    public async Task Feedback_OfStudentAndHost_IsReadByWhomItConcerns() {
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        await world.Slot(students[0], Monday.AddDays(1));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(world.Host)).Get(PlacementsLinks.Feedback(students[0].Id))).Status);
        var student = await app.Browser(PlacementWorld.Student(students[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await student.Get(PlacementsLinks.Feedback(students[0].Id))).Status);
        Assert.DoesNotContain(PlacementsLinks.Feedback(students[0].Id), (await student.Get(PlacementsLinks.MyPlacement)).Text, StringComparison.Ordinal);
        await world.Induct(students[0], Monday);
        Assert.Contains(PlacementsLinks.Feedback(students[0].Id), (await student.Get(PlacementsLinks.MyPlacement)).Text, StringComparison.Ordinal);
        var form = await student.Get(PlacementsLinks.Feedback(students[0].Id));
        Assert.Equal(["Select how it was", "Write what was good and what could be better"], (await form.Post([])).Errors);
        Assert.Equal(PlacementsLinks.MyPlacement, (await form.Post([("Rating", "4"), ("Comment", "More time with babies.")])).RedirectsTo);
        Assert.Equal(PlacementsLinks.ToSign, (await (await (await app.Browser(world.Host)).Get(PlacementsLinks.Feedback(students[0].Id))).Post([("Rating", "5"), ("Comment", "Kind and punctual.")])).RedirectsTo);
        Assert.Contains("Kind and punctual.", (await student.Get(PlacementsLinks.Student(students[0].Id))).Words, StringComparison.Ordinal);
        var institution = (await (await app.Browser(world.Institution)).Get(PlacementsLinks.Student(students[0].Id))).Words;
        Assert.Contains("Kind and punctual.", institution, StringComparison.Ordinal);
        Assert.DoesNotContain("More time with babies.", institution, StringComparison.Ordinal);
        Assert.Contains("More time with babies.", (await (await app.Browser(world.Officer)).Get(PlacementsLinks.Student(students[0].Id))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdraw_Student_CallsOffWhatLiesAheadAndKeepsWhatWasWorked() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1);
        app.Clock.Set(new(2026, 10, 5, 17, 0, 0, TimeSpan.Zero));
        await world.Induct(students[0], Monday);
        await world.Slot(students[0], Monday.AddDays(14));
        var past = await world.Slot(students[0], Monday, 1);
        await app.DrainMail();
        var page = await (await app.Browser(world.Institution)).Get(PlacementsLinks.Withdraw(students[0].Id));
        Assert.Equal(["Say why the student leaves"], (await page.Post([])).Errors);
        Assert.Equal(PlacementsLinks.Cohort(cohort), (await page.Post([("Reason", "Changed course")])).RedirectsTo);
        Assert.Equal(1, await app.Count("placements_Slot", "CohortId = @cohort AND State = 'Cancelled'", new { cohort }));
        Assert.Equal(1, await app.Count("placements_Slot", "CohortId = @cohort AND Hours = 'Signed'", new { cohort }));
        Assert.Equal(1, await app.Count("placements_Slot", "Id = @past AND State = 'Published'", new { past }));
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Reason", "Again")])).Status);
        Assert.Equal(Outcome.NotFound, (await app.Ask(world.Officer, new AddSlot.Command(students[0].Id, SlotKind.Meeting, "Meeting", null, world.Supervisor, Monday.AddDays(15), new(9, 0), new(10, 0)))).Refusal);
        Assert.Contains(await app.DrainMail(), m => m.Contains("Subject: Your placement timetable has changed", StringComparison.Ordinal) && m.Contains("method=PUBLISH", StringComparison.Ordinal));
    }

    static async Task<WebPage> Log(Browser browser, Guid slot, string minutes, string reflection) => await (await browser.Get(PlacementsLinks.LogHours(slot))).Post([("Minutes", minutes), ("Reflection", reflection)]);

    Task<int> Logged(Guid student) => app.Database(db => db.One<int>("SELECT MinutesLogged FROM placements_Student WHERE Id = @student", new { student }, default));

    Task<int> Minutes(Guid person) => app.Database(db => db.One<int>("SELECT COALESCE(SUM(Minutes), 0) FROM accreditation_Entry WHERE PersonId = @person AND WithdrawnAt IS NULL", new { person }, default));
}
