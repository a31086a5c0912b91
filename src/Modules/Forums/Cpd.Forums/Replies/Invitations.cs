using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Forums.Replies;

/// <summary>Whoever may reply to the invitation to a meeting: its members, and who has replied before.</summary>
internal sealed class Invitations(Db db, ReplyToken tokens, Everyone everyone, CurrentUser me) {
    const string SelectMeeting = Meeting.Select + "WHERE m.Id = @MeetingId AND m.State <> 'Draft'";
    const string SelectPlace = """
        SELECT b.PersonId, b.AuthorityId, b.SettingId, b.Role, p.Reply, p.ReplyReason, n.Words AS Needs,
            (SELECT COUNT(*) FROM forums_Participant w WHERE w.MeetingId = @MeetingId AND w.WaitNumber <= p.WaitNumber) AS Position,
            (SELECT COUNT(*) FROM forums_Participant c WHERE c.MeetingId = @MeetingId AND c.Reply = 'Coming') AS Taken
        FROM forums_Member b
        LEFT JOIN forums_Participant p ON p.MeetingId = @MeetingId AND p.PersonId = b.PersonId
        LEFT JOIN forums_Need n ON n.MeetingId = @MeetingId AND n.PersonId = b.PersonId
        WHERE b.SeriesId = @SeriesId AND b.PersonId = @PersonId AND b.Until IS NULL
        UNION ALL
        SELECT p.PersonId, p.AuthorityId, p.SettingId, p.Role, p.Reply, p.ReplyReason, n.Words AS Needs,
            (SELECT COUNT(*) FROM forums_Participant w WHERE w.MeetingId = @MeetingId AND w.WaitNumber <= p.WaitNumber) AS Position,
            (SELECT COUNT(*) FROM forums_Participant c WHERE c.MeetingId = @MeetingId AND c.Reply = 'Coming') AS Taken
        FROM forums_Participant p
        LEFT JOIN forums_Need n ON n.MeetingId = p.MeetingId AND n.PersonId = p.PersonId
        WHERE p.MeetingId = @MeetingId AND p.PersonId = @PersonId AND p.Reply IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM forums_Member b WHERE b.SeriesId = @SeriesId AND b.PersonId = @PersonId AND b.Until IS NULL)
        """;

    internal sealed record Place {
        public Guid PersonId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? SettingId { get; init; }
        public ForumRole Role { get; init; }
        public Reply? Reply { get; init; }
        public string? ReplyReason { get; init; }
        public string? Needs { get; init; }
        /// <summary>On the waiting list; 0 for who is not on it.</summary>
        public int Position { get; init; }
        /// <summary>How many come to the meeting.</summary>
        public int Taken { get; init; }
    }

    /// <param name="token">The link of a message, in place of the meeting and of who is signed in.</param>
    internal async Task<(Meeting Meeting, Place Place)?> Find(Guid meetingId, string? token, CancellationToken ct) {
        var personId = me.PersonId;
        if (token is not null) {
            if (tokens.Read(token) is not { } named) return null;
            (meetingId, personId) = (named.MeetingId, named.PersonId);
        }
        if (personId == Guid.Empty || await db.One<Meeting>(SelectMeeting, new { MeetingId = meetingId }, ct) is not { } meeting) return null;
        return await db.One<Place>(SelectPlace, new { MeetingId = meetingId, meeting.SeriesId, PersonId = personId }, ct) is { } place ? (meeting, place) : null;
    }

    /// <summary>What else somebody is bound to while the meeting lasts, as far as they themselves may know.</summary>
    internal async Task<IReadOnlyList<string>> Clashes(Meeting meeting, Guid personId, CancellationToken ct) =>
        [.. (await everyone.Ask<FindCommitments, Commitment>(new([personId], meeting.StartsAt, meeting.EndsAt), ct)).Where(c => c.CauseId != meeting.Id).OrderBy(c => c.StartsAt)
            .Select(c => $"{c.What}, {Show.Period(c.StartsAt, c.EndsAt)}")];
}
