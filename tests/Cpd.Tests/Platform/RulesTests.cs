using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Tests.Platform;

/// <summary>The platform's pure rules.</summary>
public sealed class RulesTests {
    const string Table = """
        | Permission | Officer | Manager |
        |---|---|---|
        | `a.see` | own | |
        | `a.keep` | all | self |
        """;

    [Fact]
    public void Matrix_Cells_AreRead() {
        var matrix = Matrix.Parse(Table);
        Assert.Equal(["Officer", "Manager"], matrix.Roles);
        Assert.Equal((Scope.Own, Scope.None, Scope.All, Scope.Self, Scope.None),
            (matrix["Officer", "a.see"], matrix["Manager", "a.see"], matrix["Officer", "a.keep"], matrix["Manager", "a.keep"], matrix["Nobody", "a.see"]));
    }

    [Theory]
    [InlineData("| `a.see` | everything | |", "'everything' at a.see for Officer is no scope")]
    [InlineData("| `a.see` | own |", "1 cells for 2 roles")]
    [InlineData("| `a.see` | own | |\n| `a.see` | own | |", "stands twice")]
    public void Matrix_TableIsWrong_IsRefused(string row, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => Matrix.Parse("| Permission | Officer | Manager |\n|---|---|---|\n" + row)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reach_SeveralRoles_IsTheirSum() {
        var me = new CurrentUser(Matrix.Parse(Table));
        var (authority, person) = (Guid.Parse("11111111-1111-1111-1111-111111111111"), Guid.Parse("22222222-2222-2222-2222-222222222222"));
        me.Become(person, "A Person", [new Grant("Officer", "Authority", authority), new Grant("Manager", "Setting", Guid.Empty)]);
        Assert.Equal([authority], me.Reach("a.see").Authorities);
        Assert.Empty(me.Reach("a.see").Settings);
        Assert.False(me.Reach("a.see").All);
        Assert.True(me.Reach("a.keep").All);
        Assert.Equal(person, me.Reach("a.keep").Self);
        Assert.False(me.May("a.unknown"));
    }

    [Theory]
    [InlineData("2026-03-29", "00:30", "2026-03-29T00:30:00Z")] // the night the clocks go forward
    [InlineData("2026-03-29", "01:30", "2026-03-29T01:30:00Z")] // an hour that is not there: an hour later by the clock
    [InlineData("2026-03-29", "02:30", "2026-03-29T01:30:00Z")]
    [InlineData("2026-10-25", "01:30", "2026-10-25T00:30:00Z")] // an hour that comes twice: the first
    [InlineData("2026-10-25", "02:30", "2026-10-25T02:30:00Z")]
    [InlineData("2026-07-01", "09:00", "2026-07-01T08:00:00Z")]
    public void London_ToUtc_KnowsTheClockChanges(string day, string time, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime, London.ToUtc(
            DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Show_UsesTheDesignSystemsWords() {
        var start = new DateTime(2026, 6, 3, 9, 0, 0, DateTimeKind.Utc);
        Assert.Equal("3 June 2026, 10am to 12:30pm", Show.Period(start, start.AddMinutes(150)));
        Assert.Equal("3 June 2026, 10am to midday", Show.Period(start, start.AddHours(2)));
        Assert.Equal("3 June 2026, 10am to 4 June 2026, 3pm", Show.Period(start, start.AddHours(29)));
        Assert.Equal(("2 hours 30 minutes", "1 hour", "45 minutes"), (Show.Duration(150), Show.Duration(60), Show.Duration(45)));
        Assert.Equal(("Free", "£30", "£7.50"), (Show.Money(0), Show.Money(3000), Show.Money(750)));
        Assert.Equal(("1 place", "1,200 places", "2 people"), (Show.Count(1, "place"), Show.Count(1200, "place"), Show.Count(2, "person", "people")));
    }

    [Fact]
    public void Codes_TypedFromPaper_AreRead() {
        var code = Codes.ForPeople(3);
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", code);
        Assert.Equal("0110-7K3M", Codes.Normalise(" oIl0 7k3m "));
        Assert.Equal(code, Codes.Normalise(code.ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal)));
    }
}
