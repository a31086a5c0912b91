using Cpd.Forums.Notices;
using Cpd.Platform.Messages;

namespace Cpd.Tests.Forums;

/// <summary>When readers of notice boards are told, without a database. All in summer time: nine o'clock is 8:00 UTC.</summary>
public sealed class DigestMomentsTests {
    static readonly ReminderHours Open = new(new HashSet<DateOnly>());
    // Monday and Tuesday of the second week are closed.
    static readonly ReminderHours Closed = new(new HashSet<DateOnly> { new(2026, 6, 8), new(2026, 6, 9) });

    static DateTime At(int day, int hour, int minute = 0) => new(2026, 6, day, hour, minute, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(2, 7, 2)] // before nine: today
    [InlineData(2, 8, 3)] // at nine: tomorrow
    [InlineData(5, 12, 8)] // Friday noon: Monday
    [InlineData(6, 12, 8)] // Saturday: Monday
    public void NextDaily_IsNineOnTheNextDay(int day, int hour, int expected) => Assert.Equal(At(expected, 8), DigestMoments.NextDaily(Open, At(day, hour)));

    [Fact]
    public void NextDaily_ClosedDays_AreLeftOut() => Assert.Equal(At(10, 8), DigestMoments.NextDaily(Closed, At(5, 12)));

    [Theory]
    [InlineData(1, 7, 1)]
    [InlineData(1, 8, 8)]
    [InlineData(4, 12, 8)]
    public void NextWeekly_IsNineOnMonday(int day, int hour, int expected) => Assert.Equal(At(expected, 8), DigestMoments.NextWeekly(Open, At(day, hour)));

    [Fact]
    public void NextWeekly_MondayIsClosed_IsTheFirstDayThatIsNot() {
        Assert.Equal(At(10, 8), DigestMoments.NextWeekly(Closed, At(4, 12)));
        Assert.Equal(At(15, 8), DigestMoments.NextWeekly(Closed, At(10, 8)));
        Assert.True(DigestMoments.IsWeekly(Closed, At(10, 8)));
        Assert.False(DigestMoments.IsWeekly(Closed, At(11, 8)));
    }

    [Fact]
    public void MomentsBefore_JoinOntoEachOther_SoNothingIsToldTwiceOrLeftOut() {
        foreach (var hours in new[] { Open, Closed })
            for (var now = At(1, 0); now < At(28, 0); now = now.AddMinutes(97)) {
                var (daily, weekly) = (DigestMoments.NextDaily(hours, now), DigestMoments.NextWeekly(hours, now));
                Assert.InRange(now, DigestMoments.DailyBefore(hours, daily), daily.AddTicks(-1));
                Assert.InRange(now, DigestMoments.WeeklyBefore(hours, weekly), weekly.AddTicks(-1));
                Assert.Equal(daily, DigestMoments.NextDaily(hours, DigestMoments.DailyBefore(hours, daily)));
                Assert.Equal(weekly, DigestMoments.NextWeekly(hours, DigestMoments.WeeklyBefore(hours, weekly)));
            }
    }
}
