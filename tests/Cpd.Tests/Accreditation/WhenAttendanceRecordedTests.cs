using Cpd.Accreditation.Certificates;
using Cpd.Accreditation.Ledger;
using Cpd.Accreditation.Schemes;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Tests.Accreditation;

public sealed class WhenAttendanceRecordedTests(CpdApp app) : IClassFixture<CpdApp> {
    async Task<(Guid Authority, Actor Learner)> Learner(string name = "Amina Begum") {
        var authority = await app.Given.Authority();
        return (authority, await app.Given.Practitioner(await app.Given.Setting(authority), name));
    }

    Task<ListMyCpd.View> Record(Actor who) => app.Ask(who, new ListMyCpd.Query(null, null, AgeRanges.None, new Paging(1)));

    Task<int> Entries(Guid bookingId) => app.Count("accreditation_Entry", "CauseId = @bookingId", new { bookingId });
    Task<int> Certificates(Guid bookingId) => app.Count("accreditation_Certificate", "CauseId = @bookingId", new { bookingId });

    [Fact]
    public async Task Event_AttendedInFull_MakesAnEntryAndACertificate() {
        var (authority, learner) = await Learner();
        var attended = app.Attended(learner.PersonId, authority);
        await app.Tell(attended);

        var entry = Assert.Single((await Record(learner)).Found.Items);
        Assert.Equal(("Babbling babies", "Thurrock", new DateOnly(2026, 9, 28), 180, 120), (entry.Title, entry.Source, entry.HappenedOn, entry.Minutes, entry.ParticipatoryMinutes));
        var certificate = await app.Send(learner, new OpenCertificate.Query(entry.CertificateNumber!));
        Assert.Equal(("Amina Begum", "Babbling babies", "Thurrock", "Tess Trainer", CertificateStatus.Valid), (certificate.LearnerName, certificate.CourseTitle, certificate.IssuerName, certificate.TrainerName, certificate.Status));
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$", certificate.Number);
        Assert.Null(certificate.AccreditorName);
    }

    [Fact]
    public async Task Event_DeliveredTwice_HasOneEffect() {
        var (authority, learner) = await Learner();
        var attended = app.Attended(learner.PersonId, authority);
        await app.Tell(attended);
        var number = await app.CertificateNumber(attended.BookingId);
        await app.TellAgain();
        await app.Tell(attended, attended);

        Assert.Equal(1, await Entries(attended.BookingId));
        Assert.Equal(1, await Certificates(attended.BookingId));
        Assert.Equal(number, await app.CertificateNumber(attended.BookingId));
    }

    [Fact]
    public async Task Event_LowerRevisionArrivesLate_ChangesNothing() {
        var (authority, learner) = await Learner();
        var first = app.Attended(learner.PersonId, authority);
        await app.Tell(first with { Revision = 3, Minutes = 60, ParticipatoryMinutes = 30, Completed = false });
        await app.Tell(first, first with { Revision = 2, Minutes = 0, ParticipatoryMinutes = 0, Completed = false });

        Assert.Equal(60, Assert.Single((await Record(learner)).Found.Items).Minutes);
        Assert.Equal(0, await Certificates(first.BookingId));
    }

    [Fact]
    public async Task Event_DidNotAttend_LeavesNothingToSee() {
        var (authority, learner) = await Learner();
        var first = app.Attended(learner.PersonId, authority);
        await app.Tell(first with { Revision = 2, Minutes = 0, ParticipatoryMinutes = 0, Completed = false });
        await app.Tell(first);

        Assert.Empty((await Record(learner)).Found.Items);
        Assert.Null(await app.CertificateNumber(first.BookingId));
    }

    [Fact]
    public async Task Event_Withdrawn_RevokesTheCertificateAndLaterRevivesWithTheReflection() {
        var (authority, learner) = await Learner();
        var first = app.Attended(learner.PersonId, authority);
        await app.Tell(first);
        var number = (await app.CertificateNumber(first.BookingId))!;
        var entry = Assert.Single((await Record(learner)).Found.Items);
        await app.Send(learner, new Reflect.Command(entry.Id, 1, "I listen longer", null));

        await app.Tell(first with { Revision = 2, Minutes = 0, ParticipatoryMinutes = 0, Completed = false });
        Assert.Empty((await Record(learner)).Found.Items);
        var revoked = await app.Send(learner, new OpenCertificate.Query(number));
        Assert.Equal((CertificateStatus.Revoked, "The register was corrected: the course was not completed.", null), (revoked.Status, revoked.RevokedReason, revoked.ReplacedBy));

        await app.Tell(first with { Revision = 3 });
        Assert.Equal("I listen longer", (await app.Send(learner, new OpenEntry.Query(entry.Id))).Reflection);
        var anew = (await app.CertificateNumber(first.BookingId))!;
        Assert.NotEqual(number, anew);
    }

