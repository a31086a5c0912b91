using Cpd.Forums.Contracts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>What somebody attended of a forum's meeting becomes one entry of their CPD record, all of it participatory. There is no certificate for it.</summary>
internal sealed class WhenForumAttendanceConfirmed(Db db, TimeProvider clock, IMediator mediator) : Reaction<ForumAttendanceConfirmed>(db, clock) {
    readonly Db db = db;
    readonly TimeProvider clock = clock;

    protected override async Task React(ForumAttendanceConfirmed happened, CancellationToken ct) => await new AttendanceEntry {
        PersonId = happened.PersonId, CauseId = happened.ParticipantId, Revision = happened.Revision, Title = happened.ForumName,
        Source = (await mediator.Send(new ListAuthorities(), ct)).FirstOrDefault(a => a.Id == happened.AuthorityId)?.Name ?? "Local authority",
        HappenedOn = London.Day(happened.StartsAt), Minutes = happened.Minutes, ParticipatoryMinutes = happened.Minutes, AgeRanges = happened.AgeRanges, Mode = happened.IsOnline ? CourseMode.LiveOnline : CourseMode.InPerson,
        SettingId = happened.SettingId, AuthorityId = happened.AuthorityId, RecordedAt = happened.RecordedAt,
    }.Enter(db, clock, ct);
}
