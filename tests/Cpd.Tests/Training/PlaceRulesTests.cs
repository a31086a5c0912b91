using System.Net;
using System.Net.Http.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Training.Bookings;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>Groups, bands, limits, quotas and what is said of them.</summary>
public sealed class PlaceRulesTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public PlaceRulesTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    Task<Done> Limits(Scene scene, params SetSessionRules.Limit[] limits) => app.Send(scene.Officer, new SetSessionRules.Command(scene.Session, limits, null, null, null));

    [Fact]
    public async Task Book_GroupTogether_AllHavePlacesOrAllWait() {
        var scene = await Scene.Set(app, places: 4);
        Assert.All(await scene.Book(3, together: true), a => Assert.Equal("booked", a.Outcome));
        var second = await scene.Book(3, together: true);
        Assert.Equal([1, 2, 3], second.Select(a => a.Position!.Value));
        // The place that is left goes to whoever it fits.
        Assert.Equal("booked", (await scene.Book(1)).Single().Outcome);
        await scene.Check();
        var tooMany = await app.Ask(scene.Manager, new BookPlaces.Command(scene.Session, [.. Enumerable.Range(0, 5).Select(_ => scene.Manager.PersonId).Distinct(), .. await Staff(scene, 4)], Together: true));
        Assert.Contains("can never come together", ((Cpd.Platform.Messaging.Conflict)tooMany.Refusal!).Sentence, StringComparison.Ordinal);
    }

    async Task<IReadOnlyList<Guid>> Staff(Scene scene, int count) {
        var staff = new List<Guid>();
        for (var i = 0; i < count; i++) staff.Add(await app.Given.Staff(scene.Setting));
        return staff;
    }

    [Fact]
    public async Task Cancel_GroupNeedsMore_IsPassedOverThreeTimesAndThenPlacesAreKeptForIt() {
        var scene = await Scene.Set(app, places: 6, inDays: 60);
        var booked = await scene.Book(6);
        var group = await scene.Book(2, together: true);
        var singles = await scene.Book(4);
        for (var i = 0; i < 3; i++) {
            await scene.Cancel(booked[i].BookingId);
            Assert.Equal(HoldKind.Offer, await scene.Hold(singles[i].BookingId));
            Assert.Null(await scene.Hold(group[0].BookingId));
            await scene.Check();
        }
        await scene.Cancel(booked[3].BookingId);
        Assert.Equal(HoldKind.Kept, await scene.Hold(group[0].BookingId));
        Assert.Null(await scene.Hold(singles[3].BookingId));
        await scene.Check();
        await scene.Cancel(booked[4].BookingId);
        Assert.All(new[] { await scene.Hold(group[0].BookingId), await scene.Hold(group[1].BookingId) }, h => Assert.Equal(HoldKind.Offer, h));
        await scene.Check();

        // Whoever asked answers for the group, with one link.
        var mail = Assert.Single(await app.DrainMail(), m => m.Contains("places for your whole group", StringComparison.Ordinal));
        Assert.Contains($"Dear {scene.Manager.Name}", mail, StringComparison.Ordinal);
        var browser = app.Browser();
        var page = await browser.Get(await scene.Link(group[0].Reference!, "waiting"));
        Assert.Equal("Places are free for your group", page.Heading);
        await page.Post([("Reply", "Accept")]);
        Assert.Equal(2, await app.Count("training_Booking", "GroupId IS NOT NULL AND SessionId = @Session AND State = 'Booked'", new { scene.Session }));
        await scene.Check();

        var decisions = await (await app.Browser(scene.Officer)).Get($"/manage/sessions/{scene.Session}/decisions");
        Assert.Contains("Passed over", decisions.Words, StringComparison.Ordinal);
        Assert.Contains("The group needs 2 more places and 1 is free", decisions.Words, StringComparison.Ordinal);
        Assert.Contains("Kept until there are places for the whole group", decisions.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_LastHoursBegin_KeptPlacesAreLetGo() {
        var scene = await Scene.Set(app, places: 2, inDays: 4);
        await app.Rules(scene.Officer, r => r with { PassLimit = 0 });
        try {
            var booked = await scene.Book(2);
            var group = await scene.Book(2, together: true);
            var single = await scene.Book(1);
            await scene.Cancel(booked[0].BookingId);
            Assert.Equal(HoldKind.Kept, await scene.Hold(group[0].BookingId));
            await scene.Wait(TimeSpan.FromDays(3) + TimeSpan.FromHours(6));
            Assert.Null(await scene.Hold(group[0].BookingId));
            Assert.Contains(await app.DrainMail(), m => m.Contains("A last place is free", StringComparison.Ordinal) && m.Contains(single[0].Reference!, StringComparison.Ordinal));
            await scene.Check();
        } finally {
            await app.Rules(scene.Officer, r => r with { PassLimit = 3 });
        }
    }

    [Fact]
    public async Task Book_SettingHasItsPlaces_WaitsUntilTheLimitEnds() {
        var scene = await Scene.Set(app, places: 5, inDays: 30);
        await Limits(scene, new SetSessionRules.Limit(null, 2, new DateOnly(2026, 10, 8)));
        var answers = await scene.Book(3);
        Assert.Equal(["booked", "booked", "waiting"], answers.Select(a => a.Outcome));
        var page = await (await app.Browser(scene.Manager)).Get($"/bookings/{answers[2].BookingId}");
        Assert.Contains("The setting has its 2 places until 9 October 2026", page.Words, StringComparison.Ordinal);
        Assert.Equal("booked", (await (await scene.Elsewhere()).Book(1)).Single().Outcome);
        await scene.Check();
        await scene.Wait(TimeSpan.FromDays(4));
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[2].BookingId));
        await scene.Check();
    }

    [Fact]
    public async Task Book_LimitForOneRole_OthersAreNotHeldBack() {
        var scene = await Scene.Set(app, places: 5);
        await Limits(scene, new SetSessionRules.Limit(JobRole.Practitioner, 1, null));
        Assert.Equal(["booked", "waiting"], (await scene.Book(2)).Select(a => a.Outcome));
        var lead = await app.Given.Staff(scene.Setting);
        await app.Database(db => db.Execute("UPDATE people_Membership SET JobRole = 'RoomLeader' WHERE PersonId = @lead", new { lead }, default));
        Assert.Equal("booked", (await app.Send(scene.Manager, new BookPlaces.Command(scene.Session, [lead]))).Single().Outcome);
        await scene.Check();
    }

    [Fact]
    public async Task Book_PlacesAreSetAside_AreForThatAuthorityUntilTheyAreReleased() {
        var scene = await Scene.Set(app, places: 3, inDays: 30);
        var other = await scene.Elsewhere("Bradford");
        await app.Send(scene.Officer, new SetSessionRules.Command(scene.Session, null, [new(await app.Given.Authority("Bradford"), 2, new DateOnly(2026, 10, 6))], null, null));
        var own = await scene.Book(3);
        Assert.Equal(["booked", "waiting", "waiting"], own.Select(a => a.Outcome));
        Assert.Equal("booked", (await other.Book(1)).Single().Outcome);
        await scene.Check();
        await scene.Wait(TimeSpan.FromDays(2));
        Assert.Equal(HoldKind.Offer, await scene.Hold(own[1].BookingId));
        Assert.Null(await scene.Hold(own[2].BookingId));
        await scene.Check();
    }

    [Fact]
    public async Task Cancel_SettingOnTheList_ComesBeforeThoseWhoCameEarlierAndSeesWhy() {
        var scene = await Scene.Set(app, places: 1, authority: "Blackpool");
        var favoured = await scene.Elsewhere();
        var booked = await scene.Book(1);
        var (first, second) = ((await scene.Book(1)).Single(), (await favoured.Book(1)).Single());
        var officer = await app.Browser(scene.Officer);
        var page = await officer.Get("/manage/booking-rules");
        Assert.Equal(["Enter a name, like Not yet inspected", "Enter the reason that people read", "Select whom the band is for"], (await page.Post([], "#add-band")).Errors);
        await page.Post([("Name", "Not yet inspected"), ("Reason", "We must offer them training"), ("Kind", "SettingList")], "#add-band");
        var urn = await app.Database(db => db.One<string>("SELECT Urn FROM people_Setting WHERE Id = @Setting", new { favoured.Setting }, default));
        var found = await officer.Get($"/manage/booking-rules?find={urn}");
        var add = found.Document.QuerySelectorAll("main form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().First(f => f.QuerySelector("button[value=AddSetting]") is not null);
        add.Id = "add-setting";
        await found.Post([("Change", "AddSetting")], "#add-setting");

        var theirs = await (await app.Browser(favoured.Manager)).Get($"/bookings/{second.BookingId}");
        Assert.Contains("Number 1 on the waiting list", theirs.Words, StringComparison.Ordinal);
        Assert.Contains("Not yet inspected: We must offer them training", theirs.Words, StringComparison.Ordinal);
        await scene.Cancel(booked[0].BookingId);
        Assert.Equal(HoldKind.Offer, await scene.Hold(second.BookingId));
        Assert.Null(await scene.Hold(first.BookingId));
        await scene.Check();

        var band = await app.Database(db => db.One<Guid>("SELECT Id FROM training_Band WHERE Name = 'Not yet inspected'", null, default));
        var stranger = await app.Given.Officer(await app.Given.Authority("Bradford"));
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger, new ChangeBand.Command(band, ChangeBand.Change.Remove))).Refusal);
        await app.Send(scene.Officer, new ChangeBand.Command(band, ChangeBand.Change.Remove));
    }

    [Fact]
    public async Task Cancel_NoPlaceThisYear_ComesFirst() {
        var scene = await Scene.Set(app, places: 1, authority: "Blackpool");
        var placed = await scene.Elsewhere();
        var other = scene with { Session = (await app.Session(scene.Officer, title: "Another course")).SessionId };
        await (other with { Setting = placed.Setting, Manager = placed.Manager }).Book(1);
        var band = await app.Send(scene.Officer, new AddBand.Command(scene.Authority, "None yet", "Everyone in turn", BandKind.NoPlaceThisYear, null));
        var booked = await (await scene.Elsewhere()).Book(1);
        var (first, second) = ((await placed.Book(1)).Single(), (await scene.Book(1)).Single());
        Assert.Equal(((int?)2, (int?)1), (await Position(placed, first), await Position(scene, second)));
        await scene.Cancel(booked[0].BookingId);
        Assert.Equal(HoldKind.Offer, await scene.Hold(second.BookingId));
        await scene.Check();
        await app.Send(scene.Officer, new ChangeBand.Command(band, ChangeBand.Change.Remove));
    }

    async Task<int?> Position(Scene scene, BookPlaces.Answer answer) => (await app.Send(scene.Manager, new OpenBooking.Query(answer.BookingId!.Value))).Standing!.Position;

    [Fact]
    public async Task Post_BookingRules_AreCheckedKeptAndOnlyOnesOwn() {
        var authority = await app.Given.Authority("Bradford");
        var officer = await app.Given.Officer(authority);
        var browser = await app.Browser(officer);
        var page = await browser.Get("/manage/booking-rules");
        Assert.Equal(["Enter for how many hours an offer stands", "The last hours must be between 0 and 80", "The working day must end after it starts"],
            (await page.Post([("OfferHours", ""), ("LastHours", "81"), ("DayStarts", "5pm"), ("DayEnds", "9am")], "#rules")).Errors);
        var saved = await browser.Follow((await page.Post([("OfferHours", "12"), ("Offers", "false")], "#rules")).RedirectsTo!);
        Assert.Equal("The booking rules have been saved.", saved.Banner);
        Assert.Equal("12", saved.Document.QuerySelector("#OfferHours")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("OfferHours", "13")], "#rules")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/manage/booking-rules?authorityId={await app.Given.Authority()}")).Status);
        using var foreign = await (await app.Api(officer)).GetAsync(new Uri($"/api/v1/authorities/{await app.Given.Authority()}/booking-rules", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        var manager = await app.Browser(await app.Given.Manager(await app.Given.Setting(authority)));
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.Get("/manage/booking-rules")).Status);
        Assert.StartsWith("https://localhost/sign-in", (await app.Browser().Get("/manage/booking-rules")).RedirectsTo!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SessionRules_AreCheckedKeptAndOnlyOnesOwn() {
        var scene = await Scene.Set(app, places: 5);
        var browser = await app.Browser(scene.Officer);
        var address = $"/manage/sessions/{scene.Session}/rules";
        var page = await browser.Get(address);
        Assert.Equal(["Enter the most places of one setting", "Enter how many places are set aside", "Enter the last day on which they are set aside", "Enter the day on which you decide"],
            (await page.Post([("Limits[0].JobRole", "Senco"), ("Quotas[0].AuthorityId", scene.Authority.ToString()), ("LeastPeople", "4")])).Errors);
        var done = await page.Post([("Limits[0].Most", "2"), ("Limits[0].Until.Day", "7"), ("Limits[0].Until.Month", "10"), ("Limits[0].Until.Year", "2026"), ("LeastPeople", "3"), ("DecideOn.Day", "9"), ("DecideOn.Month", "10"), ("DecideOn.Year", "2026")]);
        Assert.Equal($"/manage/sessions/{scene.Session}", done.RedirectsTo);
        var rules = await app.Send(scene.Officer, new SetSessionRules.Query(scene.Session));
        Assert.Equal(new SetSessionRules.Limit(null, 2, new DateOnly(2026, 10, 7)), Assert.Single(rules.Limits));
        Assert.Equal((3, new DateOnly(2026, 10, 9)), (rules.LeastPeople!.Value, rules.DecideOn!.Value));
        var stranger = await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")));
        foreach (var path in new[] { address, $"/manage/sessions/{scene.Session}/decisions" }) Assert.Equal(HttpStatusCode.NotFound, (await stranger.Get(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(scene.Manager)).Get(address)).Status);
    }

    [Fact]
    public async Task Put_Places_ServesTheListAndRefusesLessThanIsTaken() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        var api = await app.Api(scene.Officer);
        async Task<HttpStatusCode> Put(HttpClient client, int places) {
            using var response = await client.PutAsJsonAsync($"/api/v1/sessions/{scene.Session}/places", new { places });
            return response.StatusCode;
        }
        Assert.Equal(HttpStatusCode.NoContent, await Put(api, 2));
        Assert.Equal(HoldKind.Offer, await scene.Hold(answers[1].BookingId));
        // What is offered counts as taken.
        Assert.Equal(HttpStatusCode.BadRequest, await Put(api, 1));
        Assert.Equal(HttpStatusCode.NotFound, await Put(await app.Api(await app.Given.Officer(await app.Given.Authority("Bradford"))), 5));
        await scene.Check();
    }

    [Fact]
    public async Task Get_WaitingListOfTheOfficer_IsInItsOrderWithWhatIsHeld() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        await scene.Cancel(answers[0].BookingId);
        var page = await (await app.Browser(scene.Officer)).Get($"/manage/sessions/{scene.Session}?state=Waiting");
        Assert.Contains("Offered until 8 October 2026", page.Words, StringComparison.Ordinal);
        Assert.Contains("1 of them is held", page.Words, StringComparison.Ordinal);
        var text = await (await app.Api(scene.Officer)).GetStringAsync(new Uri($"/api/v1/sessions/{scene.Session}/bookings", UriKind.Relative));
        Assert.Contains("\"hold\":\"Offer\"", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Check_CountsAreWrong_IsFoundLoggedAndShownUntilItIsRight() {
        var scene = await Scene.Set(app, places: 3);
        var answers = await scene.Book(1);
        await app.Database(db => db.Execute("UPDATE training_Session SET PlacesTaken = 2 WHERE Id = @Session", new { scene.Session }, default));
        Assert.True(await app.Send(scene.Officer, new CheckPlaces.Command()) >= 1);
        var browser = await app.Browser(scene.Officer);
        Assert.Contains("1 places are booked and 0 held, but 2 count as taken", (await browser.Get($"/manage/sessions/{scene.Session}")).Words, StringComparison.Ordinal);
        await app.Database(db => db.Execute("UPDATE training_Session SET PlacesTaken = 1 WHERE Id = @Session", new { scene.Session }, default));
        // Somebody who fits waits: put there behind the back of the rule.
        await app.Database(db => db.Execute("UPDATE training_Booking SET State = 'Waiting', WaitingNumber = 1 WHERE Id = @BookingId", new { answers[0].BookingId }, default));
        await app.Database(db => db.Execute("UPDATE training_Session SET PlacesTaken = 0, WaitingCount = 1, WaitingTail = 1 WHERE Id = @Session", new { scene.Session }, default));
        Assert.Equal(["3 places are free, but 1 people who could have one wait"], (await app.Ask(scene.Officer, new CheckPlaces.Query([scene.Session]))).Select(f => f.Sentence));
        await app.Send(scene.Officer, new SettlePlaces.Command(scene.Session));
        await scene.Check();
        await app.Send(scene.Officer, new CheckPlaces.Command());
        Assert.DoesNotContain("nightly check", (await browser.Get($"/manage/sessions/{scene.Session}")).Words, StringComparison.Ordinal);
    }
}
