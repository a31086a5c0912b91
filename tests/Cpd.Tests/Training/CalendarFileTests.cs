using System.Text;
using Cpd.Platform.Web;
using Cpd.Training;

namespace Cpd.Tests.Training;

public sealed class CalendarFileTests {
    static readonly DateTime At = new(2026, 11, 12, 9, 30, 0, DateTimeKind.Utc);

    [Fact]
    public void Write_LongAndAwkwardText_IsFoldedAndEscaped() {
        var summary = string.Concat(Enumerable.Repeat("Zoë’s course, part; one\\two ☂ ", 10)) + "\r\nBEGIN:VEVENT";
        var text = CalendarFile.Write([new("uid-1@cpd", At, At.AddHours(2), summary, "", "", null, 3)], At);
        Assert.EndsWith("END:VCALENDAR\r\n", text, StringComparison.Ordinal);
        Assert.All(text.Split("\r\n"), line => {
            Assert.DoesNotContain('\n', line);
            Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75);
        });
        var unfolded = text.Replace("\r\n ", "", StringComparison.Ordinal);
        var line = unfolded.Split("\r\n").Single(l => l.StartsWith("SUMMARY:", StringComparison.Ordinal))[8..];
        Assert.Equal(summary.ReplaceLineEndings("\n"), line.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\,", ",", StringComparison.Ordinal).Replace("\\;", ";", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal));
        Assert.Equal(1, unfolded.Split("\r\n").Count(l => l == "BEGIN:VEVENT"));
        Assert.Contains("DTSTAMP:20261112T093000Z\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Babbling  Babies: Zoë’s course", " babbling babies zoes course")]
    [InlineData("50% off_now", " 50 off now")]
    [InlineData("", "")]
    public void WordKey_Of_HasASpaceBeforeEachWord(string text, string key) => Assert.Equal(key, WordKey.Of(text));
}
