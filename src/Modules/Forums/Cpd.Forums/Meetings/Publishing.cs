using Cpd.Forums.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;

namespace Cpd.Forums.Meetings;

/// <summary>What follows when meetings of a forum become public: every member is invited to all of them in one message, and reminders are planned.</summary>
internal sealed class Publishing(Db db, MeetingMails mails, MeetingRounds rounds, Mailbox mailbox) {
    const string Select = Meeting.Select + "WHERE m.Id IN @Ids ORDER BY m.StartsAt, m.Id";

    /// <param name="first">The full meeting that is held again, where it is one.</param>
    internal async Task Tell(IReadOnlyList<Guid> meetingIds, CancellationToken ct, Meeting? first = null) {
        var meetings = await db.List<Meeting>(Select, new { Ids = db.Ids(meetingIds) }, ct);
        await rounds.Plan(meetingIds, ct);
        await mailbox.Add(await mails.Invited(meetings, first, ct), ct);
    }
}
