using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;

namespace Cpd.Training.Answers;

/// <summary>Answers when the published sessions of authorities take place, so that others plan around them.</summary>
internal sealed class AnswerEvents(Db db) : IPartOf<FindEvents, EventOn> {
    const string Select = """
        SELECT s.AuthorityId, s.Id AS CauseId, d.StartsAt, d.EndsAt, c.Title
        FROM training_Session s
        JOIN training_SessionDate d ON d.SessionId = s.Id
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.AuthorityId IN @Authorities AND s.State = 'Published' AND s.StartsAt < @To AND s.EndsAt > @From AND d.StartsAt < @To AND d.EndsAt > @From
        """;

    public async Task<IReadOnlyList<EventOn>> Answer(FindEvents question, CancellationToken ct) =>
        [.. (await db.List<Row>(Select, new { Authorities = db.Ids(question.AuthorityIds), question.From, question.To }, ct)).Select(r => new EventOn(r.AuthorityId, r.Title, r.StartsAt, r.EndsAt, r.CauseId))];

    sealed record Row {
        public Guid AuthorityId { get; init; }
        public Guid CauseId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Title { get; init; } = "";
    }
}
