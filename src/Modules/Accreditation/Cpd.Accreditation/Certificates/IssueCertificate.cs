using Cpd.Accreditation.Reminders;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Certificates;

/// <summary>
/// A completion earns a certificate that carries the names of that moment and the accreditation valid on the day of the session.
/// It may wait for the session's evaluation. A correction leaves it standing if it still says what is true; else it is revoked and, when still completed, replaced.
/// </summary>
internal sealed class IssueCertificate(Db db, TimeProvider clock, IMediator mediator, Mailbox mailbox) {
    internal const string Columns = """
        SELECT Id, Number, PersonId, CauseId, Revision, LearnerName, CourseId, CourseTitle, LearningOutcomes, IssuerName, AuthorityId, TrainingProviderId,
            AccreditorId, AccreditorName, AccreditationReference, HappenedOn, StartsAt, EndsAt, Mode, Minutes, ParticipatoryMinutes, TrainerName,
            IssuedAt, ValidUntil, RevokedAt, RevokedReason, ReplacedBy
        FROM accreditation_Certificate

        """;
    const string SelectStanding = Columns + "WHERE CauseId = @CauseId AND RevokedAt IS NULL";
    const string Revoke = """
        UPDATE accreditation_Certificate SET RevokedAt = @Now, RevokedReason = @Reason, ReplacedBy = @ReplacedBy
        WHERE Id = @Id AND RevokedAt IS NULL
        """;
    // Of several accreditations on that day the one that began first, so that the answer is always the same.
    const string SelectAccreditation = """
        SELECT s.AccreditorId, c.Reference, c.CertificateMonths
        FROM accreditation_AccreditedCourse c
        JOIN accreditation_Scheme s ON s.Id = c.SchemeId
        WHERE c.CourseId = @CourseId AND c.ValidFrom <= @On AND c.ValidTo >= @On AND (c.EndedOn IS NULL OR c.EndedOn > @On)
        ORDER BY c.ValidFrom, c.Id
        """;
    const string Insert = """
        INSERT INTO accreditation_Certificate (Id, Number, PersonId, CauseId, Revision, LearnerName, CourseId, CourseTitle, LearningOutcomes, IssuerName,
            AuthorityId, TrainingProviderId, AccreditorId, AccreditorName, AccreditationReference, HappenedOn, StartsAt, EndsAt, Mode, Minutes,
            ParticipatoryMinutes, TrainerName, IssuedAt, ValidUntil)
        VALUES (@Id, @Number, @PersonId, @CauseId, @Revision, @LearnerName, @CourseId, @CourseTitle, @LearningOutcomes, @IssuerName,
            @AuthorityId, @TrainingProviderId, @AccreditorId, @AccreditorName, @Reference, @HappenedOn, @StartsAt, @EndsAt, @Mode, @Minutes,
            @ParticipatoryMinutes, @TrainerName, @Now, @ValidUntil)
        """;

    /// <summary>To be called once for each revision that counts, in the transaction that counts it.</summary>
    internal async Task After(AttendanceRecorded attended, string issuer, CancellationToken ct) {
        var earned = attended is { Completed: true, Minutes: > 0 };
        var standing = await db.One<Certificate>(SelectStanding, new { CauseId = attended.BookingId }, ct);
        if (standing is not null && earned && standing.Says(attended)) return;
        // Training tells of it again when it waits no more. One that was issued already is corrected without waiting.
        if (standing is null && earned && await mediator.Send(new FindWaitingCertificates([attended.BookingId]), ct) is { Count: > 0 }) return;

        var id = Ids.New(clock);
        var now = clock.GetUtcNow().UtcDateTime;
        if (standing is not null) {
            var reason = earned ? "The register was corrected. A new certificate replaces this one." : "The register was corrected: the course was not completed.";
            await db.Execute(Revoke, new { standing.Id, Now = now, Reason = reason, ReplacedBy = earned ? id : (Guid?)null }, ct);
            await mailbox.WithdrawAllAbout([standing.Id], [RemindOfExpiry.Name], "The certificate was revoked", ct);
        }
        if (!earned) return;

        var day = London.Day(attended.StartsAt);
        var accreditation = await db.One<Accreditation>(SelectAccreditation, new { attended.CourseId, On = day }, ct);
        var accreditor = accreditation is not null && await mediator.Send(new FindOrganisations([accreditation.AccreditorId]), ct) is [var organisation, ..] ? organisation : null;
        if (await mediator.Send(new FindPeople([attended.PersonId]), ct) is not [var learner, ..])
            throw new InvalidOperationException($"Booking {attended.BookingId} is of nobody that People knows.");
        var validUntil = accreditation?.CertificateMonths is { } months ? London.Day(attended.EndsAt).AddMonths(months) : (DateOnly?)null;
        await db.Execute(Insert, new {
            Id = id, Number = Codes.ForPeople(3), attended.PersonId, CauseId = attended.BookingId, attended.Revision, LearnerName = learner.Name,
            attended.CourseId, attended.CourseTitle, attended.LearningOutcomes, IssuerName = issuer, attended.AuthorityId, attended.TrainingProviderId,
            accreditation?.AccreditorId, AccreditorName = accreditor?.Name, accreditation?.Reference, HappenedOn = day, attended.StartsAt, attended.EndsAt,
            Mode = attended.Mode.ToString(), attended.Minutes, attended.ParticipatoryMinutes, attended.TrainerName, Now = now,
            ValidUntil = validUntil,
        }, ct);
        if (validUntil is { } last) await mailbox.Plan(RemindOfExpiry.Plan(id, attended.PersonId, attended.AuthorityId, last, now), ct);
    }

    sealed record Accreditation {
        public Guid AccreditorId { get; init; }
        public string Reference { get; init; } = "";
        public int? CertificateMonths { get; init; }
    }
}
