using Cpd.People.Contracts;
using Cpd.Training.Bookings;

namespace Cpd.Tests.Training;

/// <summary>The rule alone: who gets the free places, and what the others read.</summary>
public sealed class AllocationTests {
    static readonly Guid One = new("01990000-0000-7000-8000-000000000001");
    static readonly Guid Other = new("01990000-0000-7000-8000-000000000002");
    static int next;

    static Guid Id() => new(++next, 0, 0, new byte[8]);
    static PlaceRules Rules(int places) => new(places, null, LastCall: false, Offers: true, PassLimit: 3, [], []);
    static Waiter Person(Guid? setting = null, Guid? authority = null, bool approval = false, bool fresh = false, HoldKind? hold = null) => new(Id(), setting, authority, JobRole.Practitioner, approval, fresh, hold);
    static Turn Single(int number, Waiter? person = null, int rank = 0) => new([person ?? Person()], null, rank, number, null, 0);
    static Turn Group(int number, int size, int passes = 0, Guid? setting = null) => new([.. Enumerable.Range(0, size).Select(_ => Person(setting))], Id(), 0, number, null, passes);
    static IEnumerable<Verdict> Verdicts(Allocation.Result result, params Turn[] turns) => turns.Select(t => result.Lines.Last(l => l.Turn == t).Verdict);

    [Fact]
    public void Of_FreePlaces_GoInOrderOfBandAndArrival() {
        var (late, early, first) = (Single(3), Single(2), Single(9, rank: -1));
        var result = Allocation.Of(Rules(5), new Tally(3), [late, early, first]);
        Assert.Equal([Verdict.Offered, Verdict.Offered, Verdict.Behind], Verdicts(result, first, early, late));
        Assert.Equal(0, result.FreeAfter);
    }

    [Fact]
    public void Of_WhoAsksNow_HasThePlaceWithoutAnOffer() {
        var fresh = Single(1, Person(fresh: true));
        Assert.Equal([Verdict.Booked], Verdicts(Allocation.Of(Rules(1), new Tally(0), [fresh]), fresh));
        var waits = Single(1);
        Assert.Equal([Verdict.Booked], Verdicts(Allocation.Of(Rules(1) with { Offers = false }, new Tally(0), [waits]), waits));
    }

    [Fact]
    public void Of_GroupIsTooLarge_IsPassedOverAndCounted() {
        var (group, single) = (Group(1, 2), Single(2));
        var result = Allocation.Of(Rules(4), new Tally(3), [group, single]);
        Assert.Equal([Verdict.PassedOver, Verdict.Offered], Verdicts(result, group, single));
        Assert.Equal([group.GroupId!.Value], result.Passed);
        Assert.Equal("The group needs 2 more places and 1 is free", result.Lines[0].Why);
        Assert.Empty(Allocation.Of(Rules(4), new Tally(3), [group]).Passed);
    }

    [Fact]
    public void Of_GroupWasPassedOverEnough_PlacesAreKeptForIt() {
        var (group, single) = (Group(1, 2, passes: 3), Single(2));
        var result = Allocation.Of(Rules(4), new Tally(3), [group, single]);
        Assert.Equal([Verdict.Kept, Verdict.PassedOver], result.Lines.Where(l => l.Turn == group).Select(l => l.Verdict));
        Assert.Equal([Verdict.Behind], Verdicts(result, single));
    }

    [Fact]
    public void Of_GroupIsLargerThanTheSessionOrOverItsLimit_GathersNothing() {
        var single = Single(2);
        Assert.Equal([Verdict.Offered], Verdicts(Allocation.Of(Rules(4), new Tally(3), [Group(1, 5, passes: 9), single]), single));
        var limited = Rules(4) with { Limits = [new(null, 1, null)] };
        Assert.Equal([Verdict.Offered], Verdicts(Allocation.Of(limited, new Tally(3), [Group(1, 2, passes: 9, setting: One), single]), single));
    }

    [Fact]
    public void Of_PlacesSetAside_AreLeftForTheirAuthority() {
        var rules = Rules(5) with { Quotas = [new(Other, 2, new DateTime(2026, 10, 8, 23, 0, 0, DateTimeKind.Utc))] };
        var tally = new Tally(3);
        tally.Know(null, One, null, 3);
        var (own, theirs) = (Single(1, Person(authority: One)), Single(2, Person(authority: Other)));
        var result = Allocation.Of(rules, tally, [own, theirs]);
        Assert.Equal([Verdict.PassedOver, Verdict.Offered], Verdicts(result, own, theirs));
        Assert.Equal("The free places are kept for other local authorities until 9 October 2026", result.Lines[0].Why);
    }

    [Fact]
    public void Of_LastCall_OnlyWhoAsksNowGetsAPlaceAndTheOthersAreTold() {
        var (waits, asks) = (Single(1), Single(2, Person(fresh: true)));
        var result = Allocation.Of(Rules(1) with { LastCall = true }, new Tally(0), [waits, asks]);
        Assert.Equal([Verdict.LastCall, Verdict.Booked], Verdicts(result, waits, asks));
    }

    [Fact]
    public void Of_BookingIsClosed_NobodyGetsAnything() {
        var turn = Single(1);
        var result = Allocation.Of(Rules(3) with { NotNow = "Booking closed" }, new Tally(0), [turn]);
        Assert.Equal((Verdict.Behind, "Booking closed"), (result.Lines[0].Verdict, result.Lines[0].Why));
    }

    [Fact]
    public void Of_ApprovalIsNeeded_PlaceIsHeldForTheManager() {
        var turn = Single(1, Person(approval: true));
        Assert.Equal([Verdict.Approval], Verdicts(Allocation.Of(Rules(1), new Tally(0), [turn]), turn));
    }
}
