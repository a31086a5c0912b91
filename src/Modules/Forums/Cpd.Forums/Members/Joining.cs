using Cpd.Forums.Meetings;
using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;

namespace Cpd.Forums.Members;

/// <summary>How somebody becomes a member of a forum or stops to be one, whoever does it: once, and told by email.</summary>
internal sealed class Joining(Db db, WaitingList waiting, MeetingMails mails, Mailbox mailbox, CurrentUser me, TimeProvider clock) {
    /// <summary>The last membership of @PersonId in the forum @SeriesId, where somebody else ended it. What ended with the forum nobody ended.</summary>
    internal const string Removal = """
        FROM forums_Member r
        WHERE r.SeriesId = @SeriesId AND r.PersonId = @PersonId AND r.EndedBy <> r.PersonId
          AND NOT EXISTS (SELECT 1 FROM forums_Member l WHERE l.SeriesId = r.SeriesId AND l.PersonId = r.PersonId AND l.Id > r.Id)
        """;
    internal const string Removed = "Your early years team has ended your membership. Ask them if you should belong to this forum.";

    // Also guarded here against a removal at the same moment: of the two, the membership that was ended stays so.
    const string Insert = """
        INSERT INTO forums_Member (Id, SeriesId, PersonId, AuthorityId, SettingId, Role, Since, AddedBy)
        SELECT @Id, @SeriesId, @PersonId, @AuthorityId, @SettingId, @Role, @Now, @Me
        WHERE NOT EXISTS (SELECT 1 FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @PersonId AND Until IS NULL)
          AND (@ByThemselves = 0 OR NOT EXISTS (SELECT 1
        """ + "\n" + Removal + "))";
    const string SelectLive = "SELECT Id FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @PersonId AND Until IS NULL";
    // Held until the end: a reply that is on its way is either there to be forgotten, or finds that they are no member.
    const string Hold = "UPDATE forums_Meeting SET State = State WHERE SeriesId = @SeriesId AND StartsAt > @Now";
    const string End = "UPDATE forums_Member SET Until = @Now, EndedBy = @Me WHERE Id = @Id AND Until IS NULL";
    // Replies to what lies ahead go with the membership; what the register says stays.
    const string Forget = """
        DELETE FROM forums_Participant
        WHERE PersonId = @PersonId AND Attendance IS NULL AND MeetingId IN (SELECT m.Id FROM forums_Meeting m WHERE m.SeriesId = @SeriesId AND m.StartsAt > @Now)
        """;

    /// <param name="SettingId">Null for whoever belongs to the authority itself.</param>
    /// <param name="ByThemselves">No officer adds them.</param>
    internal sealed record Newcomer(Guid PersonId, Guid AuthorityId, Guid? SettingId, ForumRole Role, bool ByThemselves = false);

    /// <param name="already">What is said when they belong to it already.</param>
    internal async Task<Outcome<Done>> Add(Guid seriesId, string forum, Guid authorityId, Newcomer newcomer, string already, CancellationToken ct) {
        if (await OneSeries.Ended(db, seriesId, ct) is { } ended) return ended;
        var id = Ids.New(clock);
        try {
            if (await db.Execute(Insert, new {
                Id = id, SeriesId = seriesId, newcomer.PersonId, newcomer.AuthorityId, newcomer.SettingId, Role = newcomer.Role.ToString(), Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, ByThemselves = newcomer.ByThemselves ? 1 : 0,
            }, ct) == 0) return Outcome.Conflict(already);
        } catch (Exception e) when (db.IsUniqueViolation(e)) {
            return Outcome.Conflict(already);
        }
        await mailbox.Add(await mails.Joined(id, seriesId, forum, authorityId, newcomer.PersonId, ct), ct);
        return Outcome.Done;
    }

    /// <summary>False when they do not belong to it.</summary>
    internal async Task<bool> Remove(Guid seriesId, string forum, Guid authorityId, Guid personId, CancellationToken ct) {
        var row = new { SeriesId = seriesId, PersonId = personId, Now = clock.GetUtcNow().UtcDateTime };
        await db.Execute(Hold, row, ct);
        if (await db.One<Guid?>(SelectLive, row, ct) is not { } id || await db.Execute(End, new { Id = id, row.Now, Me = me.PersonId }, ct) == 0) return false;
        await db.Execute(Forget, row, ct);
        await waiting.GiveOutAll(seriesId, ct);
        await mailbox.Add(await mails.Left(id, seriesId, forum, authorityId, personId, ct), ct);
        return true;
    }
}
