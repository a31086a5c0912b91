using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;

namespace Cpd.Forums.Answers;

/// <summary>Answers to whom an authority may write besides its staff: the members of each of its forums.</summary>
internal sealed class AnswerGroups(Db db) : IPartOf<ListGroups, GroupCard>, IPartOf<FindGroupMembers, Guid> {
    const string Select = "SELECT Id, Name FROM forums_Series WHERE AuthorityId = @AuthorityId AND EndedAt IS NULL ORDER BY Name, Id";
    const string SelectMembers = """
        SELECT b.PersonId
        FROM forums_Member b
        JOIN forums_Series s ON s.Id = b.SeriesId
        WHERE s.AuthorityId = @AuthorityId AND s.Id IN @Ids AND b.Until IS NULL
        """;

    public async Task<IReadOnlyList<GroupCard>> Answer(ListGroups question, CancellationToken ct) =>
        [.. (await db.List<Row>(Select, new { question.AuthorityId }, ct)).Select(r => new GroupCard(r.Id, $"Members of {r.Name}"))];

    public Task<IReadOnlyList<Guid>> Answer(FindGroupMembers question, CancellationToken ct) => db.List<Guid>(SelectMembers, new { question.AuthorityId, Ids = db.Ids(question.GroupIds) }, ct);

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
    }
}
