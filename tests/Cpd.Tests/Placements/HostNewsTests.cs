using System.Net;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;

namespace Cpd.Tests.Placements;

/// <summary>Whoever acts for a host is told who comes to its projects, once for a whole timetable, and sees it on a page.</summary>
public sealed class HostNewsTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 11, 2);

    [Fact]
    public async Task Publish_Timetable_TellsEachHostOnceWhoComes() {
        var world = await PlacementWorld.Make(app);
        var (manager, email) = await Colleague(world, "Hedda");
        var elsewhere = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, $"Elsewhere {world.Name}"));
        var (cohort, students) = await world.Cohort(2, from: Monday, to: Monday.AddDays(4));
        var found = await app.Send(world.Officer, new ProposeTimetable.Query(cohort));
        await app.Send(world.Officer, new KeepTimetable.Command(cohort, 0, [.. found.Proposal.Slots.Select(s => new KeepTimetable.Planned(s, Pinned: false))]));
        await app.Send(world.Officer, new PublishTimetable.Command(cohort, 1));
        // Sixteen slots, told by student.
        var mail = Assert.Single(await To(email));
        Assert.Contains($"Subject: Students are coming: {world.Name}", mail, StringComparison.Ordinal);
        Assert.Contains("2 students have been planned in your projects.", mail, StringComparison.Ordinal);
        foreach (var student in students) Assert.Contains($"{student.Name}: Baby Steps {world.Name} (8 slots)", mail.Replace("=\r\n", "", StringComparison.Ordinal).Replace("\r\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        // The supervisor hears of these slots as theirs, and not again; another host of nothing.
        Assert.Single(await To(await Email(world.Host.PersonId)));
        Assert.Empty(await To(await Email(elsewhere.PersonId)));

        // One is called off: that one is told, one by one.
        var slot = await app.Database(db => db.One<Guid>("SELECT Id FROM placements_Slot WHERE StudentId = @Id ORDER BY StartsAt DESC", new { students[1].Id }, default));
        var version = (await app.Send(world.Host, new OpenSlot.Query(slot))).Slot.Version;
        await app.Send(world.Host, new ChangeSlot.Command(slot, version, ChangeSlot.Change.Cancelled, "Closed"));
        var mails = await To(email);
        Assert.Equal(2, mails.Count);
        Assert.Contains(mails, m => m.Contains($"Subject: Changes to who comes: {world.Name}", StringComparison.Ordinal) && m.Contains("(called off)", StringComparison.Ordinal) && !m.Contains(students[0].Name, StringComparison.Ordinal));

        // And on a page, with those that are left.
        var page = await (await app.Browser(manager)).Get(PlacementsLinks.Coming(world.Programme));
        Assert.Equal(15, page.Document.QuerySelectorAll("main li.app-results__item").Length);
        Assert.Contains("Monday 2 November 2026, 9am to midday", page.Words, StringComparison.Ordinal);
        Assert.Contains(PlacementsLinks.Coming(world.Programme), (await (await app.Browser(manager)).Get(PlacementsLinks.Programme(world.Programme))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_TimetableOfTwoHosts_TellsEachOfItsOwnAndWhoActsForBothOfEach() {
        var (world, other) = (await PlacementWorld.Make(app), await PlacementWorld.Make(app));
        var doulas = await app.Send(world.Officer, new AddHost.Command(world.Programme, other.Host.Grants[0].OrganisationId, $"Doulas {world.Name}", 4, Agreed: true));
        await app.Send(other.Host, new AnswerForProject.Command(doulas, 1, ProjectState.Accepted, null, 4, false, [.. (await app.Send(world.Officer, new SeeSetUp.Query(world.Programme))).Themes.Where(t => !t.ByInduction).Select(t => t.Id)], []));
        var doula = await app.Send(other.Host, new AddSupervisor.Command(world.Programme, other.Host.PersonId, Register.None, null, 4, [doulas]));
        await app.Send(other.Host, new SetDuty.Command(doula, Monday, Monday.AddDays(4), [1, 2, 3, 4, 5], [1, 2], true));
        var (_, first) = await Colleague(world, "Hedda");
        var (both, twice) = await Colleague(world, "Bo");
        await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, other.Host.Grants[0].OrganisationId, both.PersonId);
        var (cohort, students) = await world.Cohort(1, hours: 6, from: Monday, to: Monday.AddDays(4));
        await app.Send(world.Officer, new KeepTimetable.Command(cohort, 0, [
            new(new(students[0].Id, new(Monday, 1), world.Project, world.Supervisor, Induction: true), Pinned: false), new(new(students[0].Id, new(Monday, 2), doulas, doula, Induction: false), Pinned: false)]));
        await app.Send(world.Officer, new PublishTimetable.Command(cohort, 1));
        static bool Tells(string mail, string place) => mail.Replace("=\r\n", "", StringComparison.Ordinal).Replace("\r\n", " ", StringComparison.Ordinal).Contains(place, StringComparison.Ordinal);
        Assert.Equal((true, false), (await To(first)).Select(m => (Tells(m, $"Baby Steps {world.Name}"), Tells(m, $"Doulas {world.Name}"))).Single());
        Assert.Equal([(false, true), (true, false)], (await To(twice)).Select(m => (Tells(m, $"Baby Steps {world.Name}"), Tells(m, $"Doulas {world.Name}"))).Order());
        // What is in no project is told to the host whose supervisor has the student.
        await app.Send(world.Officer, new AddSlot.Command(students[0].Id, SlotKind.Shadowing, "Shadowing a health visitor", null, world.Supervisor, Monday.AddDays(1), new(9, 0), new(12, 0)));
        Assert.Contains(await To(first), m => Tells(m, "Shadowing a health visitor"));
        // On the page, each host its own; and from the next day on, what was is not to come.
        Task<string> Coming(Cpd.Platform.Web.Actor who) => Words(who, world.Programme);
        Assert.DoesNotContain($"Doulas {world.Name}", await Coming(world.Host), StringComparison.Ordinal);
        Assert.DoesNotContain($"Baby Steps {world.Name}", await Coming(other.Host), StringComparison.Ordinal);
        app.Clock.Set(new(2026, 11, 3, 9, 0, 0, TimeSpan.Zero));
        Assert.Contains("Nobody is planned from today on", await Coming(other.Host), StringComparison.Ordinal);
        Assert.Contains("Shadowing a health visitor", await Coming(world.Host), StringComparison.Ordinal);
        app.Clock.Set(CpdApp.Start);
    }

    async Task<string> Words(Cpd.Platform.Web.Actor who, Guid programme) => (await (await app.Browser(who)).Get(PlacementsLinks.Coming(programme))).Words;

    [Fact]
    public async Task Coming_WhoMayNotOrNobodyComes_IsToldSo() {
        var (world, other) = (await PlacementWorld.Make(app), await PlacementWorld.Make(app));
        var (_, students) = await world.Cohort(1);
        Assert.Contains("/sign-in", (await app.Browser().Get(PlacementsLinks.Coming(world.Programme))).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(world.Institution)).Get(PlacementsLinks.Coming(world.Programme))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(other.Host)).Get(PlacementsLinks.Coming(world.Programme))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Leeds")))).Get(PlacementsLinks.Coming(world.Programme))).Status);
        Assert.Contains("Nobody is planned from today on", (await (await app.Browser(world.Host)).Get(PlacementsLinks.Coming(world.Programme))).Words, StringComparison.Ordinal);
        // Two hosts in one programme: each its own.
        await world.Slot(students[0], new(2026, 11, 9));
        await app.Send(world.Officer, new AddHost.Command(world.Programme, other.Host.Grants[0].OrganisationId, "Doulas", 2, Agreed: true));
        Assert.Contains("Nobody is planned from today on", (await (await app.Browser(other.Host)).Get(PlacementsLinks.Coming(world.Programme))).Words, StringComparison.Ordinal);
        Assert.Contains(students[0].Name, (await (await app.Browser(world.Officer)).Get(PlacementsLinks.Coming(world.Programme))).Words, StringComparison.Ordinal);
    }

    async Task<(Cpd.Platform.Web.Actor Who, string Email)> Colleague(PlacementWorld world, string name) {
        var who = await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, world.Host.Grants[0].OrganisationId, await app.Given.Person($"{name} {world.Name}"));
        return (who, await Email(who.PersonId));
    }

    async Task<string> Email(Guid person) => (await app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @person", new { person }, default)))!;

    async Task<IReadOnlyList<string>> To(string email) => [.. (await app.DrainMail()).Where(m => m.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase))];
}
