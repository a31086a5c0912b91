using System.Net;
using System.Net.Http.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Training;

public sealed class WarningTests : IClassFixture<WarningTests.TownApp> {
    readonly TownApp app;

    public WarningTests(TownApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    /// <summary>The application beside which somebody else knows where people are bound, as forums and placements do.</summary>
    public sealed class TownApp : CpdApp {
        internal Diary Known { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<IPartOf<FindCommitments, Commitment>>(Known));
        }
    }

    internal sealed class Diary : IPartOf<FindCommitments, Commitment> {
        internal List<Commitment> Commitments { get; } = [];

        public Task<IReadOnlyList<Commitment>> Answer(FindCommitments question, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<Commitment>>([.. Commitments.Where(c => question.PersonIds.Contains(c.PersonId) && c.StartsAt < question.To && c.EndsAt > question.From)]);
    }

    [Fact]
    public async Task Post_AnotherModuleKnowsOfAMeetingOrASlotThen_IsWarnedOfWithTheTraining() {
        var scene = await Scene.Set(app, places: 4);
        for (var i = 0; i < 6; i++) await app.Given.Staff(scene.Setting);
        var (person, free) = (await app.Given.Staff(scene.Setting, "Gus Gorse"), await app.Given.Staff(scene.Setting, "Hal Hazel"));
        DateTime At(int hour) => new(2026, 10, 15, hour, 0, 0, DateTimeKind.Utc);
        // The session is from 9:00 to 11:30 in UTC; what ends as it starts, or starts as it ends, does not clash.
        app.Known.Commitments.AddRange([
            new(person, "the birth-to-three forum", At(10), At(13), Guid.Empty), new(person, "a placement", At(8), At(10), Guid.Empty), new(person, "breakfast", At(7), At(9), Guid.Empty), new(free, "lunch", At(12), At(13), Guid.Empty),
        ]);
        var check = await (await (await app.Browser(scene.Manager)).Get($"/sessions/{scene.Session}/book")).Post([("PersonIds", person.ToString()), ("PersonIds", free.ToString())]);
        Assert.Equal(["a placement", "the birth-to-three forum"], (await app.Ask(scene.Manager, new FindWarnings.Query(scene.Session, [person, free]))).Clashes.Select(c => c.With));
        Assert.Contains("Gus Gorse is bound elsewhere at the same time: the birth-to-three forum, 15 October 2026, 11am to 2pm.", check.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Hal Hazel is bound", check.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_PersonIsBookedElsewhereAtThatTime_IsWarnedOfAndCanBeBookedAllTheSame() {
        var scene = await Scene.Set(app, places: 4);
        for (var i = 0; i < 6; i++) await app.Given.Staff(scene.Setting);
        var (_, sameTime) = await app.Session(scene.Officer, title: "Schemas and loose parts");
        var person = await app.Given.Staff(scene.Setting, "Eve Elm");
        await app.Send(scene.Manager, new BookPlaces.Command(sameTime, [person]));
        var page = await (await app.Browser(scene.Manager)).Get($"/sessions/{scene.Session}/book");
        var check = await page.Post([("PersonIds", person.ToString())]);
        Assert.Contains("Eve Elm is bound elsewhere at the same time: “Schemas and loose parts”, 15 October 2026, 10am to 12:30pm.", check.Words, StringComparison.Ordinal);
        Assert.NotNull((await check.Post([])).RedirectsTo);
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @Session AND PersonId = @person AND State = 'Booked'", new { scene.Session, person }));

        // What a manager of another setting may not see, the warning does not tell.
        var elsewhere = await scene.Elsewhere("Bradford");
        await app.Database(db => db.Execute("INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @person, @Setting, 'Practitioner', 1, @On)",
            new { Id = Cpd.Platform.Data.Ids.New(app.Clock), person, elsewhere.Setting, On = new DateOnly(2025, 1, 1) }, default));
        var (_, third) = await app.Session(await app.Given.Officer(elsewhere.Authority == scene.Authority ? await app.Given.Authority("Bradford") : elsewhere.Authority));
        var told = await app.Ask(elsewhere.Manager, new FindWarnings.Query(third, [person]));
        Assert.NotEmpty(told.Clashes);
        Assert.All(told.Clashes, c => Assert.Equal("another session", c.With));
        Assert.Empty((await app.Ask((await scene.Elsewhere()).Manager, new FindWarnings.Query(third, [person]))).Clashes);
    }

    [Fact]
    public async Task SubstituteAndMove_PersonIsBookedElsewhere_AreWarnedOf() {
        var scene = await Scene.Set(app, places: 4);
        var other = await scene.OtherDate(places: 4);
        var (_, then) = await app.Session(scene.Officer, title: "Outdoor play", inDays: 20);
        var (_, now) = await app.Session(scene.Officer, title: "Healthy eating");
        var (mine, colleague) = (await app.Given.Staff(scene.Setting), await app.Given.Staff(scene.Setting));
        var booked = (await app.Send(scene.Manager, new BookPlaces.Command(scene.Session, [mine]))).Single();
        await app.Send(scene.Manager, new BookPlaces.Command(then, [mine]));
        await app.Send(scene.Manager, new BookPlaces.Command(now, [colleague]));
        var browser = await app.Browser(scene.Manager);
        var moving = await (await browser.Get($"/bookings/{booked.BookingId}/move")).Post([("To", other.Session.ToString())]);
        Assert.Contains("bound elsewhere at the same time: “Outdoor play”", moving.Words, StringComparison.Ordinal);
        var handing = await (await browser.Get($"/bookings/{booked.BookingId}/substitute")).Post([("PersonId", colleague.ToString())]);
        Assert.Contains("bound elsewhere at the same time: “Healthy eating”", handing.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ManyStaffOfOneSettingOnOneDay_AreWarnedOfByTheShareThatHolds() {
        var scene = await Scene.Set(app, places: 10, authority: "Blackpool");
        var staff = new List<Guid>();
        for (var i = 0; i < 5; i++) staff.Add(await app.Given.Staff(scene.Setting));
        // Six work there with the manager: three are half.
        Assert.Empty((await app.Ask(scene.Manager, new FindWarnings.Query(scene.Session, [.. staff.Take(2)]))).Releases);
        var half = (await app.Ask(scene.Manager, new FindWarnings.Query(scene.Session, [.. staff.Take(3)]))).Releases.Single();
        Assert.Equal((3, 6), (half.Away, half.Staff));
        // Who is away at another session of the day counts.
        var (_, sameDay) = await app.Session(scene.Officer, with: s => s with { Dates = [TrainingGiven.Date(new DateOnly(2026, 10, 15), 14, 16)] });
        await app.Send(scene.Manager, new BookPlaces.Command(sameDay, [staff[4]]));
        Assert.Equal(3, (await app.Ask(scene.Manager, new FindWarnings.Query(scene.Session, [.. staff.Take(2)]))).Releases.Single().Away);

        var browser = await app.Browser(scene.Manager);
        var page = await browser.Get("/staff-release");
        Assert.Equal(["The share of the staff must be between 1 and 100"], (await page.Post([("Percents[0]", "101")])).Errors);
        Assert.Equal("Saved.", (await browser.Follow((await page.Post([("Percents[0]", "90")])).RedirectsTo!)).Banner);
        Assert.Empty((await app.Ask(scene.Manager, new FindWarnings.Query(scene.Session, [.. staff.Take(4)]))).Releases);
        await page.Post([("Percents[0]", "")]);
        await app.ChangeRules(scene.Officer, r => r with { ReleasePercent = 80 });
        Assert.Empty((await app.Ask(scene.Manager, new FindWarnings.Query(scene.Session, [.. staff.Take(3)]))).Releases);

        using var foreign = await (await app.Api((await scene.Elsewhere()).Manager)).PutAsJsonAsync($"/api/v1/settings/{scene.Setting}/release-share", new { percent = 10 });
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(scene.Setting))).Get("/staff-release")).Status);
        Assert.Contains("/sign-in", (await app.Browser().Get("/staff-release")).RedirectsTo, StringComparison.Ordinal);
        using var asked = await (await app.Api(scene.Manager)).GetAsync(new Uri($"/api/v1/booking-warnings?sessionId={scene.Session}&personId={staff[0]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
    }
}
