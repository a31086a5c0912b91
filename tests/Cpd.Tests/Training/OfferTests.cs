using System.Net;
using Cpd.Training.Bookings;

namespace Cpd.Tests.Training;

public sealed class OfferTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public OfferTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    [Fact]
    public async Task Cancel_SomeoneWaits_IsOfferedThePlaceForThreeWorkingDaysAndNobodyElseGetsIt() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        Assert.Equal(["booked", "waiting", "waiting"], answers.Select(a => a.Outcome));
        await scene.Cancel(answers[0].BookingId);
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Waiting"));
        Assert.Equal("waiting", (await scene.Book(1)).Single().Outcome);
        // Monday 10am, and 24 hours of 8 a day: Thursday 10am.
        Assert.Contains(await app.DrainMail(), m => m.Contains("A place is free for you", StringComparison.Ordinal) && m.Contains("kept for you until 8 October 2026 at 10am", StringComparison.Ordinal));
        await scene.Check();
    }

    [Fact]
    public async Task Post_LinkOfTheMessage_AcceptsWithOneButtonAndOnlyThen() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        await scene.Cancel(answers[0].BookingId);
        var link = await scene.Link(answers[1].Reference!, "waiting");
        var browser = app.Browser();
        var page = await browser.Get(link);
        Assert.Equal("A place is free for you", page.Heading);
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        var nothing = await page.Post([]);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.Status);
        var after = await browser.Follow((await page.Post([("Reply", "Accept")])).RedirectsTo!);
        Assert.Equal("You have a place", after.Heading);
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Booked"));
        // Sent again it changes nothing, and declining no longer works.
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Reply", "Accept")])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Reply", "Decline")])).Status);
        Assert.Equal(1, await app.Count("training_BookingHistory", "BookingId = @BookingId AND Act = 'Offer accepted' AND PersonId = @PersonId", new { answers[1].BookingId, answers[1].PersonId }));
        Assert.Contains(await app.DrainMail(), m => m.Contains("Subject: Booked:", StringComparison.Ordinal) && m.Contains(answers[1].Reference!, StringComparison.Ordinal));
        await scene.Check();
    }

    [Fact]
    public async Task Post_Declined_GoesToTheNextAndTheEntryHasEndedForEver() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        await scene.Cancel(answers[0].BookingId);
        var browser = app.Browser();
        var page = await browser.Get(await scene.Link(answers[1].Reference!, "waiting"));
        var after = await browser.Follow((await page.Post([("Reply", "Decline")])).RedirectsTo!);
        Assert.Equal("This has come to an end", after.Heading);
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[2].BookingId));
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Reply", "Accept")])).Status);
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Cancelled"));
        await scene.Check();
    }

    [Fact]
    public async Task Post_LeftFromTheWaitingMessage_IsOffTheList() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        var browser = app.Browser();
        var page = await browser.Get(await scene.Link(answers[1].Reference!, "waiting"));
        Assert.Equal("You are on the waiting list", page.Heading);
        Assert.Contains("1 of 2", page.Words, StringComparison.Ordinal);
        Assert.Contains("No place is free", page.Words, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("button[value=Accept]"));
        await page.Post([("Reply", "Decline")]);
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND WaitingCount = 1 AND PlacesTaken = 1", new { scene.Session }));
        await scene.Check();
    }

    [Fact]
    public async Task Get_TokenIsNone_SaysSo() {
        var page = await app.Browser().Get("/waiting/nonsense");
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Equal("This link is of no use any more", page.Heading);
    }

    [Fact]
    public async Task Wait_NobodyAnswers_TheOfferLapsesAndTheNextIsAsked() {
        var scene = await Scene.Set(app, places: 1, inDays: 20);
        var answers = await scene.Book(3);
        await scene.Cancel(answers[0].BookingId);
        await scene.Wait(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        await scene.Wait(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Cancelled"));
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[2].BookingId));
        Assert.Contains(await app.DrainMail(), m => m.Contains("The offer of a place has ended", StringComparison.Ordinal) && m.Contains(answers[1].Reference!, StringComparison.Ordinal));
        await scene.Check();
    }

    [Fact]
    public async Task Post_AcceptedAfterTheTime_IsRefusedThoughNoJobHasRun() {
        var scene = await Scene.Set(app, places: 1, inDays: 20);
        var answers = await scene.Book(3);
        await scene.Cancel(answers[0].BookingId);
        app.Clock.Advance(TimeSpan.FromDays(5));
        var late = await app.Ask(scene.Manager, new AnswerOffer.Command(answers[1].BookingId!.Value, AnswerOffer.Reply.Accept));
        Assert.NotNull(late.Refusal);
        // Whatever happens at the session next notices it.
        await app.Send(scene.Manager, new AnswerOffer.Command(answers[2].BookingId!.Value, AnswerOffer.Reply.Decline));
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Cancelled"));
        Assert.Equal("booked", (await scene.Book(1)).Single().Outcome);
        await scene.Check();
    }

    [Fact]
    public async Task Wait_BankHolidayWeekendAndClosedDay_DoNotCount() {
        var scene = await Scene.Set(app, places: 1, inDays: 90);
        var answers = await scene.Book(2);
        // Wednesday 23 December 2026, 4pm: an hour is left of it; Thursday counts; Christmas, its Monday, and the authority's own day do not.
        app.Clock.Set(new DateTimeOffset(2026, 12, 23, 16, 0, 0, TimeSpan.Zero));
        await app.Database(db => db.Execute("INSERT INTO people_ClosedDay (Id, AuthorityId, ClosedOn, Label) VALUES (@Id, @Authority, '2026-12-29', 'Closed week')", new { Id = Cpd.Platform.Data.Ids.New(app.Clock), scene.Authority }, default));
        await scene.Cancel(answers[0].BookingId);
        var until = await app.Database(db => db.One<DateTime>("SELECT ExpiresAt FROM training_Hold WHERE BookingId = @BookingId", new { answers[1].BookingId }, default));
        // 1 + 8 (24th) + 8 (30th) + 7 (31st).
        Assert.Equal(new DateTime(2026, 12, 31, 16, 0, 0), until);
    }

    [Fact]
    public async Task Cancel_BookingClosesBeforeTheOfferWouldEnd_OfferEndsThen() {
        var scene = await Scene.Set(app, places: 1, with: s => s with { ClosesOn = DateOnly.FromDateTime(app.Now).AddDays(1) });
        var answers = await scene.Book(2);
        await scene.Cancel(answers[0].BookingId);
        var until = await app.Database(db => db.One<DateTime>("SELECT ExpiresAt FROM training_Hold WHERE BookingId = @BookingId", new { answers[1].BookingId }, default));
        Assert.Equal(Cpd.Platform.Web.London.StartOf(DateOnly.FromDateTime(app.Now).AddDays(2)), until);
    }

    [Fact]
    public async Task Edit_SessionComesEarlier_OfferEndsWithIt() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(2);
        await scene.Cancel(answers[0].BookingId);
        var browser = await app.Browser(scene.Officer);
        var page = await browser.Get($"/manage/sessions/{scene.Session}/edit");
        Assert.Equal($"/manage/sessions/{scene.Session}", (await page.Post([("Dates[0].On.Day", "7")])).RedirectsTo);
        var until = await app.Database(db => db.One<DateTime>("SELECT ExpiresAt FROM training_Hold WHERE BookingId = @BookingId", new { answers[1].BookingId }, default));
        Assert.Equal(new DateTime(2026, 10, 7, 9, 0, 0), until);
        await scene.Check();
    }

    [Fact]
    public async Task Cancel_TooLateForOffers_EveryoneIsToldAndTheFirstTakesIt() {
        var scene = await Scene.Set(app, places: 1, inDays: 1);
        var answers = await scene.Book(3);
        // The session begins at 10am tomorrow; at 3pm three working hours are left.
        app.Clock.Advance(TimeSpan.FromHours(5));
        await scene.Cancel(answers[0].BookingId);
        Assert.Null(await scene.Hold(answers[1].BookingId));
        var mail = await app.DrainMail();
        Assert.Equal(2, mail.Count(m => m.Contains("Subject: A last place is free", StringComparison.Ordinal) && answers.Any(a => m.Contains(a.Reference!, StringComparison.Ordinal))));
        await scene.Check();
        var page = await app.Browser().Get(await scene.Link(answers[2].Reference!, "waiting"));
        Assert.Equal("A last place is free", page.Heading);
        await page.Post([("Reply", "Accept")]);
        Assert.Equal(1, await scene.Is(answers[2].BookingId, "Booked"));
        var second = await app.Ask(scene.Manager, new AnswerOffer.Command(answers[1].BookingId!.Value, AnswerOffer.Reply.Accept));
        Assert.NotNull(second.Refusal);
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Waiting"));
        await scene.Check();
    }

    [Fact]
    public async Task Book_LastPlaceIsOpen_SomeoneNewMayTakeIt() {
        var scene = await Scene.Set(app, places: 1, inDays: 1);
        var answers = await scene.Book(2);
        app.Clock.Advance(TimeSpan.FromHours(5));
        await scene.Cancel(answers[0].BookingId);
        Assert.Equal("booked", (await scene.Book(1)).Single().Outcome);
        await scene.Check();
    }

    [Fact]
    public async Task Get_BookingThatWaits_ShowsPositionReasonAndWhatWasDecided() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        var browser = await app.Browser(scene.Manager);
        Assert.Contains("Number 2 on the waiting list. No place is free.", (await browser.Get($"/bookings/{answers[2].BookingId}")).Words, StringComparison.Ordinal);
        await scene.Cancel(answers[0].BookingId);
        var offered = await browser.Get($"/bookings/{answers[1].BookingId}");
        Assert.Contains("A place is kept until", offered.Words, StringComparison.Ordinal);
        Assert.Contains("Was offered a place. A place was free", offered.Words, StringComparison.Ordinal);
        Assert.Contains("Number 1 on the waiting list", (await browser.Get($"/bookings/{answers[2].BookingId}")).Words, StringComparison.Ordinal);
        var accepted = await browser.Follow((await offered.Post([("Reply", "Accept")])).RedirectsTo!);
        Assert.Contains("Offer accepted for", accepted.Words, StringComparison.Ordinal);
        var stranger = await app.Browser((await scene.Elsewhere()).Manager);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get($"/bookings/{answers[2].BookingId}")).Status);
        using var foreign = await (await app.Api((await scene.Elsewhere()).Manager)).PostAsync(new Uri($"/api/v1/bookings/{answers[2].BookingId}/decline", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }
}
