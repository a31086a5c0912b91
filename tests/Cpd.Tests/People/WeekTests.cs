using Cpd.People.Calendar;
using Cpd.People.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Tests.Training;
using Cpd.Training.Sessions;

namespace Cpd.Tests.People;

/// <summary>What managers and officers are told on Monday of the week that begins.</summary>
public sealed class WeekTests : IDisposable {
    // The clock begins on Monday 5 October 2026, 10am. The session is on Thursday 15 October, 10am, and so in the week that begins on Monday 12 October.
    readonly CpdApp app = new();

    [Fact]
    public async Task Monday_ManagerAndOfficerHearOfTheirWeekOnce() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(3);
        await Plan(scene);
        await Plan(scene);
        await At("2026-10-12 08:59");
        Assert.Empty(await Sent());
        await At("2026-10-12 09:00");
        await At("2026-10-12 12:00");
        await Plan(scene);
        await At("2026-10-13 12:00");

        var manager = await To(scene.Manager);
        Assert.Contains("Subject: Your week from 12 October 2026", manager, StringComparison.Ordinal);
        Assert.Contains("Booked this week: Thursday 15 October 2026 at 10am, Babbling Babies: Person", manager, StringComparison.Ordinal);
        Assert.Contains("/bookings?whose=staff", manager, StringComparison.Ordinal);
        Assert.DoesNotContain("Sessions this week", manager, StringComparison.Ordinal);

