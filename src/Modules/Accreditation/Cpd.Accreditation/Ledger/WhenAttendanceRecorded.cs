using Cpd.Accreditation.Certificates;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>
/// Settled attendance becomes one entry of the person's CPD record, and a certificate when the whole was attended. Only a higher
/// revision counts, in whatever order they arrive: it corrects the entry (no minutes withdraws it, minutes later revive it, what the
/// person has written stays), and revokes a certificate that no longer says what is true.
/// </summary>
internal sealed class WhenAttendanceRecorded(Db db, TimeProvider clock, IMediator mediator, Mailbox mailbox) : Reaction<AttendanceRecorded>(db, clock) {
    readonly Db db = db;
    readonly TimeProvider clock = clock;

    // Version guards what the person writes and so does not rise here: a correction must not make them lose a reflection.
    // A booking that passed to another person takes along nothing that the first one wrote.
    const string Correct = """
        UPDATE accreditation_Entry
        SET Reflection = CASE WHEN PersonId = @PersonId THEN Reflection ELSE NULL END, Evidence = CASE WHEN PersonId = @PersonId THEN Evidence ELSE NULL END,
            Impact = CASE WHEN PersonId = @PersonId THEN Impact ELSE NULL END, ImpactOn = CASE WHEN PersonId = @PersonId THEN ImpactOn ELSE NULL END,
            PersonId = @PersonId, Revision = @Revision, Title = @Title, Source = @Source, HappenedOn = @HappenedOn, Minutes = @Minutes,
            ParticipatoryMinutes = @ParticipatoryMinutes, AgeRanges = @AgeRanges, Mode = @Mode, SettingId = @SettingId, AuthorityId = @AuthorityId,
            TrainingProviderId = @TrainingProviderId, CourseId = @CourseId, SessionId = @SessionId, WithdrawnAt = @WithdrawnAt, RecordedAt = @RecordedAt
        WHERE CauseKind = 'Attendance' AND CauseId = @CauseId AND Revision < @Revision
        """;
    const string Enter = """
        INSERT INTO accreditation_Entry (Id, PersonId, CauseKind, CauseId, Revision, Title, Source, HappenedOn, Minutes, ParticipatoryMinutes, AgeRanges, Mode,
            SettingId, AuthorityId, TrainingProviderId, CourseId, SessionId, WithdrawnAt, RecordedAt, Version)
        SELECT @Id, @PersonId, 'Attendance', @CauseId, @Revision, @Title, @Source, @HappenedOn, @Minutes, @ParticipatoryMinutes, @AgeRanges, @Mode,
            @SettingId, @AuthorityId, @TrainingProviderId, @CourseId, @SessionId, @WithdrawnAt, @RecordedAt, 1
        WHERE NOT EXISTS (SELECT 1 FROM accreditation_Entry WHERE CauseKind = 'Attendance' AND CauseId = @CauseId)
        """;

    protected override async Task React(AttendanceRecorded happened, CancellationToken ct) {
        var issuer = await IssuerName(happened, ct);
        var entry = new {
            Id = Ids.New(clock), happened.PersonId, CauseId = happened.BookingId, happened.Revision, Title = happened.CourseTitle, Source = issuer,
            HappenedOn = London.Day(happened.StartsAt), happened.Minutes, happened.ParticipatoryMinutes, happened.AgeRanges, Mode = happened.Mode.ToString(),
            happened.SettingId, happened.AuthorityId, happened.TrainingProviderId, happened.CourseId, happened.SessionId,
            WithdrawnAt = happened.Minutes == 0 ? clock.GetUtcNow().UtcDateTime : (DateTime?)null, happened.RecordedAt,
        };
        if (await db.Execute(Correct, entry, ct) == 0 && await db.Execute(Enter, entry, ct) == 0) return;
        await new IssueCertificate(db, clock, mediator, mailbox).After(happened, issuer, ct);
    }

    /// <summary>Who ran it: the training provider, else the authority.</summary>
    async Task<string> IssuerName(AttendanceRecorded happened, CancellationToken ct) {
        if (happened.TrainingProviderId is { } provider
            && await mediator.Send(new FindOrganisations([provider]), ct) is [var organisation, ..]) return organisation.Name;
        return (await mediator.Send(new ListAuthorities(), ct)).FirstOrDefault(a => a.Id == happened.AuthorityId)?.Name ?? "Local authority";
    }
}
