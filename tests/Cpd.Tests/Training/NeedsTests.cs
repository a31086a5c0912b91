using System.Net;
using System.Net.Http.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;
using Cpd.Training.Needs;

namespace Cpd.Tests.Training;

public sealed class NeedsTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public NeedsTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    async Task<Scene> Asking(int places = 5, Guid? trainer = null) {
        var scene = await Scene.Set(app, places, with: s => s with { TrainerPersonId = trainer });
        await app.Send(scene.Officer, new SetSessionQuestions.Command(scene.Session, Access: true, Dietary: true, Creche: false, "Which room do you work in?"));
        return scene;
    }

    async Task<string> Seen(Actor who, Guid session) => (await (await app.Browser(who)).Get($"/sessions/{session}/needs")).Words;

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var scene = await Asking(trainer: trainer.PersonId);
        var me = await app.Given.Practitioner(scene.Setting);
        var booked = (await app.Send(me, new BookPlaces.Command(scene.Session, [me.PersonId]))).Single();
        foreach (var address in new[] { $"/sessions/{scene.Session}/needs", $"/bookings/{booked.BookingId}/questions", $"/manage/sessions/{scene.Session}/questions", "/my-needs" })
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        var needs = $"/sessions/{scene.Session}/needs";
        foreach (var forbidden in new[] { me, scene.Manager, await app.Given.Administrator() }) Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(forbidden)).Get(needs)).Status);
        var stranger = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var foreign = await app.Given.Officer(await app.Given.Authority("Bradford"));
        foreach (var unseen in new[] { stranger, foreign }) {
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(unseen)).Get(needs)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(unseen)).Get($"/bookings/{booked.BookingId}/questions")).Status);
            using var api = await (await app.Api(unseen)).GetAsync(new Uri($"/api/v1/sessions/{scene.Session}/needs", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(foreign)).Get($"/manage/sessions/{scene.Session}/questions")).Status);
        Assert.Contains("Nobody needs anything so far", await Seen(trainer, scene.Session), StringComparison.Ordinal);
        Assert.Contains("What people need", (await (await app.Browser(trainer)).Get($"/sessions/{scene.Session}/register")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OfficerSwitchesThemOn_AreAskedAfterBooking() {
        var scene = await Scene.Set(app, places: 5);
        var officer = await app.Browser(scene.Officer);
        var page = await officer.Get($"/manage/sessions/{scene.Session}/questions");
        Assert.Equal(["The question must be 200 characters or fewer"], (await page.Post([("Question", new string('x', 201))])).Errors);
        Assert.Equal("The questions have been saved.", (await officer.Follow((await page.Post([("Access", "true"), ("Question", "Which room do you work in?")])).RedirectsTo!)).Banner);
        var read = await (await app.Api(scene.Officer)).GetFromJsonAsync<SetSessionQuestions.View>($"/api/v1/sessions/{scene.Session}/questions");
        Assert.Equal((true, false, false, "Which room do you work in?"), (read!.Access, read.Dietary, read.Creche, read.Question));
        var me = await app.Given.Practitioner(scene.Setting, "Flo Fir");
        var browser = await app.Browser(me);
        var check = await browser.Get($"/sessions/{scene.Session}/book");
        Assert.Contains("Which room do you work in?", check.Words, StringComparison.Ordinal);
        var asks = await browser.Follow((await check.Post([])).RedirectsTo!);
        Assert.Equal("You are booked. The organiser asks", asks.Heading);
        Assert.Equal(["The answer must be 500 characters or fewer"], (await asks.Post([("Answers[0].Answer", new string('x', 501))])).Errors);
        var after = await browser.Follow((await asks.Post([("Answers[0].Answer", "A quiet corner"), ("Answers[1].Answer", "Babies"), ("Remember", "true")])).RedirectsTo!);
        Assert.Equal("Booked", after.Heading);
        Assert.Contains("Questions answered", after.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("quiet corner", after.Words, StringComparison.Ordinal);
        Assert.Contains("Flo Fir, ", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        Assert.Contains("Access: A quiet corner", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        Assert.Contains("Organiser's question: Babies", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        var mail = (await app.DrainMail()).Single(m => m.Contains("Dear Flo Fir", StringComparison.Ordinal));
        Assert.Contains("/questions", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", mail, StringComparison.Ordinal);
        // Nobody who books for them reads it.
        var manager = await (await app.Browser(scene.Manager)).Get($"/bookings/{await app.Database(db => db.One<Guid>("SELECT Id FROM training_Booking WHERE PersonId = @PersonId", new { me.PersonId }, default))}/questions");
        Assert.DoesNotContain("quiet", manager.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", await (await app.Api(scene.Officer)).GetStringAsync(new Uri($"/api/v1/sessions/{scene.Session}/bookings", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remembered_AreUsedForLaterSessionsThatAskUntilErased() {
        var scene = await Asking();
        var other = await scene.OtherDate(places: 5);
        var me = await app.Given.Practitioner(scene.Setting);
        var browser = await app.Browser(me);
        var page = await browser.Get("/my-needs");
        Assert.Equal(["The answer must be 500 characters or fewer"], (await page.Post([("Needs[0].Answer", new string('x', 501))])).Errors);
        Assert.Equal("It has been saved.", (await browser.Follow((await page.Post([("Needs[0].Answer", "Large print"), ("Needs[1].Answer", "Vegan")])).RedirectsTo!)).Banner);
        await app.Send(scene.Manager, new BookPlaces.Command(scene.Session, [me.PersonId]));
        await app.Send(scene.Manager, new BookPlaces.Command(other.Session, [me.PersonId]));
        Assert.Contains("Food: Vegan", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        Assert.Contains("Nothing is asked", await Seen(scene.Officer, other.Session), StringComparison.Ordinal);
        // What is answered for one session holds there, even nothing.
        var booking = await app.Database(db => db.One<Guid>("SELECT Id FROM training_Booking WHERE PersonId = @PersonId AND SessionId = @Session", new { me.PersonId, scene.Session }, default));
        await app.Send(me, new AnswerQuestions.Command(booking, [new(NeedKind.Dietary, "")], false));
        Assert.DoesNotContain("Vegan", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        Assert.Contains("Large print", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        Assert.Contains("Vegan", (await browser.Get("/my-needs")).Text, StringComparison.Ordinal);
        page = await browser.Get("/my-needs");
        Assert.Equal("It has been erased.", (await browser.Follow((await page.Post([("Erase", "true")])).RedirectsTo!)).Banner);
        Assert.Equal(0, await app.Count("training_PersonNeed", "PersonId = @PersonId", new { me.PersonId }));
        Assert.Contains("Nobody needs anything", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        using var wrong = await (await app.Api(me)).PutAsJsonAsync("/api/v1/me/needs", new { needs = new[] { new { kind = "Own", answer = "x" } } });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("Only access, food and a cr", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manager_AnswersForStaff_WritesAndDoesNotRead() {
        var scene = await Asking();
        var booked = (await scene.Book(1)).Single();
        var browser = await app.Browser(scene.Manager);
        var page = await browser.Get($"/bookings/{booked.BookingId}/questions");
        Assert.Empty(page.Document.QuerySelectorAll("input[name=Remember][type=checkbox]"));
        await page.Post([("Answers[0].Answer", "Step-free access"), ("Answers[1].Answer", "Halal")]);
        Assert.DoesNotContain("Step-free access</textarea>", (await browser.Get($"/bookings/{booked.BookingId}/questions")).Text, StringComparison.Ordinal);
        // What is left empty for somebody else changes nothing.
        await page.Post([("Answers[0].Answer", ""), ("Answers[1].Answer", "Vegan")]);
        Assert.Contains("Access: Step-free access Food: Vegan", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("training_PersonNeed", "PersonId = @PersonId", new { booked.PersonId }));
        await scene.Cancel(booked.BookingId);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get($"/bookings/{booked.BookingId}/questions")).Status);
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(scene.Manager, new AnswerQuestions.Command(booked.BookingId!.Value, [new(NeedKind.Access, "x")], false))).Refusal);
    }

    [Fact]
    public async Task Substitute_AnswersGoAndMove_AnswersComeAlong() {
        var scene = await Asking();
        var other = await scene.OtherDate(places: 5);
        await app.Send(scene.Officer, new SetSessionQuestions.Command(other.Session, true, true, false, null));
        var answers = await scene.Book(2);
        foreach (var a in answers) await app.Send(scene.Manager, new AnswerQuestions.Command(a.BookingId!.Value, [new(NeedKind.Dietary, "Vegan")], false));
        await app.Send(scene.Manager, new SubstitutePerson.Command(answers[0].BookingId!.Value, await app.Given.Staff(scene.Setting), answers[0].PersonId));
        var moved = await app.Send(scene.Manager, new MoveBooking.Command(answers[1].BookingId!.Value, other.Session));
        Assert.Equal(0, await app.Count("training_BookingAnswer", "BookingId = @BookingId", new { answers[0].BookingId }));
        Assert.Equal(1, await app.Count("training_BookingAnswer", "BookingId = @BookingId", new { moved.BookingId }));
        Assert.Contains("Vegan", await Seen(scene.Officer, other.Session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_30DaysAfterTheSession_AnswersAreGoneAndTheRememberedStay() {
        var scene = await Asking();
        var me = await app.Given.Practitioner(scene.Setting);
        var booked = (await app.Send(me, new BookPlaces.Command(scene.Session, [me.PersonId]))).Single();
        var dropped = (await scene.Book(1)).Single();
        await app.Send(scene.Manager, new AnswerQuestions.Command(dropped.BookingId!.Value, [new(NeedKind.Access, "Ramp")], false));
        await scene.Cancel(dropped.BookingId);
        await app.Send(me, new AnswerQuestions.Command(booked.BookingId!.Value, [new(NeedKind.Access, "Ramp")], true));
        app.Clock.Advance(TimeSpan.FromDays(10 + 29));
        await app.Send(me, new ForgetAnswers.Command());
        Assert.Equal(0, await app.Count("training_BookingAnswer", "BookingId = @BookingId", new { dropped.BookingId }));
        Assert.Equal(1, await app.Count("training_BookingAnswer", "BookingId = @BookingId", new { booked.BookingId }));
        Assert.Contains("Ramp", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Contains("Answers are removed 30 days after a session", await Seen(scene.Officer, scene.Session), StringComparison.Ordinal);
        await app.Send(me, new ForgetAnswers.Command());
        Assert.Equal(0, await app.Count("training_BookingAnswer", "BookingId = @BookingId", new { booked.BookingId }));
        Assert.Equal(1, await app.Count("training_PersonNeed", "PersonId = @PersonId", new { me.PersonId }));
        Assert.DoesNotContain("Ramp", new Need(NeedKind.Access, "Ramp").ToString(), StringComparison.Ordinal);
    }
}
