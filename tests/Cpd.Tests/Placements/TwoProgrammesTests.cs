using Cpd.Placements;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.Placements;

/// <summary>Somebody who supervises in two programmes has their places once: what one has given them, the other can't.</summary>
public sealed class TwoProgrammesTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Monday = new(2026, 11, 2);

    [Fact]
    public async Task AddAndReschedule_PlacesThatAnotherProgrammeHasTaken_AreNotThere() {
        var (one, other) = await Two();
        var (_, students) = await one.Cohort(1, from: Monday, to: Monday.AddDays(11));
        var (_, others) = await other.Cohort(1, from: Monday, to: Monday.AddDays(11));
        await one.Slot(students[0], Monday.AddDays(7));
        var add = new AddSlot.Command(others[0].Id, SlotKind.Project, null, other.Project, other.Supervisor, Monday.AddDays(7), PlacementWorld.Parts[0].Starts, PlacementWorld.Parts[0].Ends);
        Assert.Equal($"There is no room then: Mina Midwife {one.Name} looks after 1 student already.", Assert.IsType<Conflict>((await app.Ask(other.Officer, add)).Refusal).Sentence);
        // In the afternoon she is free; and a part of a morning is one too.
        await app.Send(other.Officer, add with { Starts = PlacementWorld.Parts[1].Starts, Ends = PlacementWorld.Parts[1].Ends });
        Assert.IsType<Conflict>((await app.Ask(other.Officer, add with { Starts = new(11, 30), Ends = new(12, 30) })).Refusal);

        // A missed slot can't be made good where the other programme has her either.
        var missed = await other.Slot(others[0], Monday);
        app.Clock.Set(new(2026, 11, 2, 17, 0, 0, TimeSpan.Zero));
        await app.Send(other.Host, new ChangeSlot.Command(missed, 1, ChangeSlot.Change.Missed, "Ill"));
        var options = (await app.Send(other.Host, new FindFree.Query(missed))).Options;
        Assert.DoesNotContain(options, o => o.Day == Monday.AddDays(7));
        Assert.Contains(options, o => o.Day == Monday.AddDays(8) && o.DayPart == 1);
        app.Clock.Set(CpdApp.Start);
    }

    [Fact]
    public async Task Plan_PlacesThatAnotherProgrammeHasTaken_AreNotPlanned() {
        var (one, other) = await Two();
        var (_, students) = await one.Cohort(2, from: Monday, to: Monday.AddDays(4));
        var (cohort, _) = await other.Cohort(1, from: Monday, to: Monday.AddDays(4));
        // Planned before the other takes of it: nobody sees a draft but those who make it.
        await Keep(other, cohort);
        var when = (await app.Send(other.Officer, new SeePlan.Query(cohort))).Slots.Max(s => s.When);
        await one.Slot(students[0], when.Day, when.Part - 1);
        var officer = await app.Browser(other.Officer);
        Assert.Contains($"Mina Midwife {one.Name} is not on duty, or has no place left then.", (await officer.Get(PlacementsLinks.Timetable(cohort))).Words, StringComparison.Ordinal);
        Assert.Contains("has no place left then", Assert.IsType<Conflict>((await app.Ask(other.Officer, new PublishTimetable.Command(cohort, 1))).Refusal).Sentence, StringComparison.Ordinal);
        // Planned again, around it.
        await Keep(other, cohort);
        var plan = await app.Send(other.Officer, new SeePlan.Query(cohort));
        Assert.DoesNotContain(plan.Slots, s => s.When == when);
        await app.Send(other.Officer, new PublishTimetable.Command(cohort, plan.Version));
        // Eight of her ten mornings and afternoons, and one of the other's: one is left for the second student, and no more.
        var (free, taken) = (plan.Problem.Parts.Select(p => p.When).Where(w => w.Day <= Monday.AddDays(4) && w != when && plan.Slots.All(s => s.When != w)).ToList(), plan.Slots[0].When);
        Assert.Single(free);
        Assert.IsType<Conflict>((await app.Ask(one.Officer, Add(one, students[1].Id, taken))).Refusal);
        await app.Send(one.Officer, Add(one, students[1].Id, free[0]));
    }

    [Fact]
    public async Task Add_InBothAtOnce_OneIsAdded() {
        var (one, other) = await Two();
        var (_, students) = await one.Cohort(3, from: Monday, to: Monday.AddDays(4));
        var (_, others) = await other.Cohort(3, from: Monday, to: Monday.AddDays(4));
        var outcomes = await Task.WhenAll(students.Select(s => app.Ask(one.Officer, Add(one, s.Id, new(Monday, 1)))).Concat(others.Select(s => app.Ask(other.Officer, Add(other, s.Id, new(Monday, 1))))));
        Assert.Equal(1, outcomes.Count(o => o.Refusal is null));
        Assert.Equal(1, await app.Count("placements_Slot", "SupervisorId IN (SELECT Id FROM placements_Supervisor WHERE PersonId = @PersonId)", new { one.Host.PersonId }));
    }

    [Fact]
    public async Task ChangeSupervisor_FewerAtOnceThanBothProgrammesHaveThen_IsRefused() {
        var host = (await PlacementWorld.Make(app)).Host;
        var (one, other) = (await PlacementWorld.Make(app, capacity: 2, host: host), await PlacementWorld.Make(app, capacity: 2, host: host));
        var (_, students) = await one.Cohort(1, from: Monday, to: Monday.AddDays(4));
        var (_, others) = await other.Cohort(2, from: Monday, to: Monday.AddDays(4));
        foreach (var student in others) await other.Slot(student, Monday.AddDays(1));
        ChangeSupervisor.Command Fewer(int version) => new(one.Supervisor, version, Register.Nmc, "98I1234E", true, 1, [one.Project], false);
        // Two of the other programme alone are that programme's affair.
        await app.Send(one.Officer, Fewer(2));
        await app.Send(one.Officer, Fewer(3) with { Capacity = 2 });
        await one.Slot(students[0], Monday);
        await app.Send(other.Host, new ChangeSlot.Command(await Of(others[0].Id), 1, ChangeSlot.Change.Cancelled, "Another day"));
        await other.Slot(others[0], Monday);
        Assert.Equal("1 slot with students lies ahead with more students at once than that. The local authority has to plan it anew first.",
            Assert.Single(Assert.IsType<Invalid>((await app.Ask(one.Officer, Fewer(4))).Refusal).Errors).Sentence);
    }

    /// <summary>Two programmes in which the same person supervises, one student at once.</summary>
    async Task<(PlacementWorld One, PlacementWorld Other)> Two() {
        var one = await PlacementWorld.Make(app, capacity: 1);
        return (one, await PlacementWorld.Make(app, capacity: 1, host: one.Host));
    }

    static AddSlot.Command Add(PlacementWorld world, Guid student, When when) =>
        new(student, SlotKind.Project, null, world.Project, world.Supervisor, when.Day, PlacementWorld.Parts[when.Part - 1].Starts, PlacementWorld.Parts[when.Part - 1].Ends);

    async Task Keep(PlacementWorld world, Guid cohort) {
        var found = await app.Send(world.Officer, new ProposeTimetable.Query(cohort));
        await app.Send(world.Officer, new KeepTimetable.Command(cohort, found.Plan.Version, [.. found.Proposal.Slots.Select(s => new KeepTimetable.Planned(s, Pinned: false))]));
    }

    Task<Guid> Of(Guid student) => app.Database(db => db.One<Guid>("SELECT Id FROM placements_Slot WHERE StudentId = @student", new { student }, default));
}
