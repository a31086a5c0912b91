using Cpd.Platform.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Cpd.Tests.Platform;

public sealed class DateOnlyBinderTests {
    readonly FormFixture form = new();

    Task<ModelBindingResult> Bind(string day, string month, string year) =>
        form.Bind(new DateOnlyBinder(), "StartsOn", ("StartsOn.Day", day), ("StartsOn.Month", month), ("StartsOn.Year", year));

    [Theory]
    [InlineData("3", "6", "2026")]
    [InlineData(" 03 ", " 06", "2026 ")]
    [InlineData("3", "jun", "2026")]
    [InlineData("3", "June", "2026")]
    [InlineData("3", "JUN.", "20 26")]
    public async Task Bind_DateAsPeopleWriteIt_IsAccepted(string day, string month, string year) {
        var result = await Bind(day, month, year);
        Assert.Equal(new DateOnly(2026, 6, 3), result.Model);
        Assert.True(form.State.IsValid);
    }

    [Fact]
    public async Task Bind_MonthByName_IsAccepted() =>
        Assert.Equal(new DateOnly(2026, 9, 1), (await Bind("1", "sept", "2026")).Model);

    [Theory]
    [InlineData("", "6", "2026", "Starts on must include a day")]
    [InlineData("3", "", "2026", "Starts on must include a month")]
    [InlineData("3", " ", "", "Starts on must include a month and year")]
    [InlineData("3", "6", "26", "Starts on must include a year with 4 numbers")]
    [InlineData("3", "6", "20x6", "Starts on must include a year with 4 numbers")]
    [InlineData("31", "2", "2026", "Starts on must be a real date")]
    [InlineData("29", "2", "2026", "Starts on must be a real date")]
    [InlineData("3", "13", "2026", "Starts on must be a real date")]
    [InlineData("0", "1", "2026", "Starts on must be a real date")]
    [InlineData("3", "smarch", "26", "Starts on must be a real date")]
    [InlineData("3", "6", "0000", "Starts on must include a year with 4 numbers")]
    public async Task Bind_NoDate_SaysWhatIsWrong(string day, string month, string year, string error) {
        var result = await Bind(day, month, year);
        Assert.False(result.IsModelSet);
        Assert.Equal(error, form.Error("StartsOn"));
    }

    [Fact]
    public async Task Bind_NothingTyped_IsNullWithoutError() {
        var result = await Bind("", " ", "");
        Assert.True(result.IsModelSet);
        Assert.Null(result.Model);
        Assert.True(form.State.IsValid);
    }

    [Fact]
    public async Task Bind_IsoValue_IsAccepted() {
        var result = await form.Bind(new DateOnlyBinder(), "StartsOn", ("StartsOn", "2026-06-03"));
        Assert.Equal(new DateOnly(2026, 6, 3), result.Model);
    }

    [Fact]
    public async Task Bind_IsoValueOfNoDate_IsRefused() {
        await form.Bind(new DateOnlyBinder(), "StartsOn", ("StartsOn", "2026-02-30"));
        Assert.Equal("Starts on must be a real date", form.Error("StartsOn"));
    }

    [Fact]
    public async Task Bind_FieldNotSent_LeavesTheModelAlone() =>
        Assert.False((await form.Bind(new DateOnlyBinder(), "StartsOn", ("Other", "1"))).IsModelSet);
}
