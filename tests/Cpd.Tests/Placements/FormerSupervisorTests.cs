using System.Net;
using Cpd.People.Contracts;
using Cpd.People.Feeds;
using Cpd.People.Persons;
using Cpd.Placements;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;
using Cpd.Platform.Messaging;
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
        var second = await Second(world);
        await End(world.Host.PersonId);
        var officer = await app.Browser(world.Officer);
        var address = PlacementsLinks.Timetable(cohort);
        Assert.Contains("and 8 slots ahead still name them. Plan again, or change them by hand.", (await officer.Get(address)).Words, StringComparison.Ordinal);
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

    /// <summary>Another registrant at the same host, checked and on duty.</summary>
    async Task<Guid> Second(PlacementWorld world) {
        var person = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId);
        var id = await app.Send(person, new AddSupervisor.Command(world.Programme, person.PersonId, Register.Nmc, "97I1234E", 4, [world.Project]));
        await app.Send(person, new SetDuty.Command(id, new(2026, 9, 1), new(2027, 8, 31), [1, 2, 3, 4, 5], [1, 2], true));
        await app.Send(world.Officer, new ChangeSupervisor.Command(id, 1, Register.Nmc, "97I1234E", true, 4, [world.Project], false));
        return id;
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
