using System.Net;
using Cpd.People.Calendar;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Tests.People;

public sealed class CalendarTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Post_Term_IsShownAndValidated() {
        var browser = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var form = await browser.Get("/calendar");
        Assert.Contains("Christmas Day", form.Words, StringComparison.Ordinal);
        Assert.Equal(["Enter the name of the term, like Autumn", "Enter the first day of the term", "Enter the last day of the term"], (await form.Post([], "#add-term")).Errors);
        Assert.Equal(["The last day must be after the first day"], (await form.Post(Term("Autumn", (1, 9, 2026), (31, 8, 2026)), "#add-term")).Errors);
        Assert.Equal(["The first day must be in the school year", "The last day must be in the school year"], (await form.Post(Term("Autumn", (1, 9, 2028), (18, 12, 2028)), "#add-term")).Errors);
        var page = await form.Post(Term("Autumn", (1, 9, 2026), (18, 12, 2026)), "#add-term");
        Assert.Contains("Autumn 1 September 2026 18 December 2026", (await browser.Get(page.RedirectsTo!)).Words, StringComparison.Ordinal);
        Assert.Equal(["The dates overlap with Autumn, 1 September 2026 to 18 December 2026"], (await form.Post(Term("Winter", (18, 12, 2026), (31, 1, 2027)), "#add-term")).Errors);
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Redirect, (await form.Post(Term($"T{i}", (1, 1 + i, 2027), (20, 1 + i, 2027)), "#add-term")).Status);
        Assert.Equal(["The school year has 6 terms already"], (await form.Post(Term("T7", (1, 6, 2027), (20, 6, 2027)), "#add-term")).Errors);
        var removed = await (await browser.Get("/calendar")).Post([], "form[action*='handler=RemoveTerm']");
        Assert.DoesNotContain("Autumn 1 September 2026", (await browser.Get(removed.RedirectsTo!)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ClosedDay_IsAddedOnceAndBankHolidaysCanGo() {
        var browser = await app.Browser(await app.Given.Officer(await app.Given.Authority("Blackpool")));
        var form = await browser.Get("/calendar");
        Assert.Equal(["Enter the day", "Enter why it is closed, like Staff training day"], (await form.Post([], "#add-day")).Errors);
        (string, string?)[] day = [.. PersonTests.Day("ClosedOn", 2, 11, 2026), ("ClosedLabel", "Training day")];
        Assert.Equal("The closed day has been added.", (await browser.Follow((await form.Post(day, "#add-day")).RedirectsTo!)).Banner);
        Assert.Equal(["This day is in the list already"], (await form.Post([.. day, (Once.Field, null)], "#add-day")).Errors);
        var before = form.Document.QuerySelectorAll("form[action*='handler=RemoveDay']").Length;
        await form.Post([], "form[action*='handler=RemoveDay']");
        // A new start does not bring back what was taken out.
        await app.Send(await app.Given.Administrator(), new Cpd.People.Authorities.SyncAuthorities.Command());
        Assert.Equal(before, (await browser.Get("/calendar")).Document.QuerySelectorAll("form[action*='handler=RemoveDay']").Length);
    }

    [Fact]
    public async Task Any_CalendarOfAnotherAuthority_IsNotFound() {
        var (thurrock, blackpool) = (await app.Given.Authority(), await app.Given.Authority("Blackpool"));
        var officer = await app.Given.Officer(thurrock);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(officer)).Get($"/calendar?authorityId={blackpool}")).Status);
        var term = await app.Send(await app.Given.Officer(blackpool), new AddTerm.Command(blackpool, 2025, "Autumn", new(2025, 9, 1), new(2025, 12, 1)));
        Assert.IsType<NotFound>((await app.Ask(officer, new RemoveTerm.Command(term))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(officer, new AddTerm.Command(blackpool, 2026, "A", new(2026, 9, 1), new(2026, 12, 1)))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(officer, new AddClosedDay.Command(blackpool, new(2026, 9, 1), "A"))).Refusal);
        var chooses = await (await app.Browser(await app.Given.Administrator())).Get("/calendar");
        Assert.Equal("Terms and closed days", chooses.Heading);
    }

    static IEnumerable<(string, string?)> Term(string label, (int, int, int) from, (int, int, int) to) =>
        [("SchoolYear", "2026"), ("Label", label), .. PersonTests.Day("StartsOn", from.Item1, from.Item2, from.Item3), .. PersonTests.Day("EndsOn", to.Item1, to.Item2, to.Item3)];
}
