using System.Net;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;
using Cpd.Training.Charges;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Training;

/// <summary>The links of messages: each does one thing, until its time is over, and nothing when it is only opened.</summary>
public sealed class PlaceLinkTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public PlaceLinkTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    CancelToken Cancels => app.Services.GetRequiredService<CancelToken>();
    CalendarToken Calendars => app.Services.GetRequiredService<CalendarToken>();
    DateTime Later => app.Now.AddYears(1);

    [Fact]
    public async Task Cancel_FromTheMessage_ShowsTheChargeFirstAndHappensOnce() {
        var scene = await Scene.Set(app, places: 1, authority: "Kent");
        await app.Send(scene.Officer, new AddChargeTable.Command(scene.Authority, London.Today(app.Clock), [new(168, 3000)], 5000));
        var answers = await scene.Book(2);
        app.Clock.Advance(TimeSpan.FromDays(8));
        var link = await scene.Link(answers[0].Reference!, "cancel");
        var browser = app.Browser();
        var page = await browser.Get(link);
        Assert.Contains("Cancelling now costs £30", page.Words, StringComparison.Ordinal);
        Assert.True(page.Response.Headers.CacheControl!.NoStore);
        // Opened as often as one likes, also by what only looks at links.
        for (var i = 0; i < 3; i++) await browser.Get(link);
        using var head = await browser.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, link));
        Assert.Equal(1, await scene.Is(answers[0].BookingId, "Booked"));
        Assert.Equal(["Select why you are cancelling"], (await page.Post([])).Errors);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Cause", "Ill"), ("Agreed", "0")])).Status);
        Assert.Equal(1, await scene.Is(answers[0].BookingId, "Booked"));

        var after = await browser.Follow((await page.Post([("Cause", "Ill")])).RedirectsTo!);
        Assert.Equal("The booking has been cancelled", after.Heading);
        Assert.Empty(after.Document.QuerySelectorAll("main form"));
        Assert.Equal(1, await app.Count("training_Charge", "BookingId = @BookingId AND Pence = 3000", new { answers[0].BookingId }));
        Assert.Equal(1, await app.Count("training_BookingHistory", "BookingId = @BookingId AND Act = 'Cancelled late' AND PersonId = @PersonId", new { answers[0].BookingId, answers[0].PersonId }));
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        var again = await page.Post([("Cause", "Ill")]);
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Equal(1, await app.Count("training_Charge", "BookingId = @BookingId", new { answers[0].BookingId }));
        await scene.Check();
    }

    [Fact]
    public async Task Cancel_TokenOfAnotherPurposePersonOrTime_IsOfNoUse() {
        var scene = await Scene.Set(app, places: 5);
        var booked = (await scene.Book(1)).Single();
        var (id, person) = (booked.BookingId!.Value, booked.PersonId);
        var form = await app.Browser().Get($"/cancel/{Cancels.For(id, person, Later)}");
        Assert.Equal(HttpStatusCode.OK, form.Status);
        foreach (var token in (string[])[
            "nonsense", Calendars.For(id, person, Later), Cancels.For(id, Ids.New(app.Clock), Later), Cancels.For(Ids.New(app.Clock), person, Later), Cancels.For(id, person, app.Now),
            app.Services.GetRequiredService<AnswerToken>().For(id, Later),
        ]) {
            var page = await app.Browser().Get($"/cancel/{token}");
            Assert.Equal((HttpStatusCode.Gone, "This link is of no use any more"), (page.Status, page.Heading));
            Assert.Empty(page.Document.QuerySelectorAll("main form"));
            Assert.Equal(HttpStatusCode.Gone, (await PostTo(form, $"/cancel/{token}")).StatusCode);
        }
        foreach (var other in (string[])["waiting", "instead", "evaluations", "impact", "add-to-calendar", "join", "no-more"])
            Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get($"/{other}/{Cancels.For(id, person, Later)}")).Status);
        Assert.Equal(1, await scene.Is(id, "Booked"));
    }

    [Fact]
    public async Task Links_AColleagueHasThePlace_AreOfNoUseToTheOneBefore() {
        var scene = await Scene.Set(app, places: 2);
        var booked = (await scene.Book(1)).Single();
        var (cancel, calendar) = (await scene.Link(booked.Reference!, "cancel"), await scene.Link(booked.Reference!, "add-to-calendar"));
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(cancel)).Status);
        await app.Send(scene.Manager, new SubstitutePerson.Command(booked.BookingId!.Value, await app.Given.Staff(scene.Setting), booked.PersonId));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(cancel)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(calendar)).Status);
        Assert.Equal(1, await scene.Is(booked.BookingId, "Booked"));
    }

    [Fact]
    public async Task Links_SessionHasBegun_AreOver() {
        var scene = await Scene.Set(app, places: 2, inDays: 10);
        var booked = (await scene.Book(1)).Single();
        var (cancel, calendar) = (await scene.Link(booked.Reference!, "cancel"), await scene.Link(booked.Reference!, "add-to-calendar"));
        app.Clock.Advance(TimeSpan.FromDays(12));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(cancel)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(calendar)).Status);
    }

    [Fact]
    public async Task Calendar_FromTheMessage_IsTheAppointmentOfTheInvitation() {
        var scene = await Scene.Set(app, places: 2);
        var booked = (await scene.Book(1)).Single();
        using var read = await app.CreateClient().GetAsync(new Uri(await scene.Link(booked.Reference!, "add-to-calendar"), UriKind.Relative));
        Assert.Equal("text/calendar", read.Content.Headers.ContentType!.MediaType);
        var file = await ICal.Read(await read.Content.ReadAsStringAsync());
        Assert.Equal((await (await app.MailTo(booked.PersonId)).Single(m => m.Calendar is not null).Event()).Uid, Assert.Single(file.Events).Uid);
    }

    [Fact]
    public async Task Join_FromTheMessage_NotesWhoPressesTheButtonAndOpensTheSession() {
        var scene = await Scene.Set(app, places: 2);
        await app.Database(db => db.Execute("UPDATE training_Session SET JoiningLink = 'https://meet.example.org/room?a=1&b=2' WHERE Id = @Session", new { scene.Session }, default));
        await app.Database(db => db.Execute("UPDATE training_Course SET Mode = 'LiveOnline' WHERE Id = @CourseId", new { scene.CourseId }, default));
        var booked = (await scene.Book(1)).Single();
        var starts = await app.Database(db => db.One<DateTime>("SELECT StartsAt FROM training_Session WHERE Id = @Session", new { scene.Session }, default));
        app.Clock.Set(starts.AddDays(-1));
        await app.DrainMail();
        var link = await scene.Link(booked.Reference!, "join");
        app.Clock.Set(starts.AddMinutes(-10));
        var page = await app.Browser().Get(link);
        Assert.Equal("Join the session", page.Heading);
        Assert.DoesNotContain("meet.example.org", page.Text, StringComparison.Ordinal);
        // What only looks at links notes nobody.
        Assert.Equal(0, await app.Count("training_Mark", "BookingId = @BookingId", new { booked.BookingId }));
        var opened = await page.Post([]);
        Assert.Equal((HttpStatusCode.OK, "Opening the session"), (opened.Status, opened.Heading));
        Assert.Equal("0; url=https://meet.example.org/room?a=1&b=2", opened.Response.Headers.GetValues("Refresh").Single());
        Assert.Equal("https://meet.example.org/room?a=1&b=2", opened.Document.QuerySelector("main p a")!.GetAttribute("href"));
        Assert.Equal(1, await app.Count("training_Mark", "BookingId = @BookingId AND Source = 'Link' AND MadeBy = @PersonId", new { booked.BookingId, booked.PersonId }));
        // The calendar token of the same place opens nothing.
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get($"/join/{Calendars.For(booked.BookingId!.Value, booked.PersonId, Later)}")).Status);
        app.Clock.Set(starts.AddDays(1));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(link)).Status);
    }

    static async Task<HttpResponseMessage> PostTo(WebPage form, string address) {
        using var body = new FormUrlEncodedContent([
            new("__RequestVerificationToken", form.Document.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!), new("Cause", "Ill"), new("Agreed", "0"),
        ]);
        return await form.Send(address, body);
    }
}
