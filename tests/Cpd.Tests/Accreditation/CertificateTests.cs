using System.Net;
using System.Text.Json;
using Cpd.Accreditation.Certificates;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Tests.Accreditation;

public sealed class CertificateTests(CpdApp app) : IClassFixture<CpdApp> {
    sealed record Scene(Guid Authority, Guid Setting, Guid Provider, Actor Learner, string Number, Guid BookingId);

    async Task<Scene> Issued() {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var provider = await app.Given.Organisation(OrganisationKind.TrainingProvider, $"Provider {Ids.New(app.Clock)}");
        var learner = await app.Given.Practitioner(setting, "Zoë van der Berg");
        var attended = app.Attended(learner.PersonId, authority) with { TrainingProviderId = provider };
        await app.Tell(attended);
        return new(authority, setting, provider, learner, (await app.CertificateNumber(attended.BookingId))!, attended.BookingId);
    }

    [Fact]
    public async Task Get_Learner_SeesTheWholeCertificateReadyForPrint() {
        var scene = await Issued();
        var page = await (await app.Browser(scene.Learner)).Get($"/certificates/{scene.Number}");
        Assert.Equal("Zoë van der Berg", page.Heading);
        foreach (var words in (string[])["Babbling babies", "Hear what babies say", "28 September 2026, 9:30am to 12:30pm", "3 hours: 2 hours participatory, 1 hour other", "In person", "Tess Trainer", scene.Number, "5 October 2026", $"https://localhost/check/{scene.Number}"])
            Assert.Contains(words, page.Words, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("main svg[role=img][aria-label] path"));
        Assert.DoesNotContain("style=", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() {
        var scene = await Issued();
        Assert.Contains("/sign-in", (await app.Browser().Get($"/certificates/{scene.Number}")).RedirectsTo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WhoItConcernsAndWhoNot() {
        var scene = await Issued();
        var address = $"/certificates/{scene.Number}";
        var otherSetting = await app.Given.Setting(scene.Authority);
        var otherProvider = await app.Given.Organisation(OrganisationKind.TrainingProvider, $"Other {Ids.New(app.Clock)}");
        (Actor Who, HttpStatusCode Answer)[] readers = [
            (await app.Given.Manager(scene.Setting), HttpStatusCode.OK),
            (await app.Given.Holder(Role.TrainingProviderOfficer, OrganisationKind.TrainingProvider, scene.Provider), HttpStatusCode.OK),
            (await app.Given.Manager(otherSetting), HttpStatusCode.NotFound),
            (await app.Given.Practitioner(scene.Setting), HttpStatusCode.NotFound),
            (await app.Given.Holder(Role.TrainingProviderOfficer, OrganisationKind.TrainingProvider, otherProvider), HttpStatusCode.NotFound),
            (await app.Given.Officer(scene.Authority), HttpStatusCode.NotFound),
        ];
        foreach (var (who, answer) in readers) Assert.Equal(answer, (await (await app.Browser(who)).Get(address)).Status);
    }

    [Fact]
    public async Task Get_ManagerWhereTheLearnerWorksNow_SeesItAndTheFormerOneToo() {
        var scene = await Issued();
        var next = await app.Given.Setting(scene.Authority);
        await app.Database(db => db.Execute("UPDATE people_Membership SET LeftOn = @On WHERE PersonId = @PersonId", new { On = new DateOnly(2026, 9, 30), scene.Learner.PersonId }, default));
        await app.Database(db => db.Execute("""
            INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @PersonId, @next, 'Practitioner', 1, @On)
            """, new { Id = Ids.New(app.Clock), scene.Learner.PersonId, next, On = new DateOnly(2026, 10, 1) }, default));
        var address = $"/certificates/{scene.Number}";
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(await app.Given.Manager(next))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(await app.Given.Manager(scene.Setting))).Get(address)).Status);

        // What is learned after leaving is no longer the former setting's business.
        var later = app.Attended(scene.Learner.PersonId, scene.Authority) with { StartsAt = app.Now.AddHours(-4), EndsAt = app.Now.AddHours(-1) };
        await app.Tell(later);
        var number = await app.CertificateNumber(later.BookingId);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(await app.Given.Manager(next))).Get($"/certificates/{number}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Manager(scene.Setting))).Get($"/certificates/{number}")).Status);
    }

    [Fact]
    public async Task Check_TypedWithLookAlikes_ShowsOnlyWhatItMust() {
        var scene = await Issued();
        var typed = Uri.EscapeDataString(scene.Number.Replace('0', 'o').Replace('1', 'l').Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant());
        var page = await app.Browser().Follow($"/check?Number={typed}");
        Assert.Equal($"Certificate {scene.Number}", page.Heading);
        foreach (var words in (string[])["Valid", "Z. v. d. B.", "Babbling babies", "28 September 2026", "3 hours"]) Assert.Contains(words, page.Words, StringComparison.Ordinal);
        foreach (var secret in (string[])["Zoë", "Berg", "Tess", scene.Learner.PersonId.ToString()]) Assert.DoesNotContain(secret, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Nothing_AsksForTheNumber() {
        Assert.Equal(["Enter the number of the certificate"], (await app.Browser().Get("/check?Number=+")).Errors);
        Assert.Equal("Check a certificate", (await app.Browser().Get("/check")).Heading);
    }

    [Fact]
    public async Task Check_UnknownNumber_IsNotFoundAndHelps() {
        var page = await app.Browser().Get("/check/AAAA-BBBB-CCCC");
        Assert.Equal((HttpStatusCode.NotFound, "We cannot find that certificate"), (page.Status, page.Heading));
        Assert.Contains("what looks like O is a zero", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Revoked_SaysSo() {
        var scene = await Issued();
        await app.Tell(app.Attended(scene.Learner.PersonId, scene.Authority, scene.BookingId) with { Revision = 2, Minutes = 0, ParticipatoryMinutes = 0, Completed = false });
        Assert.Contains("Revoked", (await app.Browser().Get($"/check/{scene.Number}")).Words, StringComparison.Ordinal);
        var page = await (await app.Browser(scene.Learner)).Get($"/certificates/{scene.Number}");
        Assert.Contains("revoked on 5 October 2026", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_Learner_GetsItAndAStrangerDoesNot() {
        var scene = await Issued();
        var answer = await (await app.Api(scene.Learner)).GetAsync($"/api/v1/certificates/{scene.Number}");
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("Zoë van der Berg", "Valid", 180), (json.GetProperty("learnerName").GetString(), json.GetProperty("status").GetString(), json.GetProperty("minutes").GetInt32()));

        var stranger = await (await app.Api(await app.Given.Practitioner(scene.Setting))).GetAsync($"/api/v1/certificates/{scene.Number}");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (stranger.StatusCode, stranger.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().GetAsync($"/api/v1/certificates/{scene.Number}")).StatusCode);
    }

    [Theory]
    [InlineData("Zoë van der Berg", "Z. v. d. B.")]
    [InlineData("  Amina  Begum-Khan ", "A. B.")]
    [InlineData("Li", "L.")]
    [InlineData("Jo (Joanna) O'Neill 3rd", "J. J. O. r.")]
    [InlineData("-", "")]
    public void Initials_OfAName(string name, string initials) => Assert.Equal(initials, Certificate.Initials(name));

    [Theory]
    [InlineData("2026-10-05", CertificateStatus.Valid)]
    [InlineData("2026-10-04", CertificateStatus.Expired)]
    [InlineData(null, CertificateStatus.Valid)]
    public void Status_LastDay_IsStillValid(string? until, object status) =>
        Assert.Equal(status, new Certificate { ValidUntil = until is null ? null : DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture) }.On(new DateOnly(2026, 10, 5)));
}
