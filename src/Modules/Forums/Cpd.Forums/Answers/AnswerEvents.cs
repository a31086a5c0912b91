using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;

namespace Cpd.Forums.Answers;

/// <summary>Answers when the published meetings of authorities' forums take place, so that others plan around them.</summary>
internal sealed class AnswerEvents(Db db) : IPartOf<FindEvents, EventOn> {
    const string Select = """
        SELECT s.AuthorityId, m.Id AS CauseId, m.StartsAt, m.EndsAt, s.Name
        FROM forums_Meeting m
        JOIN forums_Series s ON s.Id = m.SeriesId
        WHERE s.AuthorityId IN @Authorities AND m.State = 'Published' AND m.StartsAt < @To AND m.EndsAt > @From
        """;

    public async Task<IReadOnlyList<EventOn>> Answer(FindEvents question, CancellationToken ct) =>
        [.. (await db.List<Row>(Select, new { Authorities = db.Ids(question.AuthorityIds), question.From, question.To }, ct)).Select(r => new EventOn(r.AuthorityId, r.Name, r.StartsAt, r.EndsAt, r.CauseId))];

    sealed record Row {
        public Guid AuthorityId { get; init; }
        public Guid CauseId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Name { get; init; } = "";
    }
}
