using System.Net;
using System.Net.Http.Json;
using Cpd.Platform.Web;
using Cpd.Training;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;
using Cpd.Training.Charges;
using Cpd.Training.Registers;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

public sealed class ChargeTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public ChargeTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    /// <summary>A session of an authority that charges £30 within a week, £40 within a day and £50 for not coming. Each test has an authority of its own.</summary>
    async Task<Scene> Charging(string authority, int places = 4, int inDays = 10) {
        var scene = await Scene.Set(app, places, authority, inDays);
        if (await app.Count("training_ChargeTable", "AuthorityId = @Authority", new { scene.Authority }) == 0)
            await app.Send(scene.Officer, new AddChargeTable.Command(scene.Authority, London.Today(app.Clock), [new(168, 3000), new(24, 4000)], 5000));
        return scene;
    }

    static readonly DateTime Starts = new(2026, 10, 15, 9, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(168, 1, 0)]
    [InlineData(168, 0, 3000)]
    [InlineData(24, 1, 3000)]
    [InlineData(24, 0, 4000)]
    [InlineData(0, 1, 4000)]
    public void Terms_HoursBefore_CostByTheLastStepThatHasBegun(int hours, int millisecondsMore, int pence) =>
        Assert.Equal(pence, new ChargeTerms([new(168, 3000), new(24, 4000)], 5000).For(Starts, Starts.AddHours(-hours).AddMilliseconds(-millisecondsMore)));

    [Fact]
    public async Task Post_CancelledLate_IsShownBeforeAgreedToAndChargedOnce() {
        app.Clock.Set(CpdApp.Start.AddMinutes(-20));
        var scene = await Charging("Essex", inDays: 7);
        var answers = await scene.Book(2);
        var browser = await app.Browser(scene.Manager);
        var page = await browser.Get($"/bookings/{answers[0].BookingId}/cancel");
        Assert.Contains("Cancelling is free before 5 October 2026 at 10am", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Cancelling now costs", page.Words, StringComparison.Ordinal);
        Assert.Contains("Let a colleague take the place or move to another date instead: that costs nothing", page.Words, StringComparison.Ordinal);
        // While the page was open the week began: what it did not say is not charged.
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        var costly = await page.Post([("Cause", "Ill")]);
        Assert.Equal(HttpStatusCode.Conflict, costly.Status);
        Assert.Equal(["Cancelling now costs £30. Confirm that before you cancel, or let a colleague take the place."], costly.Errors);
        Assert.Equal(1, await scene.Is(answers[0].BookingId, "Booked"));
        page = await browser.Get($"/bookings/{answers[0].BookingId}/cancel");
        Assert.Contains("Cancelling now costs £30.", page.Words, StringComparison.Ordinal);
        Assert.Contains("Let a colleague take the place instead: that costs nothing", page.Words, StringComparison.Ordinal);
        var after = await browser.Follow((await page.Post([("Cause", "Ill"), ("Reason", "Back next week")])).RedirectsTo!);
        Assert.Contains("Cancelled: Illness. Back next week", after.Words, StringComparison.Ordinal);
        Assert.Contains("Charged £30", after.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Charge", "BookingId = @BookingId AND Kind = 'LateCancellation' AND Pence = 3000 AND State = 'Due' AND SettingId = @Setting", new { answers[0].BookingId, scene.Setting }));
        Assert.Equal(1, await app.Count("training_Booking", "Id = @BookingId AND IsLate = 1 AND CancelCause = 'Ill'", new { answers[0].BookingId }));
        Assert.Contains(await app.DrainMail(), m => m.Contains("Charged for cancelling late: £30", StringComparison.Ordinal));

        using var preview = await (await app.Api(scene.Manager)).GetAsync(new Uri($"/api/v1/bookings/{answers[1].BookingId}/cancellation", UriKind.Relative));
        var told = await preview.Content.ReadFromJsonAsync<PreviewCancellation.View>();
        Assert.Equal((3000, true), (told!.Pence, told.IsLate));
        var api = await app.Api(scene.Manager);
        using var unasked = await api.DeleteAsync(new Uri($"/api/v1/bookings/{answers[1].BookingId}?cause=Ill", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, unasked.StatusCode);
        using var agreed = await api.DeleteAsync(new Uri($"/api/v1/bookings/{answers[1].BookingId}?cause=Ill&agreed=3000", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, agreed.StatusCode);
    }

    [Fact]
    public async Task Cancel_WholeSessionSubstituteMoveAndWaitingEntry_CostNothing() {
        var scene = await Charging("Kent", places: 3);
        var answers = await scene.Book(4);
        var other = await scene.OtherDate(places: 3);
        app.Clock.Advance(TimeSpan.FromDays(8));
        await app.Send(scene.Manager, new SubstitutePerson.Command(answers[0].BookingId!.Value, await app.Given.Staff(scene.Setting), answers[0].PersonId));
        await app.Send(scene.Officer, new MoveBooking.Command(answers[1].BookingId!.Value, other.Session));
        await app.Send(scene.Manager, new CancelBooking.Command(answers[3].BookingId!.Value, "Not needed"));
        await app.Send(scene.Officer, new CancelSession.Command(scene.Session, "Snow"));
        Assert.Equal(0, await app.Count("training_Charge", "AuthorityId = @Authority", new { scene.Authority }));
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @Session AND IsLate = 1", new { scene.Session }));
    }

    [Fact]
    public async Task Terms_NewTable_HoldsForThoseBookedFromItsDayOn() {
        var scene = await Charging("Suffolk");
        var early = (await scene.Book(1)).Single();
        await app.Send(scene.Officer, new AddChargeTable.Command(scene.Authority, London.Today(app.Clock).AddDays(1), null, null));
        app.Clock.Advance(TimeSpan.FromDays(5));
        var late = (await scene.Book(1)).Single();
        Assert.Equal(3000, (await app.Send(scene.Manager, new PreviewCancellation.Query(early.BookingId!.Value))).Pence);
        Assert.Equal(0, (await app.Send(scene.Manager, new PreviewCancellation.Query(late.BookingId!.Value))).Pence);
    }

    [Fact]
    public async Task Register_NoShow_IsChargedLapsesWithACorrectionAndTheWaivedStaysWaived() {
        var scene = await Charging("Norfolk");
        var answers = await scene.Book(3);
        app.Clock.Advance(TimeSpan.FromDays(10) + TimeSpan.FromHours(5));
        SaveRegister.Entry Of(int i, Attendance a) => new(answers[i].PersonId, a, null);
        await app.Send(scene.Officer, new SaveRegister.Command(scene.Session, [Of(0, Attendance.DidNotAttend), Of(1, Attendance.DidNotAttend), Of(2, Attendance.Attended)], null, Close: true));
        await app.DrainOutbox();
        Task<int> Is(int i, string state) => app.Count("training_Charge", "BookingId = @BookingId AND Kind = 'NoShow' AND Pence = 5000 AND State = @state", new { answers[i].BookingId, state });
        Assert.Equal((1, 1, 0), (await Is(0, "Due"), await Is(1, "Due"), await Is(2, "Due")));

        // Delivered again, nothing changes.
        await app.Database(db => db.Execute("DELETE FROM platform_OutboxDelivery", null, default));
        await app.Database(db => db.Execute("UPDATE platform_Outbox SET DeliveredAt = NULL", null, default));
        await app.DrainOutbox();
        Assert.Equal(2, await app.Count("training_Charge", "SessionId = @Session", new { scene.Session }));

        var charge = await app.Database(db => db.One<Guid>("SELECT Id FROM training_Charge WHERE BookingId = @BookingId", new { answers[1].BookingId }, default));
        var browser = await app.Browser(scene.Officer);
        var page = await browser.Get($"/charges/{charge}");
        Assert.Equal(["Enter why the charge is waived"], (await page.Post([])).Errors);
        Assert.Equal(["The reason must be 500 characters or fewer"], (await page.Post([("Reason", new string('x', 501))])).Errors);
        var after = await browser.Follow((await page.Post([("Reason", "=Bereavement")])).RedirectsTo!);
        Assert.Contains("Waived: =Bereavement", after.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Reason", "Again")])).Status);

        await app.Send(scene.Officer, new SaveRegister.Command(scene.Session, [Of(0, Attendance.Attended), Of(1, Attendance.Attended)], null, Close: false));
        await app.DrainOutbox();
        Assert.Equal((1, 1), (await Is(0, "Lapsed"), await Is(1, "Waived")));
        await app.Send(scene.Officer, new SaveRegister.Command(scene.Session, [Of(0, Attendance.DidNotAttend)], null, Close: false));
        await app.DrainOutbox();
        Assert.Equal(1, await Is(0, "Due"));

        // What the setting and finance read, in their reach and with their filters.
        var manager = await app.Browser(scene.Manager);
        var list = await manager.Get("/charges");
        Assert.Contains("2 charges, £50 due", list.Words, StringComparison.Ordinal);
        Assert.Empty((await manager.Get($"/charges/{charge}")).Document.QuerySelectorAll("main form"));
        using var waiving = await (await app.Api(scene.Manager)).PostAsJsonAsync($"/api/v1/charges/{charge}/waive", new { reason = "Please" });
        Assert.Equal(HttpStatusCode.Forbidden, waiving.StatusCode);
        Assert.Contains("1 charge, nothing due", (await manager.Get("/charges?State=Waived")).Words, StringComparison.Ordinal);
        Assert.Contains("No charges", (await manager.Get("/charges?From.Day=1&From.Month=1&From.Year=2020&To.Day=2&To.Month=1&To.Year=2020")).Words, StringComparison.Ordinal);
        Assert.Equal(["The last day must be the same as or after the first day"], (await manager.Get("/charges?From.Day=2&From.Month=1&From.Year=2020&To.Day=1&To.Month=1&To.Year=2020")).Errors);
        var file = await browser.Get("/charges?Download=true");
        Assert.Equal("text/csv", file.Response.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"{answers[1].Reference},", file.Text, StringComparison.Ordinal);
        Assert.Contains("5000,Waived,", file.Text, StringComparison.Ordinal);
        Assert.Contains("'=Bereavement", file.Text, StringComparison.Ordinal);
        Assert.Equal(3, file.Text.Trim().Split('\n').Length);
        Assert.DoesNotContain(answers[1].Reference!, (await (await app.Browser((await scene.Elsewhere()).Manager)).Get("/charges?Download=true")).Text, StringComparison.Ordinal);

        var counted = await manager.Get("/cancellations?From.Day=1&From.Month=10&From.Year=2026&To.Day=31&To.Month=10&To.Year=2026");
        Assert.Equal(["3", "0", "0", "1"], counted.Document.QuerySelectorAll("tbody td").Select(td => td.TextContent));
        Assert.Equal(["Enter the last day"], (await manager.Get("/cancellations?From.Day=1&From.Month=10&From.Year=2026")).Errors);
    }

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var scene = await Charging("Surrey");
        var booked = (await scene.Book(1)).Single();
        app.Clock.Advance(TimeSpan.FromDays(8));
        await app.Send(scene.Manager, new CancelBooking.Command(booked.BookingId!.Value, null, CancelCause.Left, 3000));
        var charge = await app.Database(db => db.One<Guid>("SELECT Id FROM training_Charge WHERE BookingId = @BookingId", new { booked.BookingId }, default));
        foreach (var address in new[] { "/charges", $"/charges/{charge}", "/cancellations", "/manage/change-rules" }) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(scene.Setting))).Get(address)).Status);
        }
        var foreign = await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")));
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.Get($"/charges/{charge}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.Get($"/manage/change-rules?authorityId={scene.Authority}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser((await scene.Elsewhere()).Manager)).Get($"/charges/{charge}")).Status);
    }

    [Fact]
    public async Task Post_RulesAndTables_SaySoOnTheirPage() {
        var authority = await app.Given.Authority("Devon");
        var officer = await app.Given.Officer(authority);
        var browser = await app.Browser(officer);
        var page = await browser.Get("/manage/change-rules");
        Assert.Contains("Cancelling costs nothing", page.Words, StringComparison.Ordinal);
        var empty = await page.Post([("LateHours", ""), ("SubstituteHours", "9999"), ("ReleasePercent", "0")], "#rules");
        Assert.Equal(["Enter from how many hours before a cancellation is late", "The hours for colleagues must be between 0 and 2,000", "The share of the staff must be between 1 and 100"], empty.Errors);
        var saved = await browser.Follow((await page.Post([("LateHours", "240"), ("SubstituteHours", "24"), ("SelfSubstitutes", "true"), ("ReleasePercent", "30")], "#rules")).RedirectsTo!);
        Assert.Equal("The rules have been saved.", saved.Banner);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("LateHours", "1")], "#rules")).Status);

        Assert.Equal(["Enter the first day"], (await page.Post([], "#add-table")).Errors);
        (string, string?)[] today = [("ValidFrom.Day", "5"), ("ValidFrom.Month", "10"), ("ValidFrom.Year", "2026")];
        Assert.Equal(["The first day must be today or later"], (await page.Post([("ValidFrom.Day", "4"), ("ValidFrom.Month", "10"), ("ValidFrom.Year", "2026")], "#add-table")).Errors);
        Assert.Equal(["The amount must be an amount like 30 or 12.50"], (await page.Post([.. today, ("Steps[0].HoursBefore", "168"), ("Steps[0].Amount", "much")], "#add-table")).Errors);
        Assert.Equal(["Enter the amount"], (await page.Post([.. today, ("Steps[0].HoursBefore", "168")], "#add-table")).Errors);
        Assert.Equal(["Enter from how many hours before"], (await page.Post([.. today, ("Steps[0].Amount", "30")], "#add-table")).Errors);
        var added = await browser.Follow((await page.Post([.. today, ("Steps[0].HoursBefore", "168"), ("Steps[0].Amount", "30"), ("NoShow", "50")], "#add-table")).RedirectsTo!);
        Assert.Contains("For bookings made from 5 October 2026 on In the last 168 hours: £30 Not coming: £50", added.Words, StringComparison.Ordinal);
        Assert.Equal(["There is a table from that day on already"], (await page.Post(today, "#add-table")).Errors);
        // One that does not hold yet can be taken back, and no other.
        var ahead = await app.Send(officer, new AddChargeTable.Command(authority, new DateOnly(2026, 12, 1), null, 0));
        page = await browser.Get("/manage/change-rules");
        Assert.Single(page.Document.QuerySelectorAll("input[name=TableId]"));
        Assert.Equal("The table has been taken back.", (await browser.Follow((await page.Post([], "form:has(input[name=TableId])")).RedirectsTo!)).Banner);
        Assert.Equal(0, await app.Count("training_ChargeTable", "Id = @ahead", new { ahead }));
    }

    [Fact]
    public async Task Delete_Table_TakesBackOnlyWhatDoesNotHoldYet() {
        var authority = await app.Given.Authority("Rutland");
        var officer = await app.Given.Officer(authority);
        var ahead = await app.Send(officer, new AddChargeTable.Command(authority, London.Today(app.Clock).AddDays(1), [new(24, 1000)], 0));
        var now = await app.Send(officer, new AddChargeTable.Command(authority, London.Today(app.Clock), null, 0));
        async Task<HttpStatusCode> Remove(Actor who, Guid table) {
            using var answer = await (await app.Api(who)).DeleteAsync(new Uri($"/api/v1/authorities/{authority}/charge-tables/{table}", UriKind.Relative));
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.NotFound, await Remove(await app.Given.Officer(await app.Given.Authority("Bradford")), ahead));
        Assert.Equal(HttpStatusCode.Conflict, await Remove(officer, now));
        Assert.Equal(HttpStatusCode.NoContent, await Remove(officer, ahead));
        Assert.Equal(HttpStatusCode.NotFound, await Remove(officer, ahead));
        Assert.Equal(1, await app.Count("training_ChargeTable", "AuthorityId = @authority", new { authority }));
    }
}
