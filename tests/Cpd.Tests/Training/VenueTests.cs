using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Sessions;
using Cpd.Training.Venues;

namespace Cpd.Tests.Training;

public sealed class VenueTests(CpdApp app) : IClassFixture<CpdApp> {
    static AddVenue.Command Hall(Guid authorityId, string name, int capacity = 20) => new() {
        AuthorityId = authorityId, Name = name, Address = "New Road, Grays RM17 6SL", AccessNotes = "Ramp at the back\nRing twice", Rooms = [new TypedRoom { Name = "Main hall", Capacity = capacity }],
    };

    async Task<(Guid VenueId, Guid RoomId)> Venue(Actor officer, string name, int capacity = 20) {
        var id = await app.Send(officer, Hall(officer.Grants[0].OrganisationId, name, capacity));
        return (id, (await app.Send(officer, new OpenVenue.Query(id))).Rooms[0].Id);
    }

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var (venue, _) = await Venue(officer, "Kept Hall");
        foreach (var address in (string[])["/manage/venues", "/manage/venues/add", $"/manage/venues/{venue}"]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Manager(await app.Given.Setting(authority)))).Get(address)).Status);
        }
        var other = await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")));
        Assert.Equal(HttpStatusCode.NotFound, (await other.Get($"/manage/venues/{venue}")).Status);
        Assert.DoesNotContain("Kept Hall", (await other.Get("/manage/venues")).Words, StringComparison.Ordinal);
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Bradford")), Hall(authority, "Foreign"))).Refusal);
    }

    [Fact]
    public async Task Post_VenueOnThePage_IsListedAndChosen() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var browser = await app.Browser(officer);
        var page = await browser.Get("/manage/venues/add");
        var bare = await page.Post([]);
        Assert.Equal(HttpStatusCode.BadRequest, bare.Status);
        Assert.Equal(["Enter the name of the venue", "Enter the address", "Enter at least one room, even if it is the whole venue"], bare.Errors);
        var wrong = await page.Post([("Name", "Old School"), ("Address", "1 Lane"), ("MapLink", "here"), ("Rooms[0].Name", "Hall"), ("Rooms[0].Capacity", "0")]);
        Assert.Equal(["The map link must be a web address, like https://example.org/map", "The number of people must be between 1 and 5,000"], wrong.Errors);
        var unread = await page.Post([("Name", "Old School"), ("Address", "1 Lane"), ("Rooms[0].Name", "Hall"), ("Rooms[0].Capacity", "many")]);
        Assert.Equal(HttpStatusCode.BadRequest, unread.Status);

        var two = await page.Post([("Name", "Old School"), ("Address", "1 Lane"), ("Rooms[0].Name", "Hall"), ("Rooms[0].Capacity", "30"), ("AnotherRoom", "true")]);
        var twice = await two.Post([("Rooms[1].Name", "hall"), ("Rooms[1].Capacity", "8")]);
        Assert.Equal(["Each room needs a name of its own"], twice.Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await two.Post([("MapLink", "https://maps.example.org/1"), ("AccessNotes", "Ring twice"), ("Rooms[1].Name", "Attic"), ("Rooms[1].Capacity", "8")])).Status);

        var list = await browser.Get("/manage/venues");
        var row = list.Document.QuerySelectorAll("tbody tr").Single(r => r.TextContent.Contains("Old School", StringComparison.Ordinal));
        Assert.Equal(["1 Lane", "Thurrock", "2", "30"], row.QuerySelectorAll("td").Select(c => c.TextContent.Trim()));

        var (course, _) = await app.Session(officer);
        var form = await browser.Get($"/manage/courses/{course}/sessions/add");
        var room = form.Document.QuerySelectorAll("#RoomId option").Single(o => o.TextContent == "Old School, Attic (8 people)").GetAttribute("value");
        var on = London.Today(app.Clock).AddDays(50);
        var saved = await form.Post([("Dates[0].On.Day", $"{on.Day}"), ("Dates[0].On.Month", $"{on.Month}"), ("Dates[0].On.Year", $"{on.Year}"), ("Dates[0].From", "10am"), ("Dates[0].To", "12pm"), ("Places", "8"), ("RoomId", room)]);
        Assert.Equal(HttpStatusCode.Redirect, saved.Status);
        Assert.Contains("Old School, Attic", (await browser.Get(saved.RedirectsTo!)).Words, StringComparison.Ordinal);
        await app.Send(officer, new PublishSession.Command(Guid.Parse(saved.RedirectsTo!.Split('/')[^1])));
        var seen = await app.Browser().Get($"/sessions/{saved.RedirectsTo!.Split('/')[^1]}");
        Assert.Contains("Ring twice", seen.Words, StringComparison.Ordinal);
        Assert.Equal("https://maps.example.org/1", seen.Document.QuerySelectorAll("main a").Single(a => a.TextContent == "Show on a map").GetAttribute("href"));
    }

    [Fact]
    public async Task Post_RoomTakenOrTooSmall_AsksFirstAndThenSaves() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (_, room) = await Venue(officer, "Busy Hall");
        AddSession.Command In(AddSession.Command s) => s with { RoomId = room, VenueName = null, VenueAddress = null };
        var (_, first) = await app.Session(officer, title: "First come", inDays: 30, with: In);
        var (course, _) = await app.Session(officer);
        AddSession.Command At(int inDays, int from, int places = 10) => new() { CourseId = course, RoomId = room, Places = places, Dates = [TrainingGiven.Date(London.Today(app.Clock).AddDays(inDays), from, from + 1)] };

        var clash = Assert.IsType<Invalid>((await app.Ask(officer, At(30, 12))).Refusal).Errors.Single();
        Assert.Equal("Anyway", clash.Field);
        Assert.Contains("10am to 12:30pm by First come.", clash.Sentence, StringComparison.Ordinal);
        // What ends when the other begins does not clash; neither does another day.
        await app.Send(officer, At(30, 8) with { Dates = [new TypedDate { On = London.Today(app.Clock).AddDays(30), From = new TimeOnly(8, 0), To = new TimeOnly(10, 0) }] });
        await app.Send(officer, At(31, 12));
        var small = Assert.IsType<Invalid>((await app.Ask(officer, At(32, 9, places: 21))).Refusal).Errors.Single();
        Assert.StartsWith("The room holds 20 people and the session has 21 places.", small.Sentence, StringComparison.Ordinal);

        var browser = await app.Browser(officer);
        var on = London.Today(app.Clock).AddDays(30);
        var form = await browser.Get($"/manage/courses/{course}/sessions/add");
        Assert.Null(form.Document.QuerySelector("#Anyway"));
        var warned = await form.Post([("Dates[0].On.Day", $"{on.Day}"), ("Dates[0].On.Month", $"{on.Month}"), ("Dates[0].On.Year", $"{on.Year}"), ("Dates[0].From", "11am"), ("Dates[0].To", "1pm"), ("Places", "10"), ("RoomId", room.ToString())]);
        Assert.Equal(HttpStatusCode.BadRequest, warned.Status);
        Assert.Contains("First come", warned.Errors.Single(), StringComparison.Ordinal);
        var saved = await warned.Post([("Anyway", "true")]);
        Assert.Equal(HttpStatusCode.Redirect, saved.Status);
        // Both sessions say so from then on, until one is moved or cancelled.
        Assert.Contains("by Babbling Babies.", (await browser.Get($"/manage/sessions/{first}")).Words, StringComparison.Ordinal);
        Assert.Contains("by First come.", (await browser.Get(saved.RedirectsTo!)).Words, StringComparison.Ordinal);
        await app.Send(officer, new CancelSession.Command(first, "Ill"));
        Assert.DoesNotContain("The room is taken", (await browser.Get(saved.RedirectsTo!)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RoomOfAnotherAuthority_IsRefused() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (_, room) = await Venue(await app.Given.Officer(await app.Given.Authority("Bradford")), "Far Hall");
        var (course, _) = await app.Session(officer);
        var outcome = await app.Ask(officer, new AddSession.Command { CourseId = course, RoomId = room, Places = 5, Dates = [TrainingGiven.Date(London.Today(app.Clock).AddDays(20))] });
        Assert.Equal("Select a venue from the list", Assert.IsType<Invalid>(outcome.Refusal).Errors.Single().Sentence);
    }

    [Fact]
    public async Task Put_VenueIsRenamedAndRoomEnded_SessionsAheadFollow() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        var (venue, room) = await Venue(officer, "Mis-spelt Hall");
        var (course, session) = await app.Session(officer, inDays: 40, with: s => s with { RoomId = room });
        var setting = await app.Given.Setting(officer.Grants[0].OrganisationId);
        var person = await app.Given.Practitioner(setting);
        var booking = (await app.Send(person, new BookPlaces.Command(session, [person.PersonId]))).Single().BookingId!.Value;
        var mails = (await app.DrainMail()).Count;

        var api = await app.Api(officer);
        var body = new { version = 1, name = "Well-spelt Hall", address = "2 New Road", mapLink = "", accessNotes = "Ramp", rooms = new object[] { new { id = room, name = "Main hall", capacity = 20, ended = true }, new { name = "Annexe", capacity = 9 } } };
        using (var changed = await api.PutAsJsonAsync($"/api/v1/venues/{venue}", body)) Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        using (var again = await api.PutAsJsonAsync($"/api/v1/venues/{venue}", body)) Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var words = (await (await app.Browser(person)).Get($"/bookings/{booking}")).Words;
        Assert.Contains("Well-spelt Hall, Main hall", words, StringComparison.Ordinal);
        Assert.Contains("Ramp", words, StringComparison.Ordinal);
        Assert.Equal(mails, (await app.DrainMail()).Count);

        // The session keeps its room when it is changed; a new one can't have it.
        var browser = await app.Browser(officer);
        var kept = await (await browser.Get($"/manage/sessions/{session}/edit")).Post([("Places", "17")]);
        Assert.Equal(HttpStatusCode.Redirect, kept.Status);
        Assert.DoesNotContain("Well-spelt Hall, Main hall", (await browser.Get($"/manage/courses/{course}/sessions/add")).Text, StringComparison.Ordinal);
        Assert.Contains("Well-spelt Hall, Annexe", (await browser.Get($"/manage/courses/{course}/sessions/add")).Text, StringComparison.Ordinal);
        var listed = await api.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/authorities/{officer.Grants[0].OrganisationId}/venues", UriKind.Relative));
        Assert.Contains(listed.GetProperty("items").EnumerateArray(), v => v.GetProperty("name").GetString() == "Well-spelt Hall" && v.GetProperty("rooms").GetInt32() == 1 && v.GetProperty("largest").GetInt32() == 9);
        var lost = await app.Ask(officer, new EditVenue.Command { Id = venue, Version = 2, Name = "Hall", Address = "1", Rooms = [new TypedRoom { Name = "New", Capacity = 1 }] });
        Assert.IsType<Conflict>(lost.Refusal);
    }

    [Fact]
    public async Task Put_SessionTypedVenue_StaysAsItWasTyped() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        await Venue(officer, "Listed Hall");
        var (_, session) = await app.Session(officer);
        var browser = await app.Browser(officer);
        var form = await browser.Get($"/manage/sessions/{session}/edit");
        Assert.Equal("Civic Hall", form.Document.QuerySelector("#VenueName")!.GetAttribute("value"));
        await form.Post([("Places", "18")]);
        Assert.Equal(1, await app.Count("training_Session", "Id = @session AND VenueName = 'Civic Hall' AND RoomId IS NULL AND Places = 18", new { session }));
    }
}
