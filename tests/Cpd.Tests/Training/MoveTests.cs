using System.Net;
using System.Net.Http.Json;
using Cpd.People.Contracts;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;

namespace Cpd.Tests.Training;

public sealed class MoveTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public MoveTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var scene = await Scene.Set(app, places: 2);
        var booked = (await scene.Book(1)).Single();
        var address = $"/bookings/{booked.BookingId}/move";
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Holder(Role.Accreditor, OrganisationKind.Accreditor, await app.Given.Organisation(OrganisationKind.Accreditor, "Body of moves")))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser((await scene.Elsewhere("Bradford")).Manager)).Get(address)).Status);
        Assert.Contains("No other dates now", (await (await app.Browser(scene.Manager)).Get(address)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OtherDateHasRoom_PlaceIsThereAndTheOldOneGoesToWhoWaits() {
        var scene = await Scene.Set(app, places: 1);
        await app.GiveAtOnce(scene.Officer);
        var answers = await scene.Book(2);
        var other = await scene.OtherDate(places: 1);
        var browser = await app.Browser(scene.Manager);
        var page = await browser.Get($"/bookings/{answers[0].BookingId}/move");
        Assert.Equal(["Select the date to move to"], (await page.Post([])).Errors);
        var check = await page.Post([("To", other.Session.ToString())]);
        Assert.Equal("Check before you move the booking", check.Heading);
        var after = await browser.Follow((await check.Post([])).RedirectsTo!);
        Assert.Equal("The booking has been moved.", after.Banner);
        Assert.Contains("Moved here", after.Words, StringComparison.Ordinal);
        Assert.Contains($"reference {answers[0].Reference}", after.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND State = 'Cancelled' AND CancelCause = 'Moved' AND IsLate = 0 AND MovedTo IS NOT NULL", new { answers[0].BookingId }));
        Assert.Contains("Moved away", (await browser.Get($"/bookings/{answers[0].BookingId}")).Words, StringComparison.Ordinal);
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Booked"));
        Assert.Contains(await app.DrainMail(), m => m.Contains("Subject: Your booking has a new date", StringComparison.Ordinal) && m.Contains("has been given up", StringComparison.Ordinal));
        await scene.Check();
        await other.Check();
        // Nothing is left to move.
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(scene.Manager, new MoveBooking.Command(answers[0].BookingId!.Value, other.Session))).Refusal);
    }

    [Fact]
    public async Task Post_OtherDateIsFull_KeepsThePlaceUntilThereIsOne() {
        var scene = await Scene.Set(app, places: 1);
        await app.GiveAtOnce(scene.Officer);
        var mine = (await scene.Book(2))[0];
        var other = await scene.OtherDate(places: 1);
        var theirs = (await other.Book(1)).Single();
        var refused = await app.Ask(scene.Manager, new MoveBooking.Command(mine.BookingId!.Value, other.Session));
        Assert.Contains("That date has no place for them: No place is free. They can join its waiting list and keep this place meanwhile.", refused.Refusal!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND WaitingCount = 0", new { other.Session }));

        var browser = await app.Browser(scene.Manager);
        var check = await (await browser.Get($"/bookings/{mine.BookingId}/move")).Post([("To", other.Session.ToString())]);
        Assert.Contains("That date is full", check.Words, StringComparison.Ordinal);
        var after = await browser.Follow((await check.Post([("JoinList", "true")])).RedirectsTo!);
        Assert.Contains("Number 1 on the waiting list", after.Banner, StringComparison.Ordinal);
        Assert.Equal(1, await scene.Is(mine.BookingId, "Booked"));
        await scene.Check();
        await other.Check();
        Assert.Equal(0, (await app.Ask(scene.Officer, new ReleaseMoved.DueCommand())).Value);

        // A place there: within the minute the one here is given up, and goes to who waits here.
        await other.Cancel(theirs.BookingId);
        Assert.Equal(1, (await app.Ask(scene.Officer, new ReleaseMoved.DueCommand())).Value);
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND State = 'Cancelled' AND CancelCause = 'Moved'", new { mine.BookingId }));
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND PlacesTaken = 1 AND WaitingCount = 0", new { scene.Session }));
        Assert.Equal(0, (await app.Ask(scene.Officer, new ReleaseMoved.DueCommand())).Value);
        await scene.Check();
        await other.Check();
    }

    [Fact]
    public async Task Release_ColleagueHasTakenTheOldPlaceMeanwhile_StaysWithThem() {
        var scene = await Scene.Set(app, places: 2);
        await app.GiveAtOnce(scene.Officer);
        var mine = (await scene.Book(1)).Single();
        var other = await scene.OtherDate(places: 1);
        var theirs = (await other.Book(1)).Single();
        await app.Send(scene.Manager, new MoveBooking.Command(mine.BookingId!.Value, other.Session, JoinList: true));
        await app.Send(scene.Manager, new SubstitutePerson.Command(mine.BookingId!.Value, await app.Given.Staff(scene.Setting), mine.PersonId));
        await other.Cancel(theirs.BookingId);
        await app.Ask(scene.Officer, new ReleaseMoved.DueCommand());
        Assert.Equal(1, await scene.Is(mine.BookingId, "Booked"));
        await scene.Check();
        await other.Check();
    }

    [Fact]
    public async Task Post_NotADateOrBookedThereOrTooLate_IsToldWhy() {
        var scene = await Scene.Set(app, places: 3);
        var elsewhere = await Scene.Set(app, places: 3);
        var mine = (await scene.Book(1)).Single();
        var other = await scene.OtherDate(places: 3);
        async Task<string> Why(Guid to) => (await app.Ask(scene.Manager, new MoveBooking.Command(mine.BookingId!.Value, to))).Refusal is Cpd.Platform.Messaging.Invalid i ? i.Errors[0].Sentence : (await app.Ask(scene.Manager, new MoveBooking.Command(mine.BookingId!.Value, to))).Refusal!.ToString();
        Assert.Equal("Select one of the other dates of the course", await Why(elsewhere.Session));
        Assert.Equal("Select one of the other dates of the course", await Why(scene.Session));
        var there = (await app.Send(scene.Manager, new BookPlaces.Command(other.Session, [mine.PersonId]))).Single();
        Assert.Equal($"They are already booked on that date: reference {there.Reference}", await Why(other.Session));
        await scene.Cancel(there.BookingId);
        app.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Contains("Bookings could be moved until 8 October 2026 at 10am", await Why(other.Session), StringComparison.Ordinal);
        // An officer may.
        Assert.Equal("moved", (await app.Send(scene.Officer, new MoveBooking.Command(mine.BookingId!.Value, other.Session))).Outcome);
        await scene.Check();
        await other.Check();
    }

    [Fact]
    public async Task Post_AlreadyWaitsThere_TheEntryIsLinkedInItsOrder() {
        var scene = await Scene.Set(app, places: 3);
        await app.GiveAtOnce(scene.Officer);
        var mine = (await scene.Book(1)).Single();
        var other = await scene.OtherDate(places: 1);
        var first = (await other.Book(1)).Single();
        var waits = (await app.Send(scene.Manager, new BookPlaces.Command(other.Session, [mine.PersonId]))).Single();
        Assert.Contains("already on the waiting list of that date", (await app.Ask(scene.Manager, new MoveBooking.Command(mine.BookingId!.Value, other.Session))).Refusal!.ToString(), StringComparison.Ordinal);
        var answer = await app.Send(scene.Manager, new MoveBooking.Command(mine.BookingId!.Value, other.Session, JoinList: true));
        Assert.Equal((waits.BookingId!.Value, "waiting", (int?)1), (answer.BookingId, answer.Outcome, answer.Position));
        await other.Cancel(first.BookingId);
        await app.Ask(scene.Officer, new ReleaseMoved.DueCommand());
        Assert.Equal(1, await scene.Is(mine.BookingId, "Cancelled"));
        await scene.Check();
        await other.Check();
    }

    [Fact]
    public async Task Post_OppositeWaysAndCancellationsAtOnce_NobodyIsLostAndNothingOversold() {
        for (var round = 0; round < 5; round++) {
            var scene = await Scene.Set(app, places: 8);
            await app.GiveAtOnce(scene.Officer);
            var other = await scene.OtherDate(places: 8);
            var (here, there) = (await scene.Book(8), await other.Book(8));
            // One free place on each side, wanted by all of the other.
            await scene.Cancel(here[7].BookingId);
            await other.Cancel(there[7].BookingId);
            var api = await app.Api(scene.Manager);
            async Task<HttpStatusCode> Move(Guid? booking, Guid to) {
                using var response = await api.PostAsJsonAsync($"/api/v1/bookings/{booking}/move", new { sessionId = to });
                return response.StatusCode;
            }
            async Task<HttpStatusCode> Cancel(Guid? booking) {
                using var response = await api.DeleteAsync(new Uri($"/api/v1/bookings/{booking}?cause=Ill", UriKind.Relative));
                return response.StatusCode;
            }
            var moves = here.Take(7).Select(b => Task.Run(() => Move(b.BookingId, other.Session))).Concat(there.Take(7).Select(b => Task.Run(() => Move(b.BookingId, scene.Session)))).ToList();
            // The first of each side are cancelled at the same moment: each of them is moved or cancelled, never both.
            var cancels = new[] { here[0], there[0] }.Select(b => Task.Run(() => Cancel(b.BookingId))).ToList();
            var answers = await Task.WhenAll(moves.Concat(cancels));
            Assert.All(answers, a => Assert.True(a is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Conflict, a.ToString()));
            await scene.Check();
            await other.Check();
            var cancelled = cancels.Count(c => c.Result == HttpStatusCode.NoContent);
            Assert.Equal(14 - cancelled, await app.Count("training_Booking", "(SessionId = @One OR SessionId = @Other) AND State = 'Booked'", new { One = scene.Session, Other = other.Session }));
            Assert.Equal(0, await app.Count("training_Booking", "(SessionId = @One OR SessionId = @Other) AND (MovesFrom IS NOT NULL OR State = 'Waiting')", new { One = scene.Session, Other = other.Session }));
        }
    }
}