    [Fact]
    public async Task Event_CorrectionChangesWhatTheCertificateSays_ReplacesItAndLinksThem() {
        var (authority, learner) = await Learner();
        var first = app.Attended(learner.PersonId, authority);
        await app.Tell(first);
        var old = (await app.CertificateNumber(first.BookingId))!;
        await app.Tell(first with { Revision = 2, Minutes = 150, ParticipatoryMinutes = 100 });

        var anew = (await app.CertificateNumber(first.BookingId))!;
        var revoked = await app.Send(learner, new OpenCertificate.Query(old));
        Assert.Equal((CertificateStatus.Revoked, 180, anew), (revoked.Status, revoked.Minutes, revoked.ReplacedBy));
        Assert.Equal(150, (await app.Send(learner, new OpenCertificate.Query(anew))).Minutes);
    }

    [Fact]
    public async Task Event_CorrectionSaysTheSame_KeepsTheCertificate() {
        var (authority, learner) = await Learner();
        var first = app.Attended(learner.PersonId, authority);
        await app.Tell(first);
        var number = await app.CertificateNumber(first.BookingId);
        await app.Tell(first with { Revision = 2, RecordedAt = app.Now.AddHours(1) });

        Assert.Equal(number, await app.CertificateNumber(first.BookingId));
        Assert.Equal(1, await Certificates(first.BookingId));
    }

    [Fact]
    public async Task Event_PartAttended_MakesAnEntryWithoutCertificate() {
        var (authority, learner) = await Learner();
        var part = app.Attended(learner.PersonId, authority) with { Minutes = 45, ParticipatoryMinutes = 30, Completed = false };
        await app.Tell(part);

        Assert.Null(Assert.Single((await Record(learner)).Found.Items).CertificateNumber);
    }

    [Fact]
    public async Task Event_BookingPassesToSomeoneElse_TakesNoReflectionAlong() {
        var (authority, learner) = await Learner();
        var (_, other) = await Learner("Ola Nowak");
        var first = app.Attended(learner.PersonId, authority);
        await app.Tell(first);
        await app.Send(learner, new Reflect.Command(Assert.Single((await Record(learner)).Found.Items).Id, 1, "Private", "On my shelf"));
        await app.Tell(first with { Revision = 2, PersonId = other.PersonId });

        Assert.Empty((await Record(learner)).Found.Items);
        var entry = await app.Send(other, new OpenEntry.Query(Assert.Single((await Record(other)).Found.Items).Id));
        Assert.Equal((null, null), (entry.Reflection, entry.Evidence));
    }

    [Fact]
    public async Task Event_CourseAccreditedOnTheDay_CertificateNamesTheAccreditation() {
        var (authority, learner) = await Learner();
        var accreditorId = await app.Given.Organisation(OrganisationKind.Accreditor, "Quality Mark Trust");
        var accreditor = await app.Given.Holder(Role.Accreditor, OrganisationKind.Accreditor, accreditorId);
        var course = await app.Course(authority, "Babbling babies");
        var scheme = await app.Send(accreditor, new AddScheme.Command(accreditorId, "Quality mark", "Rules"));
        await app.Send(accreditor, new AccreditCourse.Command(scheme, course, "QM-7", new DateOnly(2026, 9, 1), new DateOnly(2026, 9, 28), 12));
        var onLastDay = app.Attended(learner.PersonId, authority) with { CourseId = course };
        var dayAfter = app.Attended(learner.PersonId, authority) with { CourseId = course, StartsAt = onLastDay.StartsAt.AddDays(1), EndsAt = onLastDay.EndsAt.AddDays(1) };
        await app.Tell(onLastDay, dayAfter);

        var certificate = await app.Send(learner, new OpenCertificate.Query((await app.CertificateNumber(onLastDay.BookingId))!));
        Assert.Equal(("Quality Mark Trust", "QM-7", new DateOnly(2027, 9, 28)), (certificate.AccreditorName, certificate.AccreditationReference, certificate.ValidUntil));
        Assert.Null((await app.Send(learner, new OpenCertificate.Query((await app.CertificateNumber(dayAfter.BookingId))!))).AccreditorName);
    }

    [Fact]
    public async Task Event_RunByATrainingProvider_NamesItAsIssuer() {
        var (authority, learner) = await Learner();
        var provider = await app.Given.Organisation(OrganisationKind.TrainingProvider, "Little Steps Training");
        var attended = app.Attended(learner.PersonId, authority) with { TrainingProviderId = provider };
        await app.Tell(attended);

        Assert.Equal("Little Steps Training", Assert.Single((await Record(learner)).Found.Items).Source);
        Assert.Equal("Little Steps Training", (await app.Send(learner, new OpenCertificate.Query((await app.CertificateNumber(attended.BookingId))!))).IssuerName);
    }
}
