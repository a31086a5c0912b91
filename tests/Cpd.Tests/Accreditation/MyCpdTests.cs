using System.Net;
using Cpd.Accreditation.Ledger;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;

namespace Cpd.Tests.Accreditation;

public sealed class MyCpdTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly (string, string?)[] Reading = [
        ("Title", "Reading: attachment"), ("Source", "The library"), ("HappenedOn.Day", "3"), ("HappenedOn.Month", "9"), ("HappenedOn.Year", "2026"), ("Hours", "1"), ("Minutes", "30"),
        ("ParticipatoryMinutes", "20"), ("AgeRanges", "TwoToThree"), ("Mode", "SelfStudy"), ("Reflection", "Watch first"), ("Evidence", "In my folder"),
    ];

    async Task<Actor> Learner() => await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));

    static (string, string?)[] With(string name, string? value) => [.. Reading.Where(f => f.Item1 != name), (name, value)];

    Task<Guid> Add(Actor who, DateOnly on, int minutes = 60, string title = "Reading", AgeRanges ages = AgeRanges.None) =>
        app.Send(who, new AddOwnEntry.Command(title, "Library", on, null, minutes, null, 10, ages, CourseMode.SelfStudy, null, null));

    [Theory]
    [InlineData("/my-cpd")]
    [InlineData("/my-cpd/add")]
    [InlineData("/my-cpd/0192f0c1-2222-7abc-8def-000000000001")]
    [InlineData("/my-cpd/0192f0c1-2222-7abc-8def-000000000001/change")]
    [InlineData("/my-cpd/0192f0c1-2222-7abc-8def-000000000001/delete")]
    public async Task Get_SignedOut_AsksToSignIn(string address) => Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);

    [Fact]
    public async Task Get_EmptyRecord_SaysWhatToDoNext() {
        var page = await (await app.Browser(await Learner())).Get("/my-cpd");
        Assert.Equal("My CPD record", page.Heading);
        Assert.Contains("Your record is empty", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SeveralYears_AddsEachUpAndFilters() {
        var learner = await Learner();
        var authority = await app.Given.Authority();
        await app.Tell(app.Attended(learner.PersonId, authority));
        await Add(learner, new DateOnly(2026, 8, 31), 90, "Last day of the year", AgeRanges.ThreeToFive);
        await Add(learner, new DateOnly(2026, 9, 1), 45, "First day of the year", AgeRanges.TwoToThree);
        var browser = await app.Browser(learner);

        var all = await browser.Get("/my-cpd");
        Assert.Contains("2026 to 2027 2 2 hours 10 minutes 1 hour 35 minutes 3 hours 45 minutes", all.Words, StringComparison.Ordinal);
        Assert.Contains("2025 to 2026 1 10 minutes 1 hour 20 minutes 1 hour 30 minutes", all.Words, StringComparison.Ordinal);
        var year = await browser.Get("/my-cpd?Year=2025&Source=&Ages=");
        Assert.Contains("1 entry", year.Words, StringComparison.Ordinal);
        Assert.Contains("Last day of the year", year.Words, StringComparison.Ordinal);
        var own = await browser.Get("/my-cpd?Source=Own");
        Assert.Contains("2 entries", own.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Babbling babies", own.Words, StringComparison.Ordinal);
        var babies = await browser.Get("/my-cpd?Ages=BirthToTwo");
        Assert.Contains("1 entry", babies.Words, StringComparison.Ordinal);
        Assert.Contains("Babbling babies", babies.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/my-cpd?Year=x&Source=y&Ages=z&page=-1")).Status);
    }

    [Fact]
    public async Task Get_MoreThanAPage_ShowsTheRestOnTheNext() {
        var learner = await Learner();
        for (var i = 1; i <= 21; i++) await Add(learner, new DateOnly(2026, 9, i), 30, $"Entry number {i}.");
        var browser = await app.Browser(learner);

        var first = await browser.Get("/my-cpd");
        Assert.DoesNotContain("Entry number 1.", first.Words, StringComparison.Ordinal);
        var second = await browser.Get("/my-cpd?page=2");
        Assert.Contains("Entry number 1.", second.Words, StringComparison.Ordinal);
        Assert.Contains("page 2 of 2", second.Document.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OwnEntry_StandsInTheRecordWithItsReflection() {
        var learner = await Learner();
        var browser = await app.Browser(learner);
        var sent = await (await browser.Get("/my-cpd/add")).Post(Reading);
        Assert.Equal("/my-cpd", sent.RedirectsTo);

        var list = await browser.Get("/my-cpd");
        Assert.Equal("The entry has been added to your record.", list.Banner);
        Assert.Contains("1 hour 30 minutes, of which 20 minutes participatory. 2 to 3. Added by you. With your reflection.", list.Words, StringComparison.Ordinal);
        var entry = await browser.Get(list.Document.QuerySelector(".app-results a")!.GetAttribute("href")!);
        Assert.Equal("Reading: attachment", entry.Heading);
        Assert.Equal("Watch first", entry.Document.QuerySelector("textarea")!.TextContent.Trim());
    }

    [Theory]
    [InlineData("Title", "", "Enter a title")]
    [InlineData("Source", " ", "Enter who ran it")]
    [InlineData("HappenedOn.Day", "31", "Date must be a real date")]
    [InlineData("HappenedOn.Year", "2027", "The date must be today or in the past")]
    [InlineData("HappenedOn.Year", "1940", "The date must be after 1950")]
    [InlineData("Hours", "101", "Hours must be between 0 and 100")]
    [InlineData("Hours", "100", "The time must be 100 hours or less")]
    [InlineData("Minutes", "-90", "Minutes must be between 0 and 6,000")]
    [InlineData("ParticipatoryHours", "2", "The participatory time cannot be longer than the whole")]
    [InlineData("Mode", null, "Select how you took part")]
    public async Task Post_OwnEntryWithAMistake_SaysSoAndKeepsTheRest(string field, string? value, string sentence) {
        var browser = await app.Browser(await Learner());
        var page = await (await browser.Get("/my-cpd/add")).Post(With(field, value));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains(sentence, page.Errors);
        Assert.StartsWith("Error: ", page.Document.Title, StringComparison.Ordinal);
        if (field != "Reflection") Assert.Equal("Watch first", page.Document.QuerySelector("textarea")!.TextContent.Trim());
    }

    [Fact]
    public async Task Post_OwnEntryWithoutTime_AsksForIt() {
        var browser = await app.Browser(await Learner());
        var page = await (await browser.Get("/my-cpd/add")).Post([.. Reading.Where(f => f.Item1 is not ("Hours" or "Minutes" or "ParticipatoryMinutes"))]);
        Assert.Equal(["Enter how long it took"], page.Errors);
    }

    [Fact]
    public async Task Post_ReflectionOnACourse_IsSavedAndOnlyMine() {
        var learner = await Learner();
        await app.Tell(app.Attended(learner.PersonId, await app.Given.Authority()));
        var id = (await app.Ask(learner, new ListMyCpd.Query(null, null, AgeRanges.None, new Paging(1)))).Found.Items[0].Id;
        var browser = await app.Browser(learner);
        var saved = await (await browser.Get($"/my-cpd/{id}")).Post([("Reflection", "I answer every babble")]);
        Assert.Equal($"/my-cpd/{id}", saved.RedirectsTo);
        Assert.Contains("I answer every babble", (await browser.Get($"/my-cpd/{id}")).Text, StringComparison.Ordinal);

        var other = await app.Browser(await Learner());
        Assert.Equal(HttpStatusCode.NotFound, (await other.Get($"/my-cpd/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/my-cpd/{id}/change")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/my-cpd/{id}/delete")).Status);
    }

    [Fact]
    public async Task Post_ReflectionFromAnOldWindow_IsNotSavedOverTheNewOne() {
        var learner = await Learner();
        var id = await Add(learner, new DateOnly(2026, 9, 1));
        var browser = await app.Browser(learner);
        var old = await browser.Get($"/my-cpd/{id}");
        await (await browser.Get($"/my-cpd/{id}")).Post([("Reflection", "New")]);
        var refused = await old.Post([("Reflection", "Old")]);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("changed in another window", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Equal("New", (await app.Send(learner, new OpenEntry.Query(id))).Reflection);
    }

    [Fact]
    public async Task Post_ChangeOfAnOwnEntry_IsWhatTheNextReaderSees() {
        var learner = await Learner();
        var id = await Add(learner, new DateOnly(2026, 9, 1));
        var browser = await app.Browser(learner);
        var changed = await (await browser.Get($"/my-cpd/{id}/change")).Post([("Title", "Reading again"), ("Hours", "2")]);
        Assert.Equal($"/my-cpd/{id}", changed.RedirectsTo);
        var page = await browser.Get($"/my-cpd/{id}");
        Assert.Equal("Reading again", page.Heading);
        Assert.Contains("2 hours, of which 10 minutes participatory", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await Learner())).Get($"/my-cpd/{id}/change")).Status);
    }

    [Fact]
    public async Task Post_DeleteOfAnOwnEntry_TakesItOutOfTheRecord() {
        var learner = await Learner();
        var id = await Add(learner, new DateOnly(2026, 9, 1));
        var browser = await app.Browser(learner);
        Assert.Equal("/my-cpd", (await (await browser.Get($"/my-cpd/{id}/delete")).Post([])).RedirectsTo);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/my-cpd/{id}")).Status);
    }

    [Fact]
    public async Task Command_SomeoneElsesEntry_IsNotFound() {
        var id = await Add(await Learner(), new DateOnly(2026, 9, 1));
        var other = await Learner();
        Assert.Equal(Outcome.NotFound, (await app.Ask(other, new Reflect.Command(id, 1, "Mine now", null))).Refusal);
        Assert.Equal(Outcome.NotFound, (await app.Ask(other, new DeleteOwnEntry.Command(id, 1))).Refusal);
    }
}
