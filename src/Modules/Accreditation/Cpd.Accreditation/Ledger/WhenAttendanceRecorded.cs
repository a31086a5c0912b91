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

    protected override async Task React(AttendanceRecorded happened, CancellationToken ct) {
        var issuer = await IssuerName(happened, ct);
        var entry = new AttendanceEntry {
            PersonId = happened.PersonId, CauseId = happened.BookingId, Revision = happened.Revision, Title = happened.CourseTitle, Source = issuer,
            HappenedOn = London.Day(happened.StartsAt), Minutes = happened.Minutes, ParticipatoryMinutes = happened.ParticipatoryMinutes, AgeRanges = happened.AgeRanges, Mode = happened.Mode,
            SettingId = happened.SettingId, AuthorityId = happened.AuthorityId, TrainingProviderId = happened.TrainingProviderId, CourseId = happened.CourseId, SessionId = happened.SessionId, RecordedAt = happened.RecordedAt,
        };
        if (!await entry.Enter(db, clock, ct)) return;
        await new IssueCertificate(db, clock, mediator, mailbox).After(happened, issuer, ct);
    }

    /// <summary>Who ran it: the training provider, else the authority.</summary>
    async Task<string> IssuerName(AttendanceRecorded happened, CancellationToken ct) {
        if (happened.TrainingProviderId is { } provider
            && await mediator.Send(new FindOrganisations([provider]), ct) is [var organisation, ..]) return organisation.Name;
        return (await mediator.Send(new ListAuthorities(), ct)).FirstOrDefault(a => a.Id == happened.AuthorityId)?.Name ?? "Local authority";
    }
}
