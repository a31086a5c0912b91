using Cpd.Platform.Web;

namespace Cpd.Tests.Platform;

public sealed class TimeOnlyBinderTests {
    readonly FormFixture form = new();

    [Theory]
    [InlineData("9:30am", 9, 30)]
    [InlineData("9.30 am", 9, 30)]
    [InlineData("9:30 A.M.", 9, 30)]
    [InlineData("09:30", 9, 30)]
    [InlineData("0930", 9, 30)]
    [InlineData("09:30:00", 9, 30)]
    [InlineData("17.05", 17, 5)]
    [InlineData("2pm", 14, 0)]
    [InlineData("12pm", 12, 0)]
    [InlineData("12am", 0, 0)]
    [InlineData("midday", 12, 0)]
    [InlineData(" Noon ", 12, 0)]
    [InlineData("midnight", 0, 0)]
    public async Task Bind_TimeAsPeopleWriteIt_IsAccepted(string typed, int hour, int minute) {
        var result = await form.Bind(new TimeOnlyBinder(), "StartsAt", ("StartsAt", typed));
        Assert.Equal(new TimeOnly(hour, minute), result.Model);
    }

    [Theory]
    [InlineData("9")]
    [InlineData("25:00")]
    [InlineData("9:60am")]
    [InlineData("13pm")]
    [InlineData("0am")]
    [InlineData("soon")]
    public async Task Bind_NoTime_SaysHowToWriteOne(string typed) {
        var result = await form.Bind(new TimeOnlyBinder(), "StartsAt", ("StartsAt", typed));
        Assert.False(result.IsModelSet);
        Assert.Equal("Starts at must be a time, like 9:30am", form.Error("StartsAt"));
    }

    [Fact]
    public async Task Bind_NothingTyped_IsNullWithoutError() {
        var result = await form.Bind(new TimeOnlyBinder(), "StartsAt", ("StartsAt", "  "));
        Assert.Null(result.Model);
        Assert.Null(form.Error("StartsAt"));
    }

    [Theory]
    [InlineData(9, 30, "9:30am")]
    [InlineData(14, 0, "2pm")]
    [InlineData(0, 5, "12:05am")]
    public void Write_GivesWhatTheBinderReads(int hour, int minute, string text) {
        Assert.Equal(text, TimeOnlyBinder.Write(new TimeOnly(hour, minute)));
        Assert.Equal(new TimeOnly(hour, minute), TimeOnlyBinder.Parse(text));
    }
}
