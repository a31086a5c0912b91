using Cpd.Forums.Meetings;
using Cpd.People.Contracts;

namespace Cpd.Tests.Forums;

/// <summary>Which day of a term is proposed.</summary>
public sealed class ProposalTests {
    static readonly TermCard Autumn = new(2026, "Autumn", new(2026, 9, 2), new(2026, 12, 18));

    [Theory]
    [InlineData(DayOfWeek.Wednesday, "Beginning", "2026-09-09")]
    [InlineData(DayOfWeek.Wednesday, "Middle", "2026-10-28")]
    [InlineData(DayOfWeek.Wednesday, "End", "2026-12-09")]
    [InlineData(DayOfWeek.Friday, "Beginning", "2026-09-11")]
    [InlineData(DayOfWeek.Friday, "End", "2026-12-11")]
    public void Day_OpenTerm_IsTheWeekdayInThatPart(DayOfWeek weekday, string part, string expected) =>
        Assert.Equal(Date(expected), Proposal.Day(Autumn, weekday, Enum.Parse<PartOfTerm>(part), new HashSet<DateOnly>(), Autumn.StartsOn));

    [Fact]
    public void Day_Closed_IsTheNearestOpenOneAndTheEarlierOfTwo() =>
        Assert.Equal(Date("2026-10-21"), Proposal.Day(Autumn, DayOfWeek.Wednesday, PartOfTerm.Middle, new HashSet<DateOnly> { Date("2026-10-28") }, Autumn.StartsOn));

    [Fact]
    public void Day_TermHasPartlyPassed_IsAhead() =>
        Assert.Equal(Date("2026-11-25"), Proposal.Day(Autumn, DayOfWeek.Wednesday, PartOfTerm.Middle, new HashSet<DateOnly>(), Date("2026-11-19")));

    [Fact]
    public void Day_NoneIsLeft_IsNull() =>
        Assert.Null(Proposal.Day(Autumn, DayOfWeek.Wednesday, PartOfTerm.Middle, new HashSet<DateOnly>(), Date("2026-12-17")));

    [Fact]
    public void Day_WeekdayOnceInAShortTerm_IsThatDay() =>
        Assert.Equal(Date("2027-06-09"), Proposal.Day(new(2026, "Half", new(2027, 6, 7), new(2027, 6, 11)), DayOfWeek.Wednesday, PartOfTerm.End, new HashSet<DateOnly>(), Date("2027-06-07")));

    static DateOnly Date(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
}
