using System.Text.RegularExpressions;
using Cpd.People.Calendar;
using Cpd.People.Contracts;
using Cpd.People.Settings;
using Cpd.Platform.Web;
using Cpd.Training.Registers;
using Cpd.Training.Reminders;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>Reminders of a session: sent once, at nine in the morning of the right day, moved and gone with the session and the place.</summary>
public sealed partial class ReminderTests : IDisposable {
    // The clock begins on Monday 5 October 2026, 10am. The session is on Thursday 15 October, 10am.
    readonly CpdApp app = new();

    [Fact]
    public async Task AWeekBefore_WhoHasAPlace_IsRemindedOnceAtNine() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(3);
        await At("2026-10-08 08:55");
        Assert.Empty(await Sent("In a week"));
        await At("2026-10-08 09:00");
        Assert.Equal(2, (await Sent("In a week")).Count);
        await At("2026-10-08 12:00");
        Assert.Equal(2, (await Sent("In a week")).Count);
        Assert.All(await Sent("In a week"), m => {
            Assert.Contains("Subject: In a week: Babbling Babies", m, StringComparison.Ordinal);
            Assert.Contains("15 October 2026, 10am to 12:30pm", m, StringComparison.Ordinal);
            Assert.Contains("Civic Hall, New Road, Grays RM17 6SL", m, StringComparison.Ordinal);
            Assert.Matches(@"\r\nReference: [A-Z0-9-]+\r\n", m);
            Assert.Matches(@"http\S+/bookings/[0-9a-f-]{36}", m);
        });
    }

    [Fact]
    public async Task TheDayBefore_WhoHasAPlace_IsRemindedOnceAtNine() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(1);
        await At("2026-10-13 23:00");
        await At("2026-10-14 08:59");
        Assert.Empty(await Sent("Tomorrow"));
        await At("2026-10-14 09:00");
        await At("2026-10-14 15:00");
        await At("2026-10-15 09:00");
        Assert.Single(await Sent("Tomorrow"));
        Assert.Empty(await Sent("Today"));
    }

    [Fact]
    public async Task TheDayBefore_SessionOnSeveralDates_EachHasItsReminder() {
        var scene = await Scene.Set(app, places: 2, with: c => c with { Dates = [TrainingGiven.Date(new(2026, 10, 15)), TrainingGiven.Date(new(2026, 10, 19))] });
        await scene.Book(1);
        await At("2026-10-08 09:00");
        await At("2026-10-14 09:00");
        // The second date is a Monday: the last day of work before it is Friday.
        await At("2026-10-16 09:00");
        await At("2026-10-18 12:00");
        Assert.Single(await Sent("Tomorrow"));
        var second = Assert.Single(await Sent("On Monday"));
        Assert.Contains("19 October 2026, 10am to 12:30pm", second, StringComparison.Ordinal);
        Assert.DoesNotContain("15 October 2026", second, StringComparison.Ordinal);
        Assert.Single(await Sent("In a week"));
    }

    [Fact]
    public async Task SessionIsMoved_ItsRemindersMoveToo() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(1);
        await At("2026-10-08 09:00");
        Assert.Single(await Sent("In a week"));
        await scene.Move(new(2026, 10, 29));
        await At("2026-10-14 09:00");
        Assert.Empty(await Sent("Tomorrow"));
        await At("2026-10-22 09:00");
        Assert.Equal(2, (await Sent("In a week")).Count);
        await At("2026-10-28 09:00");
        Assert.Single(await Sent("Tomorrow"));
    }

    [Fact]
    public async Task SessionIsMovedAfterItsRoundAndBeforeItsMoment_NobodyIsRemindedOfTheOldDate() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(2);
        await At("2026-10-14 08:30");
        Assert.Equal(2, await app.Count("platform_Message", "Kind = @Name AND State = 'Due' AND RecipientId <> @Empty", new { RemindTheDayBefore.Name, Guid.Empty }));
        await scene.Move(new(2026, 10, 29));
        await At("2026-10-14 09:00");
        Assert.Empty(await Sent("Tomorrow"));
    }

    [Fact]
    public async Task SessionBeginsLaterOnTheSameDayAfterItsRound_ItsRemindersStayAndSayTheNewTime() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(2);
        await At("2026-10-14 08:30");
        await scene.Move(new(2026, 10, 15), from: 13);
        await At("2026-10-14 09:00");
        Assert.Equal(2, (await Sent("Tomorrow")).Count(m => m.Contains("15 October 2026, 1pm to 3:30pm", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SessionOrPlaceIsCancelled_NobodyIsReminded() {
        var scene = await Scene.Set(app, places: 2);
        var other = await Scene.Set(app, places: 2);
        var booked = await scene.Book(2);
        await other.Book(2);
        // One gives the place up before the round and one after it; the other session is cancelled after it.
        await scene.Cancel(booked[0].BookingId);
        await At("2026-10-14 08:30");
        await scene.Cancel(booked[1].BookingId);
        await app.Send(other.Officer, new CancelSession.Command(other.Session, "Ill"));
        await At("2026-10-14 09:00");
        Assert.Empty(await Sent("Tomorrow"));
        Assert.Equal(0, await app.Count("platform_Message", "State = 'Due' AND AboutId = @Session", new { other.Session }));
    }

    [Fact]
    public async Task PersonHasNoAddress_WhoBookedThemIsReminded() {
        var scene = await Scene.Set(app, places: 2);
        var person = (await scene.Book(1))[0].PersonId;
        await app.Database(db => db.Execute("UPDATE people_Person SET Email = NULL, EmailKey = NULL WHERE Id = @person", new { person }, default));
        await At("2026-10-14 09:00");
        var told = Assert.Single(await Sent("Tomorrow"));
        Assert.Contains($"Dear {scene.Manager.Name},", told, StringComparison.Ordinal);
        Assert.Contains("This is about", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostWasAsleepForThreeDays_WhatIsStillTrueGoesOnMondayAndWhatIsPastDoesNot() {
        // Both reminders of the first are past when it wakes on Sunday 11 October; of the second, on the next Thursday, one is still true.
        var past = await Scene.Set(app, places: 2, inDays: 4);
        var true1 = await Scene.Set(app, places: 2);
        await past.Book(1);
        await true1.Book(1);
        await At("2026-10-11 12:00");
        Assert.Empty(await Sent("Today"));
        Assert.Empty(await Sent("On Thursday"));
        await At("2026-10-12 08:30");
        await At("2026-10-12 09:00");
        Assert.Single(await Sent("On Thursday"));
        Assert.Equal(3, (await app.DrainMail()).Count(m => !m.Contains("Subject: Register still open", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DayBeforeIsABankHolidayOrWeekend_TheLastDayOfWorkBeforeItCounts() {
        var scene = await Scene.Set(app, places: 2);
        await app.Send(scene.Officer, new AddClosedDay.Command(scene.Authority, new(2026, 10, 14), "Closed"));
        await app.Send(scene.Officer, new CheckReminders.Command());
        await scene.Book(1);
        await At("2026-10-08 09:00");
        await At("2026-10-13 09:00");
        await At("2026-10-14 09:00");
        Assert.Single(await Sent("On Thursday"));
        Assert.Empty(await Sent("Tomorrow"));
    }

    [Fact]
    public async Task SettingIsOpenInTermTimeOnly_ItsStaffAreRemindedBeforeTheClosedWeek() {
        // Half-term from Monday 26 to Friday 30 October; the session is on Monday 2 November.
        var scene = await Scene.Set(app, places: 5, inDays: 28);
        foreach (var (label, from, to) in new[] { ("Autumn 1", new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 23)), ("Autumn 2", new DateOnly(2026, 11, 2), new DateOnly(2026, 12, 18)) })
            await app.Database(db => db.Execute("INSERT INTO people_Term (Id, AuthorityId, SchoolYear, Label, StartsOn, EndsOn) VALUES (@Id, @Authority, 2026, @label, @from, @to)", new { Id = Cpd.Platform.Data.Ids.New(app.Clock), scene.Authority, label, from, to }, default));
        var officer = await app.Browser(scene.Officer);
        var page = await officer.Get($"/settings/{scene.Setting}");
        Assert.Contains("All year", page.Words, StringComparison.Ordinal);
        page = await officer.Follow((await page.Post([], "#opening")).RedirectsTo!);
        Assert.Equal("The setting is open in term time only.", page.Banner);
        Assert.Contains("In term time only", page.Words, StringComparison.Ordinal);
        await app.Send(scene.Officer, new CheckReminders.Command());
        await scene.Book(1);
        var allYear = await scene.Elsewhere();
        await allYear.Book(1);

        await At("2026-10-23 09:00");
        // "In seven days" falls into the closed week for one, on Monday 26 for the other.
        Assert.Single(await Sent("On 2 November 2026"));
        await At("2026-10-26 09:00");
        Assert.Single(await Sent("In a week"));
        await At("2026-10-30 09:00");
        Assert.Single(await Sent("On Monday"));
    }

    [Fact]
    public async Task Post_OpeningOfASetting_IsForItsOfficers() {
        var scene = await Scene.Set(app, places: 1);
        Assert.Empty((await (await app.Browser(scene.Manager)).Get($"/settings/{scene.Setting}")).Document.QuerySelectorAll("#opening"));
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Bradford")), new SetOpening.Command(scene.Setting, true))).Refusal);
    }

    [Fact]
    public async Task RegisterIsOpen_TrainerIsRemindedOnTheNextDayAndTheOfficersAWeekLater() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var scene = await Scene.Set(app, places: 3, inDays: 1, with: c => c with { TrainerPersonId = trainer.PersonId });
        await scene.Book(2);
        await At("2026-10-06 13:00");
        Assert.Empty(await Sent("Register still open"));
        await At("2026-10-07 09:00");
        await At("2026-10-08 09:00");
        var told = Assert.Single(await Sent("Register still open"));
        Assert.Contains($"Dear {trainer.Name},", told, StringComparison.Ordinal);
        Assert.Contains("2 people do not have their hours", told, StringComparison.Ordinal);
        Assert.Contains($"/sessions/{scene.Session}/register", told, StringComparison.Ordinal);
        await At("2026-10-13 09:00");
        Assert.Equal([trainer.Name, scene.Officer.Name], (await Sent("Register still open")).Skip(1).Select(m => Dear().Match(m).Groups[1].Value).Order());
    }

    [Fact]
    public async Task RegisterIsClosed_NobodyIsReminded() {
        var scene = await Scene.Set(app, places: 3, inDays: 1);
        var booked = await scene.Book(1);
        await At("2026-10-06 13:00");
        await app.Send(scene.Officer, new SaveRegister.Command(scene.Session, [new(booked[0].PersonId, Attendance.Attended, null)], null, Close: true));
        await At("2026-10-07 09:00");
        await At("2026-10-13 09:00");
        Assert.Empty(await Sent("Register still open"));
    }

    [Fact]
    public async Task RegisterIsOpen_SessionHasNoTrainer_OfficersAreReminded() {
        var scene = await Scene.Set(app, places: 3, inDays: 1);
        await scene.Book(1);
        await At("2026-10-07 09:00");
        Assert.Contains($"Dear {scene.Officer.Name},", Assert.Single(await Sent("Register still open")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterIsOpen_SessionWasMovedOrCancelled_IsSaidAfterTheNewDateOrNotAtAll() {
        var (moved, cancelled) = (await Scene.Set(app, places: 2, inDays: 1), await Scene.Set(app, places: 2, inDays: 1));
        foreach (var scene in new[] { moved, cancelled }) await scene.Book(1);
        await moved.Move(new(2026, 10, 12));
        await app.Send(cancelled.Officer, new CancelSession.Command(cancelled.Session, "Ill"));
        await At("2026-10-07 09:00");
        Assert.Empty(await Sent("Register still open"));
        await At("2026-10-13 09:00");
        await At("2026-10-14 09:00");
        // Both officers are the authority's.
        Assert.Equal(2, (await Sent("Register still open")).Count);
        Assert.All(await Sent("Register still open"), m => Assert.Contains($"/sessions/{moved.Session}/register", m, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TooFew_SessionWasMovedOrCancelled_IsSaidWithTheNewDateOrNotAtAll() {
        var (moved, cancelled) = (await Scene.Set(app, places: 10), await Scene.Set(app, places: 10));
        foreach (var scene in new[] { moved, cancelled }) await app.Send(scene.Officer, new SetSessionRules.Command(scene.Session, null, null, 3, new DateOnly(2026, 10, 9)));
        await moved.Move(new(2026, 10, 29));
        // One is cancelled after its round was taken up.
        await At("2026-10-09 08:30");
        await app.Send(cancelled.Officer, new CancelSession.Command(cancelled.Session, "Ill"));
        await At("2026-10-09 09:00");
        await At("2026-10-12 09:00");
        Assert.Equal(2, (await Sent("Too few people")).Count);
        Assert.All(await Sent("Too few people"), m => {
            Assert.Contains($"/manage/sessions/{moved.Session}", m, StringComparison.Ordinal);
            Assert.Contains("29 October 2026", m, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task TooFewOnTheDayOfDeciding_OfficersAreToldOnceAndDecide() {
        var scene = await Scene.Set(app, places: 10);
        await app.Send(scene.Officer, new SetSessionRules.Command(scene.Session, null, null, 3, new DateOnly(2026, 10, 9)));
        await scene.Book(2);
        await At("2026-10-08 12:00");
        Assert.Empty(await Sent("Too few people"));
        await At("2026-10-09 09:00");
        await At("2026-10-12 09:00");
        var told = Assert.Single(await Sent("Too few people"));
        Assert.Contains("2 people are booked", told, StringComparison.Ordinal);
        Assert.Contains($"Dear {scene.Officer.Name}", told, StringComparison.Ordinal);
        var page = await (await app.Browser(scene.Officer)).Get($"/manage/sessions/{scene.Session}");
        Assert.Contains("2 people are booked and the session needs 3", page.Words, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector($"a[href='/manage/sessions/{scene.Session}/cancel']"));
    }

    [Fact]
    public async Task EnoughByThenOrAnotherDay_OfficersAreNotTold() {
        var (enough, later) = (await Scene.Set(app, places: 10), await Scene.Set(app, places: 10));
        foreach (var scene in new[] { enough, later }) await app.Send(scene.Officer, new SetSessionRules.Command(scene.Session, null, null, 2, new DateOnly(2026, 10, 9)));
        await enough.Book(2);
        await app.Send(later.Officer, new SetSessionRules.Command(later.Session, null, null, 2, new DateOnly(2026, 10, 13)));
        await At("2026-10-09 09:00");
        Assert.Empty(await Sent("Too few people"));
        await At("2026-10-13 09:00");
        Assert.NotEmpty(await Sent("Too few people"));
        Assert.All(await Sent("Too few people"), m => Assert.Contains($"/manage/sessions/{later.Session}", m, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_RoundsAreMissing_ArePlannedAndOthersLeftAlone() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(1);
        var before = await app.Count("platform_Message", "AboutId = @Session AND State = 'Due'", new { scene.Session });
        Assert.Equal(1, await app.Send(scene.Officer, new CheckReminders.Command()));
        Assert.Equal(before, await app.Count("platform_Message", "AboutId = @Session", new { scene.Session }));
        await app.Database(db => db.Execute("DELETE FROM platform_Message WHERE AboutId = @Session", new { scene.Session }, default));
        await app.Send(scene.Officer, new CheckReminders.Command());
        Assert.Equal(before, await app.Count("platform_Message", "AboutId = @Session AND State = 'Due'", new { scene.Session }));
    }

    async Task At(string london) {
        var local = DateTime.ParseExact(london, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        app.Clock.Set(new DateTimeOffset(London.ToUtc(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local)), TimeSpan.Zero));
        await app.DrainMail();
    }

    async Task<IReadOnlyList<string>> Sent(string subject) => [.. (await app.DrainMail()).Where(m => m.Contains($"Subject: {subject}: ", StringComparison.Ordinal))];

    [GeneratedRegex(@"Dear (.+),")]
    private static partial Regex Dear();

    public void Dispose() => app.Dispose();
}
