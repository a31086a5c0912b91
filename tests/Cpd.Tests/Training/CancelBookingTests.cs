using System.Net;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;

namespace Cpd.Tests.Training;

public sealed class CancelBookingTests(CpdApp app) : IClassFixture<CpdApp> {
    async Task<(Actor Officer, Actor Manager, Guid Session, IReadOnlyList<BookPlaces.Answer> Answers)> Full(int places, int people) {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var (officer, manager) = (await app.Given.Officer(authority), await app.Given.Manager(setting));
        var (_, session) = await app.Session(officer, places);
        var staff = new List<Guid>();
        for (var i = 0; i < people; i++) staff.Add(await app.Given.Staff(setting));
        return (officer, manager, session, await app.Send(manager, new BookPlaces.Command(session, staff)));
    }

    [Fact]
    public async Task Post_SomeoneWaitsWherePlacesAreGivenAtOnce_HeadOfTheListGetsThePlaceAndIsTold() {
        var (officer, manager, session, answers) = await Full(places: 1, people: 3);
        await app.GiveAtOnce(officer);
        var browser = await app.Browser(manager);
        var page = await browser.Get($"/bookings/{answers[0].BookingId}/cancel");
        var refused = await page.Post([("Reason", "")]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["Select why you are cancelling"], refused.Errors);
        Assert.Equal(["Enter why you are cancelling"], (await page.Post([("Reason", ""), ("Cause", "Other")])).Errors);
        var done = await page.Post([("Reason", "Ill")]);
        var after = await browser.Follow(done.RedirectsTo!);
        Assert.Equal("The booking has been cancelled.", after.Banner);
        Assert.Contains("Cancelled: Ill", after.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND State = 'Booked' AND PromotedAt IS NOT NULL", new { answers[1].BookingId }));
        Assert.Contains("Number 1 on the waiting list", (await browser.Get($"/bookings/{answers[2].BookingId}")).Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Session", "Id = @session AND PlacesTaken = 1 AND WaitingCount = 1", new { session }));
        var mail = await app.DrainMail();
        Assert.Contains(mail, m => m.Contains("Subject: You now have a place", StringComparison.Ordinal) && m.Contains(answers[1].Reference!, StringComparison.Ordinal));
        Assert.Contains(mail, m => m.Contains("Subject: Booking cancelled", StringComparison.Ordinal) && m.Contains("Reason: Ill", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delete_ManyAtOnce_FreePlaceMeansNobodyWaits() {
        var (officer, manager, session, answers) = await Full(places: 5, people: 12);
        await app.GiveAtOnce(officer);
        var api = await app.Api(manager);
        await Task.WhenAll(answers.Take(9).Select(a => Task.Run(async () => {
            using var response = await api.DeleteAsync(new Uri($"/api/v1/bookings/{a.BookingId}?reason=Test", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        })));
        Assert.Equal(1, await app.Count("training_Session", "Id = @session AND PlacesTaken = 3 AND WaitingCount = 0", new { session }));
        Assert.Equal(3, await app.Count("training_Booking", "SessionId = @session AND State = 'Booked'", new { session }));
        using var again = await api.DeleteAsync(new Uri($"/api/v1/bookings/{answers[0].BookingId}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task Post_PersonBooksAgainAfterCancelling_GetsANewBooking() {
        var (_, manager, session, answers) = await Full(places: 2, people: 1);
        await app.Send(manager, new CancelBooking.Command(answers[0].BookingId!.Value, "Mistake"));
        var again = (await app.Send(manager, new BookPlaces.Command(session, [answers[0].PersonId]))).Single();
        Assert.Equal("booked", again.Outcome);
        Assert.NotEqual(answers[0].Reference, again.Reference);
    }

    [Fact]
    public async Task Post_SessionIsCancelled_BookingsAreCancelledAndEveryoneIsTold() {
        var (officer, manager, session, answers) = await Full(places: 2, people: 3);
        var browser = await app.Browser(officer);
        var page = await browser.Get($"/manage/sessions/{session}/cancel");
        Assert.Equal(["Enter why the session is cancelled"], (await page.Post([("Reason", " ")])).Errors);
        await page.Post([("Reason", "No trainer")]);
        Assert.Equal(3, await app.Count("training_Booking", "SessionId = @session AND State = 'Cancelled'", new { session }));
        Assert.Equal(3, (await app.DrainMail()).Count(m => m.Contains("Subject: Session cancelled", StringComparison.Ordinal) && answers.Any(a => m.Contains(a.Reference!, StringComparison.Ordinal))));
        var shown = await app.Browser().Get($"/sessions/{session}");
        Assert.Contains("This session has been cancelled: No trainer", shown.Words, StringComparison.Ordinal);
        var late = (await app.Send(manager, new BookPlaces.Command(session, [answers[0].PersonId]))).Single();
        Assert.Equal("The session has been cancelled.", late.Why);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Reason", "Again")])).Status);
    }

    [Fact]
    public async Task Post_PlacesAreAdded_TheyGoToThoseWhoWait() {
        var (officer, _, session, answers) = await Full(places: 2, people: 5);
        await app.GiveAtOnce(officer);
        var browser = await app.Browser(officer);
        var page = await browser.Get($"/manage/sessions/{session}/edit");
        Assert.Equal(["There must be at least 2 places, because that many are booked"], (await page.Post([("Places", "1")])).Errors);
        var done = await page.Post([("Places", "4")]);
        Assert.Equal($"/manage/sessions/{session}", done.RedirectsTo);
        Assert.Equal(1, await app.Count("training_Session", "Id = @session AND Places = 4 AND PlacesTaken = 4 AND WaitingCount = 1", new { session }));
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND State = 'Waiting'", new { answers[4].BookingId }));
        // The page that was opened before is now out of date.
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Places", "9")])).Status);
    }

    [Fact]
    public async Task Post_SessionIsMoved_EveryoneBookedIsTold() {
        var (officer, _, session, answers) = await Full(places: 2, people: 1);
        var page = await (await app.Browser(officer)).Get($"/manage/sessions/{session}/edit");
        await page.Post([("VenueName", "Another Hall")]);
        Assert.Single(await app.DrainMail(), m => m.Contains("Subject: Session changed", StringComparison.Ordinal) && m.Contains(answers[0].Reference!, StringComparison.Ordinal) && m.Contains("Another Hall", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_Bookings_AreThoseInReach() {
        var (_, manager, _, answers) = await Full(places: 3, people: 2);
        var api = await app.Api(manager);
        var text = await api.GetStringAsync(new Uri("/api/v1/bookings", UriKind.Relative));
        Assert.All(answers, a => Assert.Contains(a.Reference!, text, StringComparison.Ordinal));
        var other = await app.Api(await app.Given.Manager(await app.Given.Setting(await app.Given.Authority("Bradford"))));
        Assert.Contains("\"items\":[]", await other.GetStringAsync(new Uri("/api/v1/bookings", UriKind.Relative)), StringComparison.Ordinal);
    }
}
