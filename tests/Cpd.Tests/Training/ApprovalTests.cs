using System.Net;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;

namespace Cpd.Tests.Training;

public sealed class ApprovalTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public ApprovalTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    async Task<(Scene Scene, Actor Person)> Asking(int places, int inDays = 10) {
        var scene = await Scene.Set(app, places, inDays: inDays);
        await app.Send(scene.Manager, new AskForApproval.Command(scene.Setting, true));
        return (scene, await app.Given.Practitioner(scene.Setting, "Nadia Nkosi"));
    }

    async Task<BookPlaces.Answer> Ask(Scene scene, Actor person) => (await app.Send(person, new BookPlaces.Command(scene.Session, [person.PersonId]))).Single();

    [Fact]
    public async Task Book_SettingAsksForApproval_PlaceIsHeldUntilTheManagerApproves() {
        var (scene, person) = await Asking(places: 1);
        var answer = await Ask(scene, person);
        Assert.Equal("held", answer.Outcome);
        Assert.Equal("waiting", (await scene.Book(1)).Single().Outcome);
        Assert.Contains(await app.DrainMail(), m => m.Contains($"Dear {scene.Manager.Name}", StringComparison.Ordinal) && m.Contains("Nadia Nkosi has asked for a place", StringComparison.Ordinal));
        await scene.Check();
        var browser = await app.Browser(scene.Manager);
        var list = await browser.Get("/approvals");
        Assert.Contains("Nadia Nkosi", list.Words, StringComparison.Ordinal);
        // Two working days of eight hours.
        Assert.Contains("7 October 2026 at 10am", list.Words, StringComparison.Ordinal);
        var page = await browser.Get($"/approvals/{answer.BookingId}");
        Assert.Equal(["Select whether you approve"], (await page.Post([])).Errors);
        Assert.Equal(["Enter why you do not approve"], (await page.Post([("Approves", "false")])).Errors);
        var after = await browser.Follow((await page.Post([("Approves", "true")])).RedirectsTo!);
        Assert.Equal("You have approved Nadia Nkosi.", after.Banner);
        Assert.Equal(1, await scene.Is(answer.BookingId, "Booked"));
        Assert.Contains(await app.DrainMail(), m => m.Contains("Your manager has approved. You have a place.", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/approvals/{answer.BookingId}")).Status);
        await scene.Check();
    }

    [Fact]
    public async Task Post_Refused_PersonIsToldAndThePlaceGoesOn() {
        var (scene, person) = await Asking(places: 1);
        var answer = await Ask(scene, person);
        var next = (await scene.Book(1)).Single();
        await app.Send(scene.Manager, new ApproveBooking.Command(answer.BookingId!.Value, false, "Short of staff"));
        Assert.Equal(HoldKind.Offer, await scene.Hold(next.BookingId));
        Assert.Contains("Not approved: Short of staff", (await (await app.Browser(person)).Get($"/bookings/{answer.BookingId}")).Words, StringComparison.Ordinal);
        await scene.Check();
    }

    [Fact]
    public async Task Wait_NobodyAnswers_PlaceIsFreeAgain() {
        var (scene, person) = await Asking(places: 1, inDays: 20);
        var answer = await Ask(scene, person);
        var next = (await scene.Book(1)).Single();
        await scene.Wait(TimeSpan.FromDays(2));
        Assert.Equal(1, await scene.Is(answer.BookingId, "Cancelled"));
        Assert.Equal(HoldKind.Offer, await scene.Hold(next.BookingId));
        Assert.NotNull((await app.Ask(scene.Manager, new ApproveBooking.Command(answer.BookingId!.Value, true, null))).Refusal);
        await scene.Check();
    }

    [Fact]
    public async Task Book_FullSession_IsApprovedWhileWaitingAndThenOffered() {
        var (scene, person) = await Asking(places: 1);
        var booked = await scene.Book(1);
        var answer = await Ask(scene, person);
        Assert.Equal("waiting", answer.Outcome);
        await app.Send(scene.Manager, new ApproveBooking.Command(answer.BookingId!.Value, true, null));
        await scene.Cancel(booked[0].BookingId);
        Assert.Equal(HoldKind.Offer, await scene.Hold(answer.BookingId));
        await scene.Check();
    }

    [Fact]
    public async Task Book_ByManagerOrWhereNobodyManages_NeedsNoApproval() {
        var (scene, _) = await Asking(places: 5);
        Assert.Equal("booked", (await scene.Book(1)).Single().Outcome);
        await app.Rules(scene.Officer, r => r with { AsksApproval = true });
        try {
            var alone = await app.Given.Practitioner(await app.Given.Setting(scene.Authority));
            Assert.Equal("booked", (await Ask(scene, alone)).Outcome);
            var elsewhere = await scene.Elsewhere();
            Assert.Equal("held", (await Ask(scene, await app.Given.Practitioner(elsewhere.Setting))).Outcome);
        } finally {
            await app.Rules(scene.Officer, r => r with { AsksApproval = false });
        }
    }

    [Fact]
    public async Task Get_ApprovalOfAnotherSetting_IsNotFound() {
        var (scene, person) = await Asking(places: 2);
        var answer = await Ask(scene, person);
        var stranger = await scene.Elsewhere();
        var browser = await app.Browser(stranger.Manager);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/approvals/{answer.BookingId}")).Status);
        Assert.DoesNotContain("Nadia Nkosi", (await browser.Get("/approvals")).Words, StringComparison.Ordinal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger.Manager, new ApproveBooking.Command(answer.BookingId!.Value, true, null))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger.Manager, new AskForApproval.Command(scene.Setting, false))).Refusal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(person)).Get("/approvals")).Status);
        Assert.StartsWith("https://localhost/sign-in", (await app.Browser().Get("/approvals")).RedirectsTo!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ManagerChoosesToBeAsked_HoldsForWhatComes() {
        var scene = await Scene.Set(app, places: 3);
        var browser = await app.Browser(scene.Manager);
        var page = await browser.Get("/approvals");
        Assert.Contains("staff book without asking you", page.Words, StringComparison.Ordinal);
        var after = await browser.Follow((await page.Post([])).RedirectsTo!);
        Assert.Equal("From now on you are asked before staff take a place.", after.Banner);
        Assert.Equal("held", (await Ask(scene, await app.Given.Practitioner(scene.Setting))).Outcome);
    }
}
