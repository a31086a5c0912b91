using System.Net;
using Cpd.Platform.Web;
using Cpd.Tests.Training;
using Cpd.Training.Bookings;
using Cpd.Training.Courses;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Calendars;

public sealed class BookingCalendarTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public BookingCalendarTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    /// <summary>Time goes on, so that messages have an order.</summary>
    void Tick() => app.Clock.Advance(TimeSpan.FromSeconds(1));

    static AddSession.Command Online(AddSession.Command c) => c with { JoiningLink = "https://meet.example/room,1" };
    AddSession.Command Dates(AddSession.Command c, int count) => c with { Dates = [.. Enumerable.Range(0, count).Select(i => TrainingGiven.Date(London.Today(app.Clock).AddDays(13 + 7 * i)))] };

    async Task Edit(Scene scene, Func<EditSession.Command, EditSession.Command> with) {
        var now = await app.Database(db => db.One<Row>("SELECT Version, Places FROM training_Session WHERE Id = @Session", new { scene.Session }, default));
        await app.Send(scene.Officer, with(new EditSession.Command {
            Id = scene.Session, Version = now!.Version, Dates = [TrainingGiven.Date(London.Today(app.Clock).AddDays(10))], Places = now.Places, VenueName = "Civic Hall", VenueAddress = "New Road, Grays RM17 6SL",
        }));
    }

    sealed record Row {
        public int Version { get; init; }
        public int Places { get; init; }
    }

    [Fact]
    public async Task Book_PersonWithAnAddress_IsInvitedAlone() {
        var scene = await Scene.Set(app, places: 5, with: Online);
        var answers = await scene.Book(2);
        var mail = Assert.Single(await app.MailTo(answers[0].PersonId));
        Assert.Equal("REQUEST", mail.Method);
        var invited = await mail.Event();
        Assert.Equal(($"{answers[0].BookingId:N}-1@cpd", 1, "CONFIRMED", "Babbling Babies"), (invited.Uid, invited.Sequence, invited.Status, invited.Summary));
        // 10am in London, in summer time.
        Assert.Equal((new DateTimeOffset(2026, 10, 15, 9, 0, 0, TimeSpan.Zero), "2026-10-15T10:00:00", "Europe/London"), (invited.Start.At, invited.Start.Local, invited.Start.Zone));
        Assert.Equal("mailto:" + mail.To, Assert.Single(invited.Attendees).Value);
        Assert.Equal("mailto:no-reply@localhost", invited.Organizer);
        Assert.Contains("To join: https://meet.example/room,1", invited.Description, StringComparison.Ordinal);
        Assert.Equal("Civic Hall, New Road, Grays RM17 6SL", invited.Location);
        Assert.Equal($"http://localhost:5080/bookings/{answers[0].BookingId}", invited.Url);
        Assert.DoesNotContain(await app.Email(answers[1].PersonId), mail.Calendar!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sent_Message_IsWipedOfItsInvitation() {
        var scene = await Scene.Set(app, places: 5);
        var theirs = new { Email = await app.Email((await scene.Book(1)).Single().PersonId) };
        Assert.Equal(1, await app.Count("platform_Message", "Calendar IS NOT NULL AND Recipient = @Email", theirs));
        await app.DrainMail();
        Assert.Equal(1, await app.Count("platform_Message", "Recipient = @Email", theirs));
        Assert.Equal(0, await app.Count("platform_Message", "Calendar IS NOT NULL AND Recipient = @Email", theirs));
    }

    [Fact]
    public async Task Wait_ThenOfferAccepted_IsInvitedOnlyThen() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(2);
        Tick();
        await scene.Cancel(answers[0].BookingId);
        Assert.All(await app.MailTo(answers[1].PersonId), m => Assert.Null(m.Calendar));
        Tick();
        await app.Send(scene.Manager, new AnswerOffer.Command(answers[1].BookingId!.Value, AnswerOffer.Reply.Accept));
        var mails = await app.MailTo(answers[1].PersonId);
        Assert.Equal(3, mails.Count);
        Assert.Equal(("REQUEST", 1), (mails[^1].Method, (await mails[^1].Event()).Sequence));
    }

    [Fact]
    public async Task Wait_ThenLeft_IsToldWithoutACalendar() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(2);
        Tick();
        await scene.Cancel(answers[1].BookingId);
        var mails = await app.MailTo(answers[1].PersonId);
        Assert.Equal(2, mails.Count);
        Assert.All(mails, m => Assert.Null(m.Calendar));
    }

    [Fact]
    public async Task Promoted_GroupWithoutOffers_EachPersonIsInvited() {
        var scene = await Scene.Set(app, places: 2, authority: "Blackpool");
        await app.Rules(scene.Officer, r => r with { Offers = false });
        var first = await scene.Book(2);
        var group = await (await scene.Elsewhere()).Book(2, together: true);
        Tick();
        foreach (var booking in first) await scene.Cancel(booking.BookingId);
        foreach (var one in group) Assert.Equal("REQUEST", (await app.MailTo(one.PersonId))[^1].Method);
    }

    [Fact]
    public async Task ChangedThenCancelled_SameUidAndTheNumberOnlyRises() {
        var scene = await Scene.Set(app, places: 1, with: Online);
        var answers = await scene.Book(2);
        Tick();
        await Edit(scene, c => c with { Dates = [TrainingGiven.Date(new DateOnly(2026, 11, 2))], JoiningLink = "https://meet.example/room,1" });
        // More places are no change of the appointment; another link is.
        await app.Send(scene.Officer, new SetPlaces.Command(scene.Session, 1));
        Tick();
        await Edit(scene, c => c with { Dates = [TrainingGiven.Date(new DateOnly(2026, 11, 2))], JoiningLink = "https://meet.example/room,2" });
        Tick();
        await scene.Cancel(answers[0].BookingId);
        var mails = await app.MailTo(answers[0].PersonId);
        Assert.Equal(["REQUEST", "REQUEST", "REQUEST", "CANCEL"], mails.Select(m => m.Method));
        var events = new List<ICalEvent>();
        foreach (var mail in mails) events.Add(await mail.Event());
        Assert.Single(events.Select(e => e.Uid).Distinct());
        Assert.Equal([1, 2, 3, 4], events.Select(e => e.Sequence));
        Assert.True(events[1].Stamp.At > events[0].Stamp.At);
        // In November it is winter time.
        Assert.Equal((new DateTimeOffset(2026, 11, 2, 10, 0, 0, TimeSpan.Zero), "2026-11-02T10:00:00"), (events[1].Start.At, events[1].Start.Local));
        Assert.Equal(("CANCELLED", "Cancelled: Babbling Babies"), (events[3].Status, events[3].Summary));
        Assert.DoesNotContain("meet.example", events[3].Description, StringComparison.Ordinal);
        // Who waits is told of the new date, not of a link that they may not see.
        var waits = await app.MailTo(answers[1].PersonId);
        Assert.Equal(1, waits.Count(m => m.Subject.StartsWith("Session changed", StringComparison.Ordinal)));
        Assert.All(waits, m => Assert.Null(m.Calendar));
    }

    [Fact]
    public async Task SeveralDates_EachHasAnInvitationAndADateTakenAwayIsCancelled() {
        var scene = await Scene.Set(app, places: 5, with: c => Dates(c, 3));
        var person = (await scene.Book(1))[0];
        var mails = await app.MailTo(person.PersonId);
        Assert.Equal(["Booked: Babbling Babies", "Date 2 of 3: Babbling Babies", "Date 3 of 3: Babbling Babies"], mails.Select(m => m.Subject));
        for (var i = 0; i < 3; i++) {
            var invited = await mails[i].Event();
            Assert.Equal(($"{person.BookingId:N}-{i + 1}@cpd", $"Babbling Babies (date {i + 1} of 3)", 1), (invited.Uid, invited.Summary, invited.Sequence));
        }
        Tick();
        await Edit(scene, c => c with { Dates = Dates(new(), 2).Dates });
        var after = (await app.MailTo(person.PersonId)).Skip(3).ToList();
        Assert.Equal(["REQUEST", "REQUEST", "CANCEL"], after.Select(m => m.Method));
        var gone = await after[2].Event();
        Assert.Equal(($"{person.BookingId:N}-3@cpd", 2, "CANCELLED"), (gone.Uid, gone.Sequence, gone.Status));
        Assert.Equal("Date 3 cancelled: Babbling Babies", after[2].Subject);
        Tick();
        await scene.Cancel(person.BookingId);
        Assert.Equal(["CANCEL", "CANCEL"], (await app.MailTo(person.PersonId)).Skip(6).Select(m => m.Method));
    }

    [Fact]
    public async Task CancelSession_BookedAndWaiting_OnlyTheBookedHaveSomethingToDrop() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(2);
        Tick();
        await app.Send(scene.Officer, new CancelSession.Command(scene.Session, "Snow"));
        var mail = (await app.MailTo(answers[0].PersonId))[^1];
        Assert.Equal("CANCEL", mail.Method);
        Assert.Equal(("CANCELLED", 2), ((await mail.Event()).Status, (await mail.Event()).Sequence));
        var other = (await app.MailTo(answers[1].PersonId))[^1];
        Assert.StartsWith("Session cancelled", other.Subject, StringComparison.Ordinal);
        Assert.Null(other.Calendar);
    }

    [Fact]
    public async Task Merge_OtherDate_MovesTheSameAppointment() {
        var scene = await Scene.Set(app, places: 5, with: c => Dates(c, 2));
        var answer = (await scene.Book(1))[0];
        var to = await app.Send(scene.Officer, new AddSession.Command { CourseId = scene.CourseId, Dates = [TrainingGiven.Date(new DateOnly(2026, 12, 1))], Places = 5, VenueName = "Library" });
        await app.Send(scene.Officer, new PublishSession.Command(to));
        Tick();
        await app.Send(scene.Officer, new CancelSession.Command(scene.Session, "Too few", to, Merge: true));
        var mails = (await app.MailTo(answer.PersonId)).Skip(2).ToList();
        Assert.Equal(["REQUEST", "CANCEL"], mails.Select(m => m.Method));
        var moved = await mails[0].Event();
        Assert.Equal(($"{answer.BookingId:N}-1@cpd", 2, "Library", "2026-12-01T10:00:00"), (moved.Uid, moved.Sequence, moved.Location, moved.Start.Local));
        Assert.Equal($"{answer.BookingId:N}-2@cpd", (await mails[1].Event()).Uid);
    }

    [Fact]
    public async Task Book_PersonWithoutAnAddress_WhoeverBookedGetsNoInvitation() {
        var scene = await Scene.Set(app, places: 5);
        var person = await app.Given.Staff(scene.Setting);
        await app.Database(db => db.Execute("UPDATE people_Person SET Email = NULL, EmailKey = NULL WHERE Id = @person", new { person }, default));
        await app.Send(scene.Manager, new BookPlaces.Command(scene.Session, [person]));
        var mail = Assert.Single(await app.MailTo(scene.Manager.PersonId));
        Assert.Null(mail.Calendar);
    }

    [Fact]
    public async Task Get_CalendarFile_HoldsEachDateAndFollowsTheBooking() {
        var scene = await Scene.Set(app, places: 1, with: c => Dates(c, 2));
        var who = await app.Given.Practitioner(scene.Setting, "Zoë Okonkwo");
        var booked = (await app.Send(who, new BookPlaces.Command(scene.Session, [who.PersonId])))[0];
        var waits = (await scene.Book(1))[0];
        var browser = await app.Browser(who);
        var address = $"/bookings/{booked.BookingId}/calendar.ics";
        var answer = await browser.Get(address);
        Assert.Equal("text/calendar; charset=utf-8; method=PUBLISH", answer.Response.Content.Headers.ContentType!.ToString());
        var file = await ICal.Read(answer.Text);
        Assert.Equal("PUBLISH", file.Method);
        Assert.Equal([$"{booked.BookingId:N}-1@cpd", $"{booked.BookingId:N}-2@cpd"], file.Events.Select(e => e.Uid));
        // The clocks go back on the second.
        Assert.Equal(["2026-10-18T10:00:00", "2026-10-25T10:00:00"], file.Events.Select(e => e.Start.Local));
        Assert.Equal([9, 10], file.Events.Select(e => e.Start.At.Hour));
        Assert.All(file.Events, e => Assert.Empty(e.Attendees));
        Assert.Contains("Zoë Okonkwo", file.Events[0].Description, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(scene.Manager)).Get($"/bookings/{waits.BookingId}/calendar.ics")).Status);
        var stranger = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority("Blackpool")));
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(stranger)).Get(address)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await app.Browser().Get(address)).Status);

        Tick();
        await scene.Cancel(booked.BookingId);
        var after = await ICal.Read((await browser.Get(address)).Text);
        Assert.All(after.Events, e => Assert.Equal(("CANCELLED", 2), (e.Status, e.Sequence)));
    }

    [Fact]
    public async Task Get_Booking_LinksToCalendarsOfTheWebAndToTheFeed() {
        var scene = await Scene.Set(app, places: 1);
        var who = await app.Given.Practitioner(scene.Setting);
        var booked = (await app.Send(who, new BookPlaces.Command(scene.Session, [who.PersonId])))[0];
        var page = await (await app.Browser(who)).Get($"/bookings/{booked.BookingId}");
        Assert.NotNull(page.Document.QuerySelector("a[href='/your-calendar']"));
        Assert.StartsWith("https://calendar.google.com/calendar/render?action=TEMPLATE&text=Babbling%20Babies&dates=20261015T090000Z/20261015T113000Z", page.Document.QuerySelector("a[href*='google.com']")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(2, page.Document.QuerySelectorAll("a[href*='outlook.']").Length);
        var waits = (await scene.Book(1))[0];
        Assert.Null((await (await app.Browser(scene.Manager)).Get($"/bookings/{waits.BookingId}")).Document.QuerySelector("a[href$='.ics']"));
    }

    [Fact]
    public async Task EditCourse_NewTitle_RaisesTheNumberOfWhatLiesAhead() {
        var scene = await Scene.Set(app, places: 5);
        var answer = (await scene.Book(1))[0];
        var other = TrainingGiven.Course(scene.Authority, "Talking Toddlers");
        var command = new EditCourse.Command {
            Id = scene.CourseId, Version = await app.Database(db => db.One<int>("SELECT Version FROM training_Course WHERE Id = @CourseId", new { scene.CourseId }, default)),
            Title = other.Title, Summary = other.Summary, LearningOutcomes = other.LearningOutcomes, Mode = other.Mode, Minutes = other.Minutes, ParticipatoryMinutes = other.ParticipatoryMinutes, Topics = other.Topics,
        };
        await app.Send(scene.Officer, command);
        Assert.Equal(2, await Sequence(answer.BookingId));
        await app.Send(scene.Officer, command with { Version = command.Version + 1 });
        Assert.Equal(2, await Sequence(answer.BookingId));

        Task<int> Sequence(Guid? booking) => app.Database(db => db.One<int>("SELECT Sequence FROM platform_Appointment WHERE Id = @booking", new { booking }, default));
    }
}
