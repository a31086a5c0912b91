using System.Net;
using System.Net.Http.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

public sealed class SubstituteTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public SubstituteTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    Task Rules(Scene scene, int substituteHours = 0, bool self = false, int lateHours = 168) => app.ChangeRules(scene.Officer, r => r with { SubstituteHours = substituteHours, SelfSubstitutes = self, LateHours = lateHours });

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var scene = await Scene.Set(app, places: 2);
        var booked = (await scene.Book(1)).Single();
        var address = $"/bookings/{booked.BookingId}/substitute";
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Holder(Role.Accreditor, OrganisationKind.Accreditor, await app.Given.Organisation(OrganisationKind.Accreditor, "Body of substitutes")))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser((await scene.Elsewhere("Bradford")).Manager)).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Practitioner(scene.Setting))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(scene.Manager)).Get(address)).Status);
    }

    [Fact]
    public async Task Post_Colleague_HasThePlaceWithItsReferenceAndBothAreTold() {
        var scene = await Scene.Set(app, places: 1);
        var first = await app.Given.Staff(scene.Setting, "Ann Alder");
        var second = await app.Given.Staff(scene.Setting, "Bea Birch");
        var booked = (await app.Send(scene.Manager, new BookPlaces.Command(scene.Session, [first]))).Single();
        await scene.Book(1);
        // What happens in one moment has no order.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var browser = await app.Browser(scene.Manager);
        var page = await browser.Get($"/bookings/{booked.BookingId}");
        page = await browser.Get(page.Document.QuerySelectorAll("main a").Single(a => a.TextContent == "Let a colleague take the place").GetAttribute("href")!);
        Assert.Equal(["Select who takes the place"], (await page.Post([])).Errors);
        var check = await page.Post([("PersonId", second.ToString())]);
        Assert.Equal("Check before you hand the place over", check.Heading);
        Assert.Contains("Charge for the changeNone", check.Words, StringComparison.Ordinal);
        var done = await check.Post([]);
        var after = await browser.Follow(done.RedirectsTo!);
        Assert.Equal("Bea Birch has the place now. Both have been told.", after.Banner);
        Assert.Contains(booked.Reference!, after.Words, StringComparison.Ordinal);
        Assert.Contains("Taken over for Bea Birch", after.Words, StringComparison.Ordinal);
        Assert.Contains("Booked for Ann Alder", after.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND PersonId = @second AND State = 'Booked'", new { booked.BookingId, second }));
        var mail = await app.DrainMail();
        Assert.Contains(mail, m => m.Contains("Subject: A colleague has taken your place", StringComparison.Ordinal) && m.Contains("Dear Ann Alder", StringComparison.Ordinal) && !m.Contains("/bookings/", StringComparison.Ordinal));
        Assert.Contains(mail, m => m.Contains("Subject: Booked", StringComparison.Ordinal) && m.Contains("Dear Bea Birch", StringComparison.Ordinal) && m.Contains("that was Ann Alder's", StringComparison.Ordinal));
        await scene.Check();
    }

    [Fact]
    public async Task Post_WrongPerson_IsToldWhy() {
        var scene = await Scene.Set(app, places: 2);
        var answers = await scene.Book(2);
        var api = await app.Api(scene.Manager);
        async Task Refused(Guid? person, Guid? insteadOf, HttpStatusCode status, string sentence) {
            using var response = await api.PostAsJsonAsync($"/api/v1/bookings/{answers[0].BookingId}/substitute", new { personId = person, insteadOf });
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(sentence, System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.ToString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        await Refused(null, answers[0].PersonId, HttpStatusCode.BadRequest, "Select who takes the place");
        await Refused(answers[1].PersonId, null, HttpStatusCode.BadRequest, "Say whose place it is");
        await Refused(answers[0].PersonId, answers[0].PersonId, HttpStatusCode.BadRequest, "Select somebody else");
        await Refused(answers[1].PersonId, answers[0].PersonId, HttpStatusCode.BadRequest, "is already booked: reference " + answers[1].Reference);
        await Refused(await app.Given.Staff((await scene.Elsewhere()).Setting), answers[0].PersonId, HttpStatusCode.BadRequest, "Select somebody who works at the same setting");
        await Refused(await app.Given.Staff(scene.Setting), answers[1].PersonId, HttpStatusCode.Conflict, "Somebody else has handed this place over meanwhile");
    }

    [Fact]
    public async Task Post_ColleagueWaits_EntryEndsAndThePlaceIsTheirs() {
        var scene = await Scene.Set(app, places: 1);
        var answers = await scene.Book(3);
        await app.Send(scene.Manager, new SubstitutePerson.Command(answers[0].BookingId!.Value, answers[1].PersonId, answers[0].PersonId));
        Assert.Equal(1, await scene.Is(answers[1].BookingId, "Cancelled"));
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND PersonId = @PersonId AND State = 'Booked'", new { answers[0].BookingId, answers[1].PersonId }));
        Assert.Equal(1, await app.Count("training_Session", "Id = @Session AND PlacesTaken = 1 AND WaitingCount = 1", new { scene.Session }));
        await scene.Check();
    }

    [Fact]
    public async Task Post_RoleHasItsLimit_IsRefused() {
        var scene = await Scene.Set(app, places: 5);
        await app.Send(scene.Officer, new SetSessionRules.Command(scene.Session, [new(JobRole.Senco, 1, null)], null, null, null));
        var answers = await scene.Book(2);
        var senco = await app.Given.Staff(scene.Setting);
        var other = await app.Given.Staff(scene.Setting);
        foreach (var id in new[] { senco, other }) await app.Database(db => db.Execute("UPDATE people_Membership SET JobRole = 'Senco' WHERE PersonId = @id", new { id }, default));
        await app.Send(scene.Manager, new SubstitutePerson.Command(answers[0].BookingId!.Value, senco, answers[0].PersonId));
        var refused = await app.Ask(scene.Manager, new SubstitutePerson.Command(answers[1].BookingId!.Value, other, answers[1].PersonId));
        Assert.Contains("The setting has its 1 place for the role SENCO already", refused.Refusal!.ToString(), StringComparison.Ordinal);
        await scene.Check();
    }

    [Fact]
    public async Task Post_CutOff_BindsTheManagerAndNotTheOfficerUntilTheSessionStarts() {
        var scene = await Scene.Set(app, places: 4);
        await Rules(scene, substituteHours: 24);
        var booked = (await scene.Book(1)).Single();
        var (second, third) = (await app.Given.Staff(scene.Setting), await app.Given.Staff(scene.Setting));
        app.Clock.Advance(TimeSpan.FromDays(9) + TimeSpan.FromHours(2));
        var late = await app.Ask(scene.Manager, new SubstitutePerson.Command(booked.BookingId!.Value, second, booked.PersonId));
        Assert.Contains("Places could be handed over until 14 October 2026 at 10am", late.Refusal!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Places could be handed over until", (await (await app.Browser(scene.Manager)).Get($"/bookings/{booked.BookingId}/substitute")).Words, StringComparison.Ordinal);
        await app.Send(scene.Officer, new SubstitutePerson.Command(booked.BookingId!.Value, second, booked.PersonId));
        app.Clock.Advance(TimeSpan.FromDays(1));
        var begun = await app.Ask(scene.Officer, new SubstitutePerson.Command(booked.BookingId!.Value, third, second));
        Assert.Contains("The session has started", begun.Refusal!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ByThePersonThemselves_OnlyWhereTheAuthorityLetsThem() {
        var scene = await Scene.Set(app, places: 4, authority: "Blackpool");
        var me = await app.Given.Practitioner(scene.Setting, "Cleo Cedar");
        var colleague = await app.Given.Staff(scene.Setting, "Dora Dale");
        var booked = (await app.Send(me, new BookPlaces.Command(scene.Session, [me.PersonId]))).Single();
        var browser = await app.Browser(me);
        Assert.Contains("Ask your manager", (await browser.Get($"/bookings/{booked.BookingId}/substitute")).Words, StringComparison.Ordinal);
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(me, new SubstitutePerson.Command(booked.BookingId!.Value, colleague, me.PersonId))).Refusal);
        await Rules(scene, self: true);
        var page = await browser.Get($"/bookings/{booked.BookingId}/substitute");
        var done = await (await page.Post([("PersonId", colleague.ToString())])).Post([]);
        Assert.Equal("/bookings", done.RedirectsTo);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/bookings/{booked.BookingId}")).Status);
        await scene.Check();
    }

    [Fact]
    public async Task Post_TwoHandOverTheSamePlaceAtOnce_OneDoes() {
        for (var round = 0; round < 10; round++) {
            var scene = await Scene.Set(app, places: 2);
            var booked = (await scene.Book(1)).Single();
            var colleagues = new[] { await app.Given.Staff(scene.Setting), await app.Given.Staff(scene.Setting), await app.Given.Staff(scene.Setting), await app.Given.Staff(scene.Setting) };
            var api = await app.Api(scene.Manager);
            var answers = await Task.WhenAll(colleagues.Select(c => Task.Run(async () => {
                using var response = await api.PostAsJsonAsync($"/api/v1/bookings/{booked.BookingId}/substitute", new { personId = c, insteadOf = booked.PersonId });
                return response.StatusCode;
            })));
            Assert.Single(answers, HttpStatusCode.NoContent);
            Assert.Equal(3, answers.Count(a => a == HttpStatusCode.Conflict));
            Assert.Equal(1, await app.Count("training_BookingHistory", "BookingId = @BookingId AND InsteadOf IS NOT NULL", new { booked.BookingId }));
            await scene.Check();
        }
    }
}

static class ChangesGiven {
    /// <summary>Changes what an officer's authority says of changing bookings.</summary>
    internal static async Task ChangeRules(this CpdApp app, Actor officer, Func<SetChangeRules.Command, SetChangeRules.Command> with) {
        var now = await app.Send(officer, new SeeChangeRules.Query(officer.Grants[0].OrganisationId));
        await app.Send(officer, with(new() {
            AuthorityId = now.AuthorityId, Version = now.Version, LateHours = now.Rules.LateHours, SubstituteHours = now.Rules.SubstituteHours, SelfSubstitutes = now.Rules.SelfSubstitutes, ReleasePercent = now.Rules.ReleasePercent,
        }));
    }

    /// <summary>Another published date of the scene's course.</summary>
    internal static async Task<Scene> OtherDate(this Scene scene, int places, int inDays = 20) {
        var session = await scene.App.Send(scene.Officer, new AddSession.Command { CourseId = scene.CourseId, Dates = [TrainingGiven.Date(London.Today(scene.App.Clock).AddDays(inDays))], Places = places, VenueName = "Civic Hall" });
        await scene.App.Send(scene.Officer, new PublishSession.Command(session));
        return scene with { Session = session };
    }
}
