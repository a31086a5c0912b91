using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.People.Feeds;
using Cpd.People.Persons;
using Cpd.Placements;
using Cpd.Placements.Hosts;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;

namespace Cpd.Tests.Placements;

/// <summary>People ends the role that a supervisor has at their host: they hear nothing more of it, nobody is planned with them, and whoever plans is told. Given back, it is as it was.</summary>
public sealed class FormerSupervisorTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 11, 2);

    [Fact]
    public async Task RoleEnded_NothingMoreIsSentOrExpected_UntilItIsGivenBack() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(2);
        var induction = await world.Slot(students[0], Monday, kind: SlotKind.Induction);
        var tuesday = await world.Slot(students[1], Monday.AddDays(1));
        var secret = await app.Send(world.Host, new MakeFeed.Command());
        Task<string> Feed() => app.CreateClient().GetStringAsync(new Uri($"/calendar/{secret.Split('/')[^1]}", UriKind.RelativeOrAbsolute));
        Assert.Contains("20261103T090000", await Feed(), StringComparison.Ordinal);
        At(2026, 11, 2, 17);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(induction, 1, 180, "I was shown round."));
        var email = await app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @PersonId", new { world.Host.PersonId }, default));
        async Task<int> Mails() => (await app.DrainMail()).Count(m => m.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase));
        var before = await Mails();

        At(2026, 11, 2, 18);
        await End(world.Host.PersonId);
        // What was stays in their calendar; what would come does not.
        Assert.Contains("20261102T090000", await Feed(), StringComparison.Ordinal);
        Assert.DoesNotContain("20261103T090000", await Feed(), StringComparison.Ordinal);
        Assert.Empty(await Bound(world, Monday.AddDays(1)));
        var officer = await app.Browser(world.Officer);
        Assert.Contains($"Mina Midwife {world.Name} No longer at the host since 2 November 2026", (await officer.Get(PlacementsLinks.Supervisors(world.Programme))).Words, StringComparison.Ordinal);
        Assert.Contains($"Mina Midwife {world.Name} has not been at the host since 2 November 2026, and 1 slot ahead still names them.", (await officer.Get(PlacementsLinks.Timetable(cohort))).Words, StringComparison.Ordinal);
        // Whoever sends the students hears of no host's people.
        Assert.DoesNotContain("has not been at the host", (await (await app.Browser(world.Institution)).Get(PlacementsLinks.Timetable(cohort))).Words, StringComparison.Ordinal);

        // Nothing new with them, and no letter when what there is is called off.
        Assert.Contains("Nobody supervises yet", (await officer.Get(PlacementsLinks.AddSlot(students[1].Id))).Words, StringComparison.Ordinal);
        Assert.Equal($"Mina Midwife {world.Name} is no longer at the host",
            Assert.Single(Assert.IsType<Invalid>((await app.Ask(world.Officer, new AddSlot.Command(students[1].Id, SlotKind.Meeting, "Team meeting", null, world.Supervisor, new(2026, 11, 12), new(9, 0), new(12, 0)))).Refusal).Errors).Sentence);
        await app.Send(world.Officer, new ChangeSlot.Command(tuesday, 1, ChangeSlot.Change.Cancelled, "Nobody there"));
        // Neither the day before, which was planned long ago, nor for the hours that wait.
        At(2026, 11, 4, 9, 1);
        Assert.Equal(before, await Mails());

        var again = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId, world.Host.PersonId);
        Assert.DoesNotContain("No longer at the host", (await officer.Get(PlacementsLinks.Supervisors(world.Programme))).Words, StringComparison.Ordinal);
        Assert.Contains("I was shown round.", (await (await app.Browser(again)).Get(PlacementsLinks.ToSign)).Words, StringComparison.Ordinal);
        await world.Slot(students[1], Monday.AddDays(8));
        Assert.Equal(before + 1, await Mails());
        Assert.Contains("20261110T090000", await Feed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoleEnded_ReminderOfTomorrow_GoesToTheStudentOnly() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        await world.Slot(students[0], new(2026, 11, 10));
        await End(world.Host.PersonId);
        At(2026, 11, 9, 9, 1);
        await app.DrainMail();
        var told = (await app.DrainMail()).Where(m => m.Contains("Subject: Placement on Tuesday 10 November 2026", StringComparison.Ordinal)).ToList();
        Assert.Single(told, m => m.Contains($"To: {students[0].Email}", StringComparison.OrdinalIgnoreCase));
        var supervisor = await app.Email(world.Host.PersonId);
        Assert.DoesNotContain(told, m => m.Contains($"To: {supervisor}", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task RoleEnded_Draft_SaysSoAndPlanningAgainLeavesThemOut() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(4));
        await Propose(world, cohort);
        await app.Send(world.Officer, new PublishTimetable.Command(cohort, 1));
        var (second, _) = await Second(world);
        await End(world.Host.PersonId);
        var officer = await app.Browser(world.Officer);
        var address = PlacementsLinks.Timetable(cohort);
        Assert.Contains("and 8 slots ahead still name them. Plan again, change them by hand, or hand over to somebody else of the host.", (await officer.Get(address)).Words, StringComparison.Ordinal);
        // What is published is begun with, and all of it pinned: it can't be published so.
        var plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
        await app.Send(world.Officer, new KeepTimetable.Command(cohort, plan.Version, [.. plan.Ahead.Select(p => p with { Pinned = true })]));
        var page = await officer.Get(address);
        Assert.Contains($"Monday 2 November 2026, morning: Mina Midwife {world.Name} has not been at the host since 20 October 2026.", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("is not on duty", page.Words, StringComparison.Ordinal);
        Assert.Contains($"Mina Midwife {world.Name} has not been at the host since 20 October 2026.", (await Press(page, "Publish")).Errors.Single(), StringComparison.Ordinal);
        // By hand she is not offered any more.
        Assert.DoesNotContain(world.Supervisor.ToString(), (await officer.Get(PlacementsLinks.EditTimetable(cohort, students[0].Id))).Text, StringComparison.Ordinal);

        await Propose(world, cohort);
        plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
        Assert.Empty(Checker.Check(plan.Problem, plan.Slots));
        Assert.All(plan.Slots, s => Assert.Equal(second, s.SupervisorId));
        var email = await app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @PersonId", new { world.Host.PersonId }, default));
        async Task<int> Mails() => (await app.DrainMail()).Count(m => m.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase));
        var before = await Mails();
        await app.Send(world.Officer, new PublishTimetable.Command(cohort, plan.Version));
        Assert.Equal(before, await Mails());
        Assert.DoesNotContain("has not been at the host", (await officer.Get(address)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoleEnded_MissedSlot_IsMadeGoodWithSomebodyElse() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1, from: Monday, to: Monday.AddDays(11));
        var slot = await world.Slot(students[0], Monday);
        await Second(world);
        At(2026, 11, 2, 17);
        await app.Send(world.Officer, new ChangeSlot.Command(slot, 1, ChangeSlot.Change.Missed, "Ill"));
        Assert.Equal(2, (await app.Send(world.Officer, new FindFree.Query(slot))).Options.Select(o => o.SupervisorId).Distinct().Count());
        await End(world.Host.PersonId);
        Assert.All((await app.Send(world.Officer, new FindFree.Query(slot))).Options, o => Assert.NotEqual(world.Supervisor, o.SupervisorId));
    }

    [Fact]
    public async Task HandOver_WhoMayNot_IsToldSo() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        await world.Slot(students[0], Monday);
        var (second, who) = await Second(world);
        var address = PlacementsLinks.HandOver(world.Supervisor);
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(who)).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Leeds")))).Get(address)).Status);
        // Whoever is at the host signs for themselves.
        Assert.Contains("signs the hours of their students", (await (await app.Browser(world.Officer)).Get(address)).Words, StringComparison.Ordinal);
        Assert.Equal($"Mina Midwife {world.Name} is at the host, and signs these hours.", Assert.IsType<Conflict>((await app.Ask(world.Officer, new HandOver.Command(world.Supervisor, second))).Refusal).Sentence);
        Assert.DoesNotContain("Hand over", (await (await app.Browser(world.Officer)).Get(PlacementsLinks.Supervisors(world.Programme))).Words, StringComparison.Ordinal);
        await End(world.Host.PersonId);
        Assert.Equal(Outcome.NotFound, (await app.Ask(who, new HandOver.Command(world.Supervisor, second))).Refusal);
        Assert.DoesNotContain("Hand over", (await (await app.Browser(who)).Get(PlacementsLinks.Supervisors(world.Programme))).Words, StringComparison.Ordinal);
        Assert.Contains("The local authority can hand them over", (await (await app.Browser(who)).Get(PlacementsLinks.Supervisor(world.Supervisor))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandOver_WhatIsNotSigned_GoesToSomebodyElseOfTheHostWhoSignsIt() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(2);
        var (signed, logged) = (await world.Slot(students[0], Monday, kind: SlotKind.Induction), await world.Slot(students[1], Monday, kind: SlotKind.Induction));
        var (worked, ahead) = (await world.Slot(students[0], Monday.AddDays(1)), await world.Slot(students[0], Monday.AddDays(8)));
        At(2026, 11, 2, 17);
        foreach (var (student, slot) in new[] { (students[0], signed), (students[1], logged) }) await app.Send(PlacementWorld.Student(student), new LogHours.Command(slot, 1, 180, "I was shown round."));
        await app.Send(world.Host, new SignHours.Command([new(signed, 2)]));
        var (second, who) = await Second(world);
        At(2026, 11, 4, 9);
        await End(world.Host.PersonId);

        var officer = await app.Browser(world.Officer);
        var address = PlacementsLinks.HandOver(world.Supervisor);
        Assert.Contains("Hand over 3 slots", (await officer.Get(PlacementsLinks.Supervisors(world.Programme))).Words, StringComparison.Ordinal);
        foreach (var page in new[] { PlacementsLinks.Supervisors(world.Programme), PlacementsLinks.Supervisor(world.Supervisor), PlacementsLinks.Timetable(cohort) })
            Assert.Contains(address, (await officer.Get(page)).Document.QuerySelectorAll("main a").Select(a => a.GetAttribute("href")));
        var form = await officer.Get(address);
        Assert.Contains("1 slot with hours that wait to be signed 1 slot whose hours the student has still to log or to mend 1 slot that lies ahead", form.Words, StringComparison.Ordinal);
        Assert.Equal(["Select who takes over"], (await form.Post([])).Errors);
        var before = await app.DrainMail();
        Assert.Equal(PlacementsLinks.Supervisors(world.Programme), (await form.Post([("ToId", second.ToString())])).RedirectsTo);
        Assert.Equal($"3 slots handed over to {who.Name}. Everyone whose dates lie ahead is told by email.", (await officer.Get(PlacementsLinks.Supervisors(world.Programme))).Banner);

        // The student of what lies ahead and whoever has it now; nobody else.
        var told = (await app.DrainMail()).Except(before).ToList();
        Assert.Equal(2, told.Count);
        Assert.Single(told, m => m.Contains($"To: {students[0].Email}", StringComparison.OrdinalIgnoreCase) && m.Contains("Subject: Your placement timetable has changed", StringComparison.Ordinal));
        var email = await app.Email(who.PersonId);
        Assert.Single(told, m => m.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(3, await app.Count("placements_Slot", "SupervisorId = @second AND Id IN (@logged, @worked, @ahead)", new { second, logged, worked, ahead }));
        // What is signed stays with who signed it.
        Assert.Equal(1, await app.Count("placements_Slot", "Id = @signed AND SupervisorId = @Supervisor AND Hours = 'Signed'", new { signed, world.Supervisor }));

        var browser = await app.Browser(who);
        var toSign = await browser.Get(PlacementsLinks.ToSign);
        Assert.Contains("I was shown round.", toSign.Words, StringComparison.Ordinal);
        Assert.Equal(PlacementsLinks.ToSign, (await toSign.Post([("Sign", toSign.Document.QuerySelector("input[name=Sign]")!.GetAttribute("value"))])).RedirectsTo);
        // Whoever had the page of the hours open looks again, and logs them with the new supervisor.
        Assert.IsType<Conflict>((await app.Ask(PlacementWorld.Student(students[0]), new LogHours.Command(worked, 1, 180, "I sat in."))).Refusal);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(worked, 2, 180, "I sat in."));
        await app.Send(who, new SignHours.Command([new(worked, 3)]));
        await app.DrainOutbox();
        Assert.Equal(360, await app.Database(db => db.One<int>("SELECT SUM(Minutes) FROM accreditation_Entry WHERE CauseId IN (@logged, @worked) AND WithdrawnAt IS NULL", new { logged, worked }, default)));

        // Who handed over is told wherever one looks.
        var when = $"on 4 November 2026 at 9am by {world.Officer.Name}";
        foreach (var reader in new[] { officer, browser }) Assert.Contains($"Handed over from Mina Midwife {world.Name} {when}.", (await reader.Get(PlacementsLinks.Slot(worked))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Handed over", (await officer.Get(PlacementsLinks.Slot(signed))).Words, StringComparison.Ordinal);
        foreach (var supervisor in new[] { world.Supervisor, second }) Assert.Contains($"3 slots from Mina Midwife {world.Name} to {who.Name} {when}", (await officer.Get(PlacementsLinks.Supervisor(supervisor))).Words, StringComparison.Ordinal);
        Assert.Contains("nothing lies ahead with them", (await officer.Get(address)).Words, StringComparison.Ordinal);
        Assert.Equal($"Mina Midwife {world.Name} has nothing to hand over any more.", Assert.IsType<Conflict>((await app.Ask(world.Officer, new HandOver.Command(world.Supervisor, second))).Refusal).Sentence);
    }

    [Fact]
    public async Task HandOver_ToWhoCouldNotBePlanned_IsRefusedAndMovesNothing() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (cohort, _) = await world.Cohort(2, from: Monday, to: Monday.AddDays(4));
        await Propose(world, cohort);
        await app.Send(world.Officer, new PublishTimetable.Command(cohort, 1));
        var trust = await app.Given.Organisation(OrganisationKind.PlacementHost, $"Elsewhere {world.Name}");
        var elsewhere = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, trust);
        var theirs = await app.Send(world.Officer, new AddHost.Command(world.Programme, trust, $"Elsewhere {world.Name}", 4, Agreed: true));
        var stranger = await app.Send(elsewhere, new AddSupervisor.Command(world.Programme, elsewhere.PersonId, Register.Nmc, "95I1234E", 4, [theirs]));
        var doulas = await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, $"Doulas {world.Name}", 4, Agreed: true));
        var una = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId, await app.Given.Person($"Una {world.Name}"));
        var second = await app.Send(una, new AddSupervisor.Command(world.Programme, una.PersonId, Register.Nmc, "97I1234E", 1, [doulas]));
        await End(world.Host.PersonId);
        var form = await (await app.Browser(world.Officer)).Get(PlacementsLinks.HandOver(world.Supervisor));
        async Task Refused(string sentence, Guid to) {
            var page = await form.Post([("ToId", to.ToString())]);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Matches(sentence, Assert.Single(page.Errors));
            Assert.Equal(16, await app.Count("placements_Slot", "SupervisorId = @Supervisor AND Version = 2 AND HandOverId IS NULL", new { world.Supervisor }));
            Assert.Equal(0, await app.Count("placements_HandOver", "FromId = @Supervisor", new { world.Supervisor }));
        }
        Task Change(int version, bool isChecked, int capacity, params Guid[] projects) => app.Send(world.Officer, new ChangeSupervisor.Command(second, version, Register.Nmc, "97I1234E", isChecked, capacity, projects, false));
        await Refused("^Select who takes over$", stranger);
        await Refused("^Select who takes over$", world.Supervisor);
        await Refused($"^Una {world.Name} is not, checked, on the register that the induction asks for$", second);
        await Change(1, true, 1, doulas);
        await Refused($"^Una {world.Name} does not supervise in Baby Steps {world.Name}$", second);
        await Change(2, true, 1, doulas, world.Project);
        await Refused($"^Una {world.Name} is not on duty at 16 slots that lie ahead. Put them on duty, or plan the timetable again first$", second);
        await app.Send(una, new SetDuty.Command(second, new(2026, 9, 1), new(2027, 8, 31), [1, 2, 3, 4, 5], [1, 2], true));
        await Refused($"^Una {world.Name} would look after too many students at once in [0-9]+ slots that lie ahead.", second);
        await Change(3, true, 2, doulas, world.Project);
        Assert.NotNull((await form.Post([("ToId", second.ToString())])).RedirectsTo);
        // It is a timetable by the rules as it was.
        var plan = await app.Send(world.Officer, new SeePlan.Query(cohort));
        Assert.Empty(Checker.Check(plan.Problem, plan.Slots));
        Assert.All(plan.Slots, s => Assert.Equal(second, s.SupervisorId));
    }

    [Fact]
    public async Task HandOver_ByProgram_IsDoneOnceAndTheNextSupervisorIsReminded() {
        At(2026, 10, 20, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        var slot = await world.Slot(students[0], Monday, kind: SlotKind.Induction);
        At(2026, 11, 2, 17);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(slot, 1, 180, "I was shown round."));
        var (second, who) = await Second(world);
        At(2026, 11, 4, 9);
        await End(world.Host.PersonId);
        var address = $"/api/v1/placements/supervisors/{world.Supervisor}/hand-over";
        using var key = await app.Api(world.Officer);
        using var stranger = await app.Api(await app.Given.Officer(await app.Given.Authority("Leeds")));
        foreach (var refused in new[] { await stranger.GetAsync(new Uri(address, UriKind.Relative)), await stranger.PostAsJsonAsync(address, new { toId = second }) }) Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        var seen = await key.GetFromJsonAsync<JsonElement>(address);
        Assert.Equal((1, 0, 0, second), (seen.GetProperty("waiting").GetInt32(), seen.GetProperty("worked").GetInt32(), seen.GetProperty("ahead").GetInt32(), seen.GetProperty("candidates")[0].GetProperty("id").GetGuid()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => key.PostAsJsonAsync(address, new { toId = second })));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(1, await app.Count("placements_HandOver", "FromId = @Supervisor AND ToId = @second AND Slots = 1", new { world.Supervisor, second }));
        At(2026, 11, 6, 9, 1);
        var email = await app.Email(who.PersonId);
        Assert.Single(await app.DrainMail(), m => m.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase) && m.Contains("Subject: 1 slot to sign", StringComparison.Ordinal));
    }

    /// <summary>Another registrant at the same host, checked and on duty.</summary>
    async Task<(Guid Id, Actor Who)> Second(PlacementWorld world) {
        var person = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId);
        var id = await app.Send(person, new AddSupervisor.Command(world.Programme, person.PersonId, Register.Nmc, "97I1234E", 4, [world.Project]));
        await app.Send(person, new SetDuty.Command(id, new(2026, 9, 1), new(2027, 8, 31), [1, 2, 3, 4, 5], [1, 2], true));
        await app.Send(world.Officer, new ChangeSupervisor.Command(id, 1, Register.Nmc, "97I1234E", true, 4, [world.Project], false));
        return (id, person);
    }

    async Task End(Guid person) {
        var grant = await app.Database(db => db.One<Guid>("SELECT Id FROM people_Grant WHERE PersonId = @person AND EndedAt IS NULL", new { person }, default));
        await app.Send(await app.Given.Administrator(), new EndRole.Command(person, grant));
    }

    async Task Propose(PlacementWorld world, Guid cohort) =>
        Assert.Equal(HttpStatusCode.Redirect, (await Press(await (await app.Browser(world.Officer)).Get(PlacementsLinks.Timetable(cohort)), "Propose")).Status);

    static Task<WebPage> Press(WebPage page, string handler) => page.Post([], $"form[action$='handler={handler}']");

    async Task<IReadOnlyList<Commitment>> Bound(PlacementWorld world, DateOnly day) {
        var from = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        await using var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateAsyncScope(app.Services);
        var services = scope.ServiceProvider;
        Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Cpd.Platform.Security.CurrentUser>(services).Become(world.Officer.PersonId, world.Officer.Name, world.Officer.Grants);
        return await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Everyone>(services).Ask<FindCommitments, Commitment>(new([world.Host.PersonId], from, from.AddDays(1)), default);
    }

    void At(int year, int month, int day, int hour, int minute = 0) => app.Clock.Set(new(year, month, day, hour, minute, 0, TimeSpan.Zero));
}
