using Cpd.Training.Bookings;

namespace Cpd.Tests.Training;

public sealed class WorkingTimeTests {
    static readonly WorkingTime Time = new(new TimeOnly(9, 0), new TimeOnly(17, 0), new HashSet<DateOnly> { new(2026, 12, 25), new(2026, 12, 28) });

    static DateTime London(int month, int day, int hour, int minute = 0) => Cpd.Platform.Web.London.ToUtc(new DateOnly(2026, month, day), new TimeOnly(hour, minute));

    [Theory]
    [InlineData(10, 5, 10, 1, 10, 5, 11)] // within a Monday
    [InlineData(10, 5, 10, 24, 10, 8, 10)] // three days of eight hours
    [InlineData(10, 9, 16, 2, 10, 12, 10)] // over a weekend
    [InlineData(10, 10, 12, 1, 10, 12, 10)] // begun on a Saturday
    [InlineData(10, 5, 20, 1, 10, 6, 10)] // begun in the evening
    [InlineData(10, 5, 6, 8, 10, 5, 17)] // begun before work
    [InlineData(10, 23, 16, 2, 10, 26, 10)] // over the night in which the clocks go back
    [InlineData(12, 24, 16, 2, 12, 29, 10)] // over Christmas and its bank holiday
    public void After_CountsOnlyHoursOfWork(int month, int day, int hour, int hours, int toMonth, int toDay, int toHour) {
        Assert.Equal(London(toMonth, toDay, toHour), Time.After(London(month, day, hour), hours));
    }

    [Theory]
    [InlineData(10, 5, 14, 4, 10, 5, 10)]
    [InlineData(10, 6, 10, 4, 10, 5, 14)] // three hours of the day before
    [InlineData(10, 12, 9, 4, 10, 9, 13)] // before a Monday morning: the Friday before
    [InlineData(12, 29, 9, 1, 12, 24, 16)]
    public void Before_IsTheMomentFromWhichSoManyHoursRemain(int month, int day, int hour, int hours, int fromMonth, int fromDay, int fromHour) {
        Assert.Equal(London(fromMonth, fromDay, fromHour), Time.Before(London(month, day, hour), hours));
    }

    [Fact]
    public void After_NobodyEverWorks_CountsAsTimePasses() {
        var never = new WorkingTime(new TimeOnly(9, 0), new TimeOnly(9, 0), new HashSet<DateOnly>());
        Assert.Equal(London(10, 5, 12), never.After(London(10, 5, 10), 2));
        Assert.Equal(London(10, 5, 8), never.Before(London(10, 5, 10), 2));
    }

    [Fact]
    public void Before_NoHours_IsTheMomentItself() => Assert.Equal(London(10, 10, 3), Time.Before(London(10, 10, 3), 0));
}
