using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;

namespace Cpd.Forums.Replies;

/// <summary>
/// Those who want to come to a meeting of which all places are taken, in the order in which they said so. A place that comes free is theirs at once: who has waited longest
/// and whose setting has room gets it in the transaction that freed it, and is told. Whoever calls this holds the meetings' rows, as every reply does.
/// </summary>
internal sealed class WaitingList(Db db, MeetingMails mails, Mailbox mailbox, TimeProvider clock) {
    const string Awaited = "AND m.State = 'Published' AND m.StartsAt > @Now AND EXISTS (SELECT 1 FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Waiting')";
    const string SelectMeeting = Meeting.Select + "WHERE m.Id = @Id " + Awaited;
    const string SelectForum = Meeting.Select + "WHERE m.SeriesId = @Id " + Awaited;
    const string SelectReplies = "SELECT MeetingId, PersonId, SettingId, Reply FROM forums_Participant WHERE MeetingId IN @Ids AND Reply IN ('Coming', 'Waiting') ORDER BY WaitNumber";
    const string Give = "UPDATE forums_Participant SET Reply = 'Coming', WaitNumber = NULL WHERE MeetingId = @MeetingId AND PersonId = @PersonId AND Reply = 'Waiting'";

    internal sealed record Row {
        public Guid MeetingId { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public Reply Reply { get; init; }
    }

    /// <summary>A place of this meeting may have come free.</summary>
    internal async Task GiveOut(Guid meetingId, CancellationToken ct) => await GiveOut(await db.List<Meeting>(SelectMeeting, new { Id = meetingId, Now = clock.GetUtcNow().UtcDateTime }, ct), ct);

    /// <summary>Places of any meeting ahead of this forum may have come free.</summary>
    internal async Task GiveOutAll(Guid seriesId, CancellationToken ct) => await GiveOut(await db.List<Meeting>(SelectForum, new { Id = seriesId, Now = clock.GetUtcNow().UtcDateTime }, ct), ct);

    async Task GiveOut(IReadOnlyList<Meeting> meetings, CancellationToken ct) {
        if (meetings.Count == 0) return;
        var replies = (await db.List<Row>(SelectReplies, new { Ids = db.Ids(meetings.Select(m => m.Id)) }, ct)).ToLookup(r => r.MeetingId);
        foreach (var meeting in meetings) {
            var next = Next(meeting.Places, meeting.PlacesPerSetting, [.. replies[meeting.Id]]);
            if (next.Count == 0) continue;
            await db.Execute(Give, next.Select(r => new { r.MeetingId, r.PersonId }).ToList(), ct);
            await mailbox.Add(await mails.Placed(meeting, [.. next.Select(r => r.PersonId)], ct), ct);
        }
    }

    /// <summary>Who of those who wait gets a place now.</summary>
    /// <param name="places">Of the meeting; null for as many as like.</param>
    /// <param name="perSetting">Of each setting; null for as many as like.</param>
    /// <param name="replies">Those who come, in any order, and those who wait, in theirs.</param>
    internal static IReadOnlyList<Row> Next(int? places, int? perSetting, IReadOnlyList<Row> replies) {
        var come = replies.Where(r => r.Reply == Reply.Coming).ToList();
        var next = new List<Row>();
        foreach (var waits in replies.Where(r => r.Reply == Reply.Waiting)) {
            if (come.Count >= places) break;
            if (waits.SettingId is { } setting && come.Count(c => c.SettingId == setting) >= perSetting) continue;
            come.Add(waits);
            next.Add(waits);
        }
        return next;
    }
}
