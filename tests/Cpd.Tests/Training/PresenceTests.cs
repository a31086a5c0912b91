using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>What follows from marks, without a database: one session of 10:00 to 12:30 whose course has 150 minutes, unless said otherwise.</summary>
public sealed class PresenceTests {
    static readonly DateTime Start = new(2026, 10, 15, 10, 0, 0, DateTimeKind.Utc);
    static readonly SessionDate[] OneDate = [new() { StartsAt = Start, EndsAt = Start.AddMinutes(150) }];
    static readonly SessionDate[] TwoDates = [OneDate[0], new() { StartsAt = Start.AddDays(1), EndsAt = Start.AddDays(1).AddMinutes(150) }];
    static int next;

    static Guid Nonce(int number) => new(number, 0, 0, new byte[8]);

    /// <param name="made">Minutes after the start at which the mark was made.</param>
    static Mark Made(MarkKind kind, int made, int? at = null, int? until = null, int nonce = 0, int undoes = 0, Attendance? whole = null, int? minutes = null) => new() {
        Nonce = Nonce(nonce == 0 ? ++next + 1000 : nonce), Number = ++next, Kind = kind, MadeAt = Start.AddMinutes(made), Undoes = undoes == 0 ? null : Nonce(undoes), Attendance = whole, Minutes = minutes,
        At = kind is MarkKind.Undo or MarkKind.Whole ? null : at is { } m ? Start.AddMinutes(m) : kind == MarkKind.Times ? null : Start.AddMinutes(made), Until = until is { } u ? Start.AddMinutes(u) : null,
    };

    static (Attendance?, int) Counted(SessionDate[] dates, int tolerance, params Mark[] marks) => Presence.Of(marks, dates).Counted(dates, 150 * dates.Length, tolerance);

    [Theory]
    [InlineData(-20, 0, nameof(Attendance.Attended), 150)]
    [InlineData(10, 10, nameof(Attendance.Attended), 150)]
    [InlineData(11, 10, nameof(Attendance.Part), 139)]
    [InlineData(1, 0, nameof(Attendance.Part), 149)]
    [InlineData(75, 10, nameof(Attendance.Part), 75)]
    [InlineData(149, 10, nameof(Attendance.Part), 1)]
    [InlineData(150, 10, nameof(Attendance.Attended), 150)] // noted after the end: they were there, nobody knows since when
    public void Came_AtAMinute_CountsWithTolerance(int came, int tolerance, string attendance, int minutes) =>
        Assert.Equal((Enum.Parse<Attendance>(attendance), minutes), Counted(OneDate, tolerance, Made(MarkKind.Came, came)));

    [Theory]
    [InlineData(0, 140, 10, nameof(Attendance.Attended), 150)]
    [InlineData(0, 139, 10, nameof(Attendance.Part), 139)]
    [InlineData(9, 75, 10, nameof(Attendance.Part), 75)]
    [InlineData(30, 120, 10, nameof(Attendance.Part), 90)]
    public void CameAndLeft_CountsInProportion(int came, int left, int tolerance, string attendance, int minutes) =>
        Assert.Equal((Enum.Parse<Attendance>(attendance), minutes), Counted(OneDate, tolerance, Made(MarkKind.Came, came), Made(MarkKind.Left, left)));

    [Fact]
    public void Counted_CourseIsShorterThanTheSession_IsInProportion() =>
        Assert.Equal((Attendance.Part, 60), Presence.Of([Made(MarkKind.Came, 0), Made(MarkKind.Left, 75)], OneDate).Counted(OneDate, 120, 10));

    [Fact]
    public void Came_Twice_CountsFromTheFirst() => Assert.Equal(Start.AddMinutes(5), Presence.Of([Made(MarkKind.Came, 5), Made(MarkKind.Came, 90)], OneDate).Days[0].In);

    [Fact]
    public void Came_AfterLeaving_IsHereAgain() {
        var presence = Presence.Of([Made(MarkKind.Came, 5), Made(MarkKind.Left, 60), Made(MarkKind.Came, 80)], OneDate);
        Assert.Equal((Start.AddMinutes(5), (DateTime?)null), (presence.Days[0].In!.Value, presence.Days[0].Out));
    }

