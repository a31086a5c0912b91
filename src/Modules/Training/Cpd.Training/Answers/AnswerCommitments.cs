using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;

namespace Cpd.Training.Answers;

/// <summary>Answers when people are at sessions: booked, on a waiting list, or training. What it is, only those read who may see the booking.</summary>
internal sealed class AnswerCommitments(Db db, CurrentUser me) : IPartOf<FindCommitments, Commitment> {
    const string Select = """
        SELECT b.PersonId, b.SettingId, b.AuthorityId, s.AuthorityId AS SessionAuthorityId, s.Id AS SessionId, b.State, d.StartsAt, d.EndsAt, c.Title
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_SessionDate d ON d.SessionId = s.Id
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.PersonId IN @People AND b.CancelledAt IS NULL AND s.State = 'Published' AND d.StartsAt < @To AND d.EndsAt > @From
        UNION ALL
        SELECT s.TrainerPersonId AS PersonId, NULL AS SettingId, NULL AS AuthorityId, s.AuthorityId AS SessionAuthorityId, s.Id AS SessionId, 'Trains' AS State, d.StartsAt, d.EndsAt, c.Title
        FROM training_Session s
        JOIN training_SessionDate d ON d.SessionId = s.Id
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.TrainerPersonId IN @People AND s.State = 'Published' AND d.StartsAt < @To AND d.EndsAt > @From
        """;

    public async Task<IReadOnlyList<Commitment>> Answer(FindCommitments question, CancellationToken ct) {
        var reach = me.Reach(TrainingPermissions.Book);
        var found = new List<Commitment>();
        foreach (var people in question.PersonIds.Chunk(500))
            foreach (var row in await db.List<Row>(Select, new { People = db.Ids(people), question.From, question.To }, ct)) {
                // A published session and its trainer stand in the catalogue; a booking made at another setting does not.
                var seen = row.State == "Trains" || reach.All || row.PersonId == me.PersonId || (row.SettingId is { } setting && reach.Settings.Contains(setting))
                    || reach.Authorities.Contains(row.SessionAuthorityId) || (row.AuthorityId is { } authority && reach.Authorities.Contains(authority));
                found.Add(new(row.PersonId, !seen ? "another session" : row.State switch { "Trains" => $"trains “{row.Title}”", "Waiting" => $"waiting list of “{row.Title}”", _ => $"“{row.Title}”" }, row.StartsAt, row.EndsAt, row.SessionId));
            }
        return found;
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public Guid? AuthorityId { get; init; }
        public Guid SessionAuthorityId { get; init; }
        public Guid SessionId { get; init; }
        public string State { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Title { get; init; } = "";
    }
}
