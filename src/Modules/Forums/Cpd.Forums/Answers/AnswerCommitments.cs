using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;

namespace Cpd.Forums.Answers;

/// <summary>Answers when people are at meetings of forums: invited as members, unless they have sent apologies or wait for a place, or coming. Which forum it is, only those read who may see its members.</summary>
internal sealed class AnswerCommitments(Db db, CurrentUser me) : IPartOf<FindCommitments, Commitment> {
    const string Select = """
        SELECT b.PersonId, b.AuthorityId, s.AuthorityId AS OwnerId, s.Name, m.Id, m.StartsAt, m.EndsAt, p.Reply
        FROM forums_Member b
        JOIN forums_Series s ON s.Id = b.SeriesId
        JOIN forums_Meeting m ON m.SeriesId = s.Id
        LEFT JOIN forums_Participant p ON p.MeetingId = m.Id AND p.PersonId = b.PersonId
        WHERE b.PersonId IN @People AND b.Until IS NULL AND m.State = 'Published' AND m.StartsAt < @To AND m.EndsAt > @From AND (p.Reply IS NULL OR p.Reply = 'Coming')
        UNION ALL
        SELECT p.PersonId, p.AuthorityId, s.AuthorityId AS OwnerId, s.Name, m.Id, m.StartsAt, m.EndsAt, p.Reply
        FROM forums_Participant p
        JOIN forums_Meeting m ON m.Id = p.MeetingId
        JOIN forums_Series s ON s.Id = m.SeriesId
        WHERE p.PersonId IN @People AND p.Reply = 'Coming' AND m.State = 'Published' AND m.StartsAt < @To AND m.EndsAt > @From
          AND NOT EXISTS (SELECT 1 FROM forums_Member b WHERE b.SeriesId = s.Id AND b.PersonId = p.PersonId AND b.Until IS NULL)
        """;

    public async Task<IReadOnlyList<Commitment>> Answer(FindCommitments question, CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        var found = new List<Commitment>();
        foreach (var people in question.PersonIds.Chunk(500))
            foreach (var row in await db.List<Row>(Select, new { People = db.Ids(people), question.From, question.To }, ct)) {
                var seen = reach.All || row.PersonId == me.PersonId || reach.Authorities.Contains(row.OwnerId) || reach.Authorities.Contains(row.AuthorityId);
                found.Add(new(row.PersonId, !seen ? "a forum" : row.Reply is null ? $"invited to “{row.Name}”" : $"“{row.Name}”", row.StartsAt, row.EndsAt, row.Id));
            }
        return found;
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid OwnerId { get; init; }
        public string Name { get; init; } = "";
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public Reply? Reply { get; init; }
    }
}