        var officer = await To(scene.Officer);
        Assert.Contains("Sessions this week: Thursday 15 October 2026 at 10am, Babbling Babies: 2 of 2 places taken", officer, StringComparison.Ordinal);
        Assert.Contains("Waiting lists: Babbling Babies on 15 October 2026: 1 person waits", officer, StringComparison.Ordinal);
        Assert.DoesNotContain("Booked this week", officer, StringComparison.Ordinal);
        Assert.Equal(2, (await Sent()).Count);
    }

    [Fact]
    public async Task Monday_EverythingThatWaitsForSomebody_IsNamed() {
        var scene = await Scene.Set(app, places: 1);
        var (_, low) = await app.Session(scene.Officer, title: "Messy Play", inDays: 11);
        await app.Send(scene.Officer, new SetSessionRules.Command(low, null, null, 3, new DateOnly(2026, 10, 13)));
        var (_, held) = await app.Session(scene.Officer, title: "Outdoors", inDays: 3);
        await app.Send(scene.Manager, new Cpd.Training.Bookings.BookPlaces.Command(held, [await app.Given.Staff(scene.Setting, "Ola Outdoor")], false));
        var booked = await scene.Book(2);
        await At("2026-10-12 08:30");
        // Whoever waits is offered the place, until after nine.
        await scene.Cancel(booked[0].BookingId);
        await Evaluation(booked[1].BookingId!.Value, scene.Session);
        await Certificate(await app.Given.Staff(scene.Setting, "Cara Certified"), scene, new DateOnly(2026, 10, 30));
        await Certificate(await app.Given.Staff(scene.Setting, "Lena Later"), scene, new DateOnly(2026, 12, 30));
        var dead = await app.Given.Staff(scene.Setting, "Dee Dead");
        await app.Database(db => db.Execute("INSERT INTO platform_DeadAddress (AddressKey, FoundAt) SELECT EmailKey, @Now FROM people_Person WHERE Id = @dead", new { dead, app.Now }, default));
        await app.Database(db => db.Execute("""
            INSERT INTO platform_Message (Id, Kind, CauseId, AuthorityId, Recipient, Subject, Body, DueAt, State, Attempts, Error) VALUES (@Id, 'test', @Id, @Authority, 'a@example.org', 'S', 'B', @Now, 'Parked', 8, 'SmtpException')
            """, new { Id = Ids.New(app.Clock), scene.Authority, app.Now }, default));
        await Plan(scene);
        await At("2026-10-12 09:00");

        var manager = await To(scene.Manager);
        Assert.Contains("Places kept until somebody answers: Person", manager, StringComparison.Ordinal);
        Assert.Contains("Evaluations: 1 evaluation has not been given yet", manager, StringComparison.Ordinal);
        Assert.Contains("Certificates that run out: Cara Certified, Paediatric first aid, until 30 October 2026", manager, StringComparison.Ordinal);
        Assert.DoesNotContain("Lena Later", manager, StringComparison.Ordinal);
        Assert.Contains("People whom messages do not reach: Dee Dead: there is no address", manager, StringComparison.Ordinal);
        var officer = await To(scene.Officer);
        Assert.Contains("Too few people: Messy Play on 16 October 2026: 0 booked, 3 needed", officer, StringComparison.Ordinal);
        Assert.Contains("Registers still open: Outdoors, ended 8 October 2026", officer, StringComparison.Ordinal);
        Assert.Contains("Messages that could not be sent: 1 message waits", officer, StringComparison.Ordinal);
        Assert.Contains("/operations/messages", officer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MondayIsAClosedDay_TheyHearOnTuesdayAlsoWhenThatBecameKnownLate() {
        var scene = await Scene.Set(app, places: 2);
        await scene.Book(1);
        await Plan(scene);
        await app.Send(scene.Officer, new AddClosedDay.Command(scene.Authority, new(2026, 10, 12), "Closed"));
        await Plan(scene);
        await At("2026-10-12 15:00");
        Assert.Empty(await Sent());
        await At("2026-10-13 09:00");
        Assert.Equal(2, (await Sent()).Count);
        Assert.All(await Sent(), m => Assert.Contains("Subject: Your week from 13 October 2026", m, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NothingToSay_OrNotWanted_OrNoManagerAnyMore_NobodyIsWrittenTo() {
        var scene = await Scene.Set(app, places: 2);
        var (elsewhere, quiet) = (await scene.Elsewhere(), await scene.Elsewhere("Bradford"));
        await scene.Book(1);
        await elsewhere.Book(1);
        await Plan(scene);
        var page = await (await app.Browser(scene.Officer)).Get("/your-messages");
        await page.Post([("Wanted", null)]);
        await At("2026-10-12 08:30");
        await app.Database(db => db.Execute("UPDATE people_Grant SET EndedAt = @Now WHERE PersonId = @PersonId", new { elsewhere.Manager.PersonId, app.Now }, default));
        await At("2026-10-12 09:00");
        Assert.Contains($"Dear {scene.Manager.Name},", Assert.Single(await Sent()), StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("platform_Message", "Kind = @Name AND RecipientId = @PersonId AND Error = 'There is nothing to say'", new { TellTheWeek.Name, quiet.Manager.PersonId }));
    }

    [Fact]
    public async Task SettingIsOpenInTermTimeOnly_ItsManagerIsLeftInPeaceBetween() {
        var scene = await Scene.Set(app, places: 2);
        foreach (var (label, from, to) in new[] { ("Autumn 1", new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 9)), ("Autumn 2", new DateOnly(2026, 10, 19), new DateOnly(2026, 12, 18)) })
            await app.Database(db => db.Execute("INSERT INTO people_Term (Id, AuthorityId, SchoolYear, Label, StartsOn, EndsOn) VALUES (@Id, @Authority, 2026, @label, @from, @to)", new { Id = Ids.New(app.Clock), scene.Authority, label, from, to }, default));
        await app.Database(db => db.Execute("UPDATE people_Setting SET TermTimeOnly = 1 WHERE Id = @Setting", new { scene.Setting }, default));
        await scene.Book(1);
        await Plan(scene);
        await At("2026-10-12 09:00");
        Assert.Contains($"Dear {scene.Officer.Name},", Assert.Single(await Sent()), StringComparison.Ordinal);
    }

    Task<Cpd.Platform.Messaging.Done> Plan(Scene scene) => app.Send(scene.Officer, new PlanWeeks.Command());

    Task<int> Evaluation(Guid booking, Guid session) => app.Database(db => db.Execute("""
        INSERT INTO training_Evaluation (BookingId, SessionId, PersonId, Revision, ClosesAt, Answered) SELECT Id, @session, PersonId, 1, @Later, 0 FROM training_Booking WHERE Id = @booking
        """, new { booking, session, Later = app.Now.AddDays(7) }, default));

    Task<int> Certificate(Guid person, Scene scene, DateOnly until) => app.Database(db => db.Execute("""
        INSERT INTO accreditation_Certificate (Id, Number, PersonId, CauseId, Revision, LearnerName, CourseId, CourseTitle, LearningOutcomes, IssuerName, AuthorityId, HappenedOn, StartsAt, EndsAt, Mode, Minutes, ParticipatoryMinutes, IssuedAt, ValidUntil)
        VALUES (@Id, @Number, @person, @Id, 1, 'Somebody', @CourseId, 'Paediatric first aid', '', 'Thurrock', @Authority, @Day, @Now, @Now, 'InPerson', 60, 0, @Now, @until)
        """, new { Id = Ids.New(app.Clock), Number = Codes.ForPeople(3), person, scene.CourseId, scene.Authority, Day = new DateOnly(2025, 10, 1), app.Now, until }, default));

    async Task At(string london) {
        var local = DateTime.ParseExact(london, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        app.Clock.Set(new DateTimeOffset(London.ToUtc(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local)), TimeSpan.Zero));
        await app.DrainMail();
    }

    async Task<IReadOnlyList<string>> Sent() => [.. (await app.DrainMail()).Where(m => m.Contains("Subject: Your week", StringComparison.Ordinal))];

    async Task<string> To(Actor who) => Assert.Single(await Sent(), m => m.Contains($"Dear {who.Name},", StringComparison.Ordinal));

    public void Dispose() => app.Dispose();
}
