using System.Globalization;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Tests.Platform;

/// <summary>Reminders come at nine in the morning in London, on a day on which people work, whatever the clocks and the calendar do.</summary>
public sealed class ReminderHoursTests {
    static readonly ReminderHours Plain = new(new HashSet<DateOnly>());

    [Theory]
    // Over both changes of the clocks of 2026: nine in London is nine in UTC in winter and eight in summer.
    [InlineData("2026-03-30 10:00", 1, "2026-03-27 09:00")] // Monday after the clocks went forward on Sunday 29 March: the Friday before, in winter time
    [InlineData("2026-03-31 10:00", 1, "2026-03-30 09:00")]
    [InlineData("2026-04-03 10:00", 7, "2026-03-27 09:00")]
    [InlineData("2026-04-06 10:00", 7, "2026-03-30 09:00")]
    [InlineData("2026-10-26 10:00", 1, "2026-10-23 09:00")] // Monday after they went back on Sunday 25 October
    [InlineData("2026-10-27 10:00", 1, "2026-10-26 09:00")]
    [InlineData("2026-10-30 10:00", 7, "2026-10-23 09:00")]
    [InlineData("2026-11-02 10:00", 7, "2026-10-26 09:00")]
    [InlineData("2028-03-07 10:00", 7, "2028-02-29 09:00")]
    [InlineData("2028-03-01 10:00", 1, "2028-02-29 09:00")]
    [InlineData("2028-02-29 10:00", 1, "2028-02-28 09:00")]
    // A session on a Saturday, and one late at night, whose day in UTC is another.
    [InlineData("2026-06-13 10:00", 7, "2026-06-05 09:00")]
    [InlineData("2026-06-16 00:30", 1, "2026-06-15 09:00")]
    [InlineData("2026-06-16 23:30", 1, "2026-06-15 09:00")]
    public void Before_AnyDay_IsNineInLondonOnAWorkingDay(string starts, int days, string due) =>
        Assert.Equal(due, Words(Plain.Before(Utc(starts), days)));

    [Fact]
    public void Before_BankHolidaysAndClosedDays_AreLeftOut() {
        // Easter 2026: Good Friday 3 April, Easter Monday 6 April; the authority is closed on Thursday too.
        var easter = new ReminderHours(new HashSet<DateOnly> { new(2026, 4, 2), new(2026, 4, 3), new(2026, 4, 6) });
        Assert.Equal("2026-04-01 09:00", Words(easter.Before(Utc("2026-04-07 10:00"), 1)));
        Assert.Equal("2026-04-01 09:00", Words(easter.Before(Utc("2026-04-10 10:00"), 7)));
        Assert.Equal("2026-04-07 09:00", Words(easter.After(Utc("2026-04-01 12:00"), 1)));
    }

    [Fact]
    public void Before_ClosedWeekOfATermTimeSetting_IsTheFridayBeforeIt() {
        // Half-term: 25 to 29 May 2026. A session on the first Monday after it.
        var halfTerm = new ReminderHours(Enumerable.Range(25, 5).Select(d => new DateOnly(2026, 5, d)).ToHashSet());
        Assert.Equal("2026-05-22 09:00", Words(halfTerm.Before(Utc("2026-06-01 10:00"), 1)));
        Assert.Equal("2026-05-22 09:00", Words(halfTerm.Before(Utc("2026-06-01 10:00"), 7)));
    }

    [Fact]
    public void Before_LongHoliday_IsNotWeeksTooEarly() {
        var summer = new ReminderHours(Enumerable.Range(0, 43).Select(d => new DateOnly(2026, 7, 22).AddDays(d)).ToHashSet());
        Assert.Equal("2026-08-28 09:00", Words(summer.Before(Utc("2026-08-31 10:00"), 1)));
    }

    [Theory]
    [InlineData("2026-03-27 09:00", null, "2026-03-27 09:00")] // in working hours: now
    [InlineData("2026-03-27 19:59", null, "2026-03-27 19:59")]
    [InlineData("2026-03-27 20:00", null, "2026-03-30 09:00")] // Friday evening, the clocks change, Monday
    [InlineData("2026-03-28 11:00", null, "2026-03-30 09:00")]
    [InlineData("2026-03-30 03:00", null, "2026-03-30 09:00")]
    [InlineData("2026-10-25 01:30", null, "2026-10-26 09:00")] // the half hour that comes twice
    [InlineData("2026-10-23 21:00", null, "2026-10-26 09:00")]
    [InlineData("2026-03-28 11:00", "2026-03-30 10:00", "2026-03-30 09:00")] // a Saturday, for Monday at ten: nine is early enough
    [InlineData("2026-03-28 11:00", "2026-03-30 08:30", "2026-03-28 11:00")] // for Monday at half past eight it is not: now, though it is Saturday
    [InlineData("2026-03-29 03:00", "2026-03-29 10:00", "2026-03-29 08:00")] // at night, for the same Sunday: in the morning
    [InlineData("2026-03-28 22:00", "2026-03-29 10:00", "2026-03-29 08:00")]
    [InlineData("2026-03-29 03:00", "2026-03-29 07:00", "2026-03-29 03:00")] // and at once when the morning is too late
    public void Next_AnyMoment_IsTheFirstAtWhichItMayGo(string now, string? goodUntil, string next) =>
        Assert.Equal(next, Words(Plain.Next(Utc(now), goodUntil is null ? null : Utc(goodUntil))));

    [Fact]
    public void Next_BothHalvesOfTheHourThatComesTwice_WaitForTheSameMoment() {
        var (first, second) = (new DateTime(2026, 10, 25, 0, 30, 0, DateTimeKind.Utc), new DateTime(2026, 10, 25, 1, 30, 0, DateTimeKind.Utc));
        Assert.Equal(London.FromUtc(first), London.FromUtc(second));
        Assert.Equal(Plain.Next(first, null), Plain.Next(second, null));
    }

    static DateTime Utc(string london) => DateTime.ParseExact(london, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) is var local ? London.ToUtc(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local)) : default;
    static string Words(DateTime utc) => London.FromUtc(utc).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
