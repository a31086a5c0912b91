using Cpd.Platform.Web;
using Cpd.Training.Reminders;

namespace Cpd.Tests.Training;

/// <summary>Whoever has given a mobile number is reminded by text as well, the day before and on their own phone only.</summary>
public sealed class TextReminderTests : IDisposable {
    // The clock begins on Monday 5 October 2026, 10am. The session is on Thursday 15 October, 10am.
    readonly CpdApp app = new();

    [Fact]
    public async Task TheDayBefore_WhoWantsTexts_GetsOneBesidesTheEmail() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(2);
        await Wants("+447700900123");
        await At("2026-10-08 09:00");
        Assert.Empty(await Texts());
        await At("2026-10-14 08:59");
        Assert.Empty(await Texts());
        await At("2026-10-14 09:00");
        await At("2026-10-14 12:00");
        var text = Assert.Single(await Texts());
        Assert.Contains("To: +447700900123\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Tomorrow at 10am: Babbling Babies, Civic Hall, New Road, Grays RM17 6SL. Your reference: ", text, StringComparison.Ordinal);
        Assert.Matches(@"The booking, and how to cancel it: http\S+/bookings/[0-9a-f-]{36}", text);
        Assert.DoesNotContain("Dear", text, StringComparison.Ordinal);
        Assert.Equal(2, (await app.DrainMail()).Count(m => m.Contains("Subject: Tomorrow: ", StringComparison.Ordinal) && m.Contains("@example.org", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task TheDayBefore_TheyWantNoneAnyMore_GetNone() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(1);
        await Wants("+447700900123");
        await At("2026-10-14 08:30");
        await Wants(null);
        await At("2026-10-14 09:00");
        Assert.Empty(await Texts());
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Cancelled' AND Error = 'They want no text messages'"));
    }

    [Fact]
    public async Task SessionIsMovedOrThePlaceCancelledAfterTheRound_NoTextGoesAboutTheOldDate() {
        var scene = await Scene.Set(app, places: 2);
        var booked = await scene.Book(1);
        await Wants("+447700900123");
        await At("2026-10-14 08:30");
        await scene.Move(new(2026, 10, 29));
        await At("2026-10-14 09:00");
        Assert.Empty(await Texts());
        await At("2026-10-28 08:30");
        Assert.Equal(1, await app.Count("platform_Message", "Kind = @Name AND State = 'Due' AND RecipientId <> @Empty", new { RemindByText.Name, Guid.Empty }));
        await scene.Cancel(booked[0].BookingId);
        await At("2026-10-28 09:00");
        Assert.Empty(await Texts());
    }

    [Fact]
    public async Task SessionIsMoved_TheTextGoesTheDayBeforeTheNewDateOnce() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(1);
        await Wants("+447700900123");
        await scene.Move(new(2026, 10, 29));
        await At("2026-10-14 09:00");
        Assert.Empty(await Texts());
        await At("2026-10-28 09:00");
        await At("2026-10-28 15:00");
        Assert.Single(await Texts());
    }

    /// <summary>The first of those who are booked.</summary>
    async Task Wants(string? mobile) {
        var someone = (await app.Database(db => db.List<Guid>("SELECT PersonId FROM training_Booking ORDER BY Id", null, default)))[0];
        await app.Database(db => db.Execute("UPDATE people_Person SET Mobile = @mobile WHERE Id = @someone", new { mobile, someone }, default));
    }

    async Task At(string london) {
        var (day, time) = (DateOnly.Parse(london[..10], System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(london[11..], System.Globalization.CultureInfo.InvariantCulture));
        app.Clock.Set(London.ToUtc(day, time));
        await app.DrainOutbox();
        await app.DrainMail();
    }

    async Task<IReadOnlyList<string>> Texts() => [.. (await app.DrainMail()).Where(m => m.Contains("\r\nTo: +", StringComparison.Ordinal))];

    public void Dispose() => app.Dispose();
}
