using System.Net;
using Cpd.Training.Bookings;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>What becomes of people when a session is called off, merged, or has too few of them.</summary>
public sealed class SessionCancelledTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public SessionCancelledTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    async Task<Guid> Another(Scene scene, int places) {
        var session = await app.Send(scene.Officer, new AddSession.Command { CourseId = scene.CourseId, Dates = [TrainingGiven.Date(new DateOnly(2026, 11, 20))], Places = places, VenueName = "Other Hall" });
        await app.Send(scene.Officer, new PublishSession.Command(session));
        return session;
    }

    [Fact]
    public async Task Post_WithoutCarrying_EveryoneIsShownOtherDatesAndBooksOneWithAClick() {
        var scene = await Scene.Set(app, places: 1);
        var other = await Another(scene, places: 5);
        var answers = await scene.Book(2);
        await app.Send(scene.Officer, new CancelSession.Command(scene.Session, "No trainer"));
        var browser = app.Browser();
        var page = await browser.Get(await scene.Link(answers[0].Reference!, "instead"));
        Assert.Equal("Choose another date", page.Heading);
        Assert.Contains("5 places left", page.Words, StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @other", new { other }));
        var booked = await page.Post([]);
        Assert.Equal("Booked", booked.Heading);
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @other AND PersonId = @PersonId AND State = 'Booked' AND BookedBy = @PersonId", new { other, answers[0].PersonId }));
        Assert.Contains("They are already booked", (await page.Post([])).Words, StringComparison.Ordinal);
        // The link is for this course alone.
        var (_, foreign) = await app.Session(scene.Officer, title: "Another course");
        Assert.Equal(HttpStatusCode.NotFound, (await page.Post([("SessionId", foreign.ToString())])).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get("/instead/nonsense")).Status);
    }

    [Fact]
    public async Task Get_InsteadOfABookingThatIsAlive_IsOfNoUse() {
        var scene = await Scene.Set(app, places: 1);
        var waiting = (await scene.Book(2))[1];
        var link = await scene.Link(waiting.Reference!, "waiting");
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(link.Replace("/waiting/", "/instead/", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Post_ListIsCarriedOver_OrderIsKeptBehindThoseWhoWaitThere() {
        var scene = await Scene.Set(app, places: 1);
        var there = scene with { Session = await Another(scene, places: 1) };
        var before = await there.Book(2);
        var answers = await scene.Book(3);
        var browser = await app.Browser(scene.Officer);
        var page = await browser.Get($"/manage/sessions/{scene.Session}/cancel");
        await page.Post([("Reason", "Too few"), ("CarryTo", there.Session.ToString())]);
        Assert.Equal([before[1].PersonId, answers[1].PersonId, answers[2].PersonId], await app.Database(db => db.List<Guid>("SELECT PersonId FROM training_Booking WHERE SessionId = @Session AND State = 'Waiting' ORDER BY WaitingNumber", new { there.Session }, default)));
        // The booking is the same: its reference and its history go with it.
        var moved = await browser.Get($"/bookings/{answers[1].BookingId}");
        Assert.Contains(answers[1].Reference!, moved.Words, StringComparison.Ordinal);
        Assert.Contains("Carried over", moved.Words, StringComparison.Ordinal);
        Assert.Contains("Joined waiting list", moved.Words, StringComparison.Ordinal);
        Assert.Equal(1, await scene.Is(answers[0].BookingId, "Cancelled"));
        var mail = await app.DrainMail();
        Assert.Contains(mail, m => m.Contains("Waiting for a new date", StringComparison.Ordinal) && m.Contains(answers[2].Reference!, StringComparison.Ordinal));
        Assert.Contains(mail, m => m.Contains("Session cancelled", StringComparison.Ordinal) && m.Contains(answers[0].Reference!, StringComparison.Ordinal));
        await there.Check();
    }

    [Fact]
    public async Task Post_OfferedAndThenCarriedOver_IsOfferedAndToldAgainThere() {
        var scene = await Scene.Set(app, places: 1);
        var there = scene with { Session = await Another(scene, places: 1) };
        var full = await there.Book(1);
        var answers = await scene.Book(2);
        await scene.Cancel(answers[0].BookingId);
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        await app.Send(scene.Officer, new CancelSession.Command(scene.Session, "Too few", there.Session));
        Assert.Null(await scene.Hold(answers[1].BookingId));
        await there.Cancel(full[0].BookingId);
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        Assert.Equal(2, (await app.DrainMail()).Count(m => m.Contains("A place is free for you", StringComparison.Ordinal) && m.Contains(answers[1].Reference!, StringComparison.Ordinal)));
        await there.Check();
    }

    [Fact]
    public async Task Post_Merge_BookedPeopleHaveTheirPlacesThereOrItIsRefused() {
        var scene = await Scene.Set(app, places: 3);
        var there = scene with { Session = await Another(scene, places: 2) };
        var answers = await scene.Book(3);
        var waitsThere = await app.Send(scene.Manager, new BookPlaces.Command(there.Session, [(await app.Given.Staff(scene.Setting)), answers[0].PersonId]));
        Assert.Equal(2, waitsThere.Count(a => a.Outcome == "booked"));
        var page = await (await app.Browser(scene.Officer)).Get($"/manage/sessions/{scene.Session}/cancel");
        var refused = await page.Post([("Reason", "Too few"), ("CarryTo", there.Session.ToString()), ("Merge", "true")]);
        Assert.Equal(["That date has 0 free places and 2 people are booked here. Add places there first"], refused.Errors);
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND State = 'Published' AND PlacesTaken = 3", new { scene.Session }));
        Assert.Equal(["Select the date to move people to"], (await page.Post([("Reason", "Too few"), ("Merge", "true")])).Errors);
        await app.Send(scene.Officer, new SetPlaces.Command(there.Session, 4));
        await page.Post([("Reason", "Too few"), ("CarryTo", there.Session.ToString()), ("Merge", "true")]);
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND PlacesTaken = 4", new { there.Session }));
        Assert.Equal(2, (await app.DrainMail()).Count(m => m.Contains("Your booking has a new date", StringComparison.Ordinal)));
        await there.Check();
    }

    [Fact]
    public async Task Post_OtherDateIsAnotherCourses_IsRefused() {
        var scene = await Scene.Set(app, places: 1);
        var (_, other) = await app.Session(scene.Officer, title: "Another course");
        Assert.IsType<Cpd.Platform.Messaging.Invalid>((await app.Ask(scene.Officer, new CancelSession.Command(scene.Session, "x", other))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Bradford")), new CancelSession.Command(scene.Session, "x"))).Refusal);
    }
}
