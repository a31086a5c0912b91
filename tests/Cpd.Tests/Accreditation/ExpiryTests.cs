using Cpd.Accreditation.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Tests.Training;

namespace Cpd.Tests.Accreditation;

/// <summary>Whose certificate runs out is reminded 90, 30 and 7 days before, once each, and not any more once it is revoked or renewed.</summary>
public sealed class ExpiryTests : IDisposable {
    readonly CpdApp app = new();

    /// <summary>A certificate of a session on Monday 28 September 2026 that is valid for four months: until 28 January 2027.</summary>
    async Task<(Actor Learner, Guid Booking, Guid Course, Guid Authority)> Issued() {
        var authority = await app.Given.Authority();
        var officer = await app.Given.Officer(authority);
        var (course, _) = await app.Session(officer, inDays: 60);
        var learner = await app.Given.Practitioner(await app.Given.Setting(authority));
        await app.Database(async db => {
            var (scheme, accreditor) = (Ids.New(app.Clock), Ids.New(app.Clock));
            await db.Execute("INSERT INTO accreditation_Scheme (Id, AccreditorId, Name, NameKey, Description, State, Version) VALUES (@scheme, @accreditor, 'S', 's', '', 'Open', 1)", new { scheme, accreditor }, default);
            return await db.Execute("INSERT INTO accreditation_AccreditedCourse (Id, SchemeId, CourseId, CourseTitle, Reference, ValidFrom, ValidTo, CertificateMonths) VALUES (@Id, @scheme, @course, 'Babbling babies', 'R1', @From, @To, 4)",
                new { Id = Ids.New(app.Clock), scheme, course, From = new DateOnly(2026, 1, 1), To = new DateOnly(2027, 12, 31) }, default);
        });
        var attended = app.Attended(learner.PersonId, authority) with { CourseId = course };
        await app.Tell(attended);
        Assert.NotNull(await app.CertificateNumber(attended.BookingId));
        return (learner, attended.BookingId, course, authority);
    }

    [Fact]
    public async Task RunsOut_IsSaidAt90And30And7DaysOnceEach() {
        await Issued();
        // 90 days before the end of 28 January is Saturday 31 October: the Friday before.
        await At("2026-10-30 08:59");
        Assert.Empty(await Sent());
        await At("2026-10-30 09:00");
        var first = Assert.Single(await Sent());
        Assert.Contains("Your certificate runs out on 28 January 2027: Babbling babies", first, StringComparison.Ordinal);
        Assert.Contains("4 December 2026 at 10am, Civic Hall", first, StringComparison.Ordinal);
        Assert.Matches(@"/courses/[0-9a-f-]{36}", first);
        await At("2026-11-20 09:00");
        Assert.Single(await Sent());
        await At("2026-12-30 09:00");
        Assert.Equal(2, (await Sent()).Count);
        Assert.Contains("It has no dates with free places", (await Sent()).Single(m => !m.Contains("Civic Hall", StringComparison.Ordinal)), StringComparison.Ordinal);
        await At("2027-01-22 09:00");
        await At("2027-03-01 09:00");
        Assert.Equal(3, (await Sent()).Count);
    }

    [Fact]
    public async Task HostWasAsleepOverTwoOfThem_OnlyTheLastIsSaid() {
        await Issued();
        await At("2027-01-05 10:00");
        Assert.Single(await Sent());
    }

    [Fact]
    public async Task IsRevoked_NothingIsSaid() {
        var (learner, booking, course, authority) = await Issued();
        await app.Tell(app.Attended(learner.PersonId, authority, booking) with { CourseId = course, Revision = 2, Minutes = 0, ParticipatoryMinutes = 0, Completed = false });
        Assert.Equal(0, await app.Count("platform_Message", "Kind = @Name AND State = 'Due'", new { RemindOfExpiry.Name }));
        await At("2026-10-30 09:00");
        Assert.Empty(await Sent());
    }

    [Fact]
    public async Task IsReplacedByACorrection_OnlyTheNewOneIsReminded() {
        var (learner, booking, course, authority) = await Issued();
        await app.Tell(app.Attended(learner.PersonId, authority, booking) with { CourseId = course, Revision = 2, CourseTitle = "Babbling babies again" });
        await At("2026-10-30 09:00");
        Assert.Contains("Babbling babies again", Assert.Single(await Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsRenewed_NothingIsSaid() {
        var (learner, _, course, authority) = await Issued();
        app.Clock.Set(app.Clock.GetUtcNow().AddDays(10));
        await app.Tell(app.Attended(learner.PersonId, authority) with { CourseId = course, StartsAt = app.Now.AddDays(-1), EndsAt = app.Now.AddDays(-1).AddHours(3) });
        await At("2026-10-30 09:00");
        Assert.Empty(await Sent());
    }

    [Fact]
    public async Task ItIsAClosedDay_WaitsForTheNextDayOfWork() {
        var (_, _, _, authority) = await Issued();
        await app.Database(db => db.Execute("INSERT INTO people_ClosedDay (Id, AuthorityId, ClosedOn, Label) VALUES (@Id, @authority, @On, 'Closed')", new { Id = Ids.New(app.Clock), authority, On = new DateOnly(2026, 10, 30) }, default));
        await At("2026-10-30 09:00");
        await At("2026-11-01 09:00");
        Assert.Empty(await Sent());
        await At("2026-11-02 09:00");
        Assert.Single(await Sent());
    }

    [Fact]
    public async Task Check_IssuedBeforeThereWereReminders_GetsThem() {
        await Issued();
        await app.Database(db => db.Execute("DELETE FROM platform_Message", null, default));
        app.Clock.Set(app.Clock.GetUtcNow().AddDays(30));
        Assert.Equal(1, await app.Send(await app.Given.Administrator(), new CheckExpiries.Command()));
        Assert.Equal(1, await app.Send(await app.Given.Administrator(), new CheckExpiries.Command()));
        await At("2026-12-30 09:00");
        Assert.Single(await Sent());
    }

    async Task At(string london) {
        var local = DateTime.ParseExact(london, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        app.Clock.Set(new DateTimeOffset(London.ToUtc(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local)), TimeSpan.Zero));
        await app.DrainMail();
    }

    async Task<IReadOnlyList<string>> Sent() => [.. (await app.DrainMail()).Where(m => m.Contains("Subject: Your certificate runs out", StringComparison.Ordinal))];

    public void Dispose() => app.Dispose();
}