    [Fact]
    public void Marks_InAnyOrderOfArrival_ComeToTheSame() {
        Mark[] marks = [
            Made(MarkKind.Came, 3, nonce: 1), Made(MarkKind.Undo, 4, undoes: 1), Made(MarkKind.Came, 20, nonce: 2), Made(MarkKind.Absent, 15), Made(MarkKind.Left, 100, nonce: 3), Made(MarkKind.Undo, 101, undoes: 3),
            Made(MarkKind.Whole, 12, whole: Attendance.DidNotAttend),
        ];
        var expected = Counted(OneDate, 10, marks);
        Assert.Equal((Attendance.Part, 130), expected);
        var random = new Random(1);
        for (var i = 0; i < 200; i++) {
            random.Shuffle(marks);
            Assert.Equal(expected, Counted(OneDate, 10, marks));
        }
    }

    [Fact]
    public void Undo_PutsBackWhatWasBefore() {
        Assert.Equal((null, 0), Counted(OneDate, 10, Made(MarkKind.Came, 1, nonce: 11), Made(MarkKind.Undo, 2, undoes: 11)));
        Assert.Equal((Attendance.Attended, 150), Counted(OneDate, 10, Made(MarkKind.Came, 1), Made(MarkKind.Left, 60, nonce: 12), Made(MarkKind.Undo, 61, undoes: 12)));
        // One that never arrived had no effect.
        Assert.Equal((Attendance.Attended, 150), Counted(OneDate, 10, Made(MarkKind.Came, 1), Made(MarkKind.Undo, 61, undoes: 99)));
    }

    [Fact]
    public void Whole_AndThenADay_TheLaterCounts() {
        Assert.Equal((Attendance.Part, 42), Counted(OneDate, 10, Made(MarkKind.Came, 1), Made(MarkKind.Whole, 200, whole: Attendance.Part, minutes: 42)));
        Assert.Equal((Attendance.Part, 75), Counted(OneDate, 10, Made(MarkKind.Whole, 1, whole: Attendance.Attended), Made(MarkKind.Left, 75)));
        Assert.Equal((null, 0), Counted(OneDate, 10, Made(MarkKind.Came, 1), Made(MarkKind.Whole, 200)));
    }

    [Fact]
    public void TwoDates_CountTogether() {
        Assert.Equal((Attendance.Part, 150), Counted(TwoDates, 10, Made(MarkKind.Came, 0)));
        Assert.Equal((Attendance.Attended, 300), Counted(TwoDates, 10, Made(MarkKind.Came, 0), Made(MarkKind.Came, 24 * 60)));
        Assert.Equal((Attendance.Part, 225), Counted(TwoDates, 10, Made(MarkKind.Came, 0), Made(MarkKind.Came, 24 * 60), Made(MarkKind.Left, 24 * 60 + 75)));
        Assert.Equal((Attendance.Part, 150), Counted(TwoDates, 10, Made(MarkKind.Came, 0), Made(MarkKind.Absent, 24 * 60)));
        Assert.Equal((Attendance.DidNotAttend, 0), Counted(TwoDates, 10, Made(MarkKind.Absent, 0), Made(MarkKind.Absent, 24 * 60)));
        // Recorded as a whole, and then seen to leave early on the second date.
        Assert.Equal((Attendance.Part, 225), Counted(TwoDates, 10, Made(MarkKind.Whole, 0, whole: Attendance.Attended), Made(MarkKind.Left, 24 * 60 + 75)));
    }

    [Fact]
    public void Times_AndClear_SetTheDay() {
        Assert.Equal((Attendance.Part, 100), Counted(OneDate, 10, Made(MarkKind.Times, 500, at: 20, until: 120)));
        Assert.Equal((Attendance.Part, 120), Counted(OneDate, 10, Made(MarkKind.Times, 500, until: 120)));
        Assert.Equal((null, 0), Counted(OneDate, 10, Made(MarkKind.Came, 0), Made(MarkKind.Clear, 500, at: 0)));
    }
}
