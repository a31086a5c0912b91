using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about who somebody is.</summary>
internal static class AnswerPeople {
    const string SelectByIds = "SELECT Id, Name, Email, Mobile FROM people_Person WHERE Id IN @Ids";
    const string SelectHolders = """
        SELECT DISTINCT p.Id, p.Name, p.Email, p.NameKey
        FROM people_Grant g
        JOIN people_Person p ON p.Id = g.PersonId
        WHERE g.Role = @Role AND g.EndedAt IS NULL
        ORDER BY p.NameKey, p.Id
        """;

    const string SelectAt = """
        SELECT g.OrganisationId, p.Id AS PersonId, p.Name, p.Email
        FROM people_Grant g
        JOIN people_Person p ON p.Id = g.PersonId
        WHERE g.Role = @Role AND g.OrganisationId IN @Ids AND g.EndedAt IS NULL
        """;

    internal sealed class At(Db db) : IRequestHandler<FindHolders, IReadOnlyList<Holder>> {
        public async Task<IReadOnlyList<Holder>> Handle(FindHolders request, CancellationToken cancellationToken) =>
            [.. (await db.List<HolderRow>(SelectAt, new { Role = request.Role.ToString(), Ids = db.Ids(request.OrganisationIds) }, cancellationToken)).Select(r => new Holder(r.OrganisationId, r.PersonId, r.Name, r.Email)).Distinct()];
    }

    const string SelectFormer = """
        SELECT g.OrganisationId, g.PersonId, MAX(g.EndedAt) AS EndedAt
        FROM people_Grant g
        WHERE g.Role = @Role AND g.OrganisationId IN @Ids
        GROUP BY g.OrganisationId, g.PersonId
        HAVING COUNT(*) = COUNT(g.EndedAt)
        """;

    internal sealed class Former(Db db) : IRequestHandler<FindFormerHolders, IReadOnlyList<FormerHolder>> {
        public async Task<IReadOnlyList<FormerHolder>> Handle(FindFormerHolders request, CancellationToken cancellationToken) =>
            [.. (await db.List<FormerRow>(SelectFormer, new { Role = request.Role.ToString(), Ids = db.Ids(request.OrganisationIds) }, cancellationToken)).Select(r => new FormerHolder(r.OrganisationId, r.PersonId, r.EndedAt))];
    }

    internal sealed class ByIds(Db db) : IRequestHandler<FindPeople, IReadOnlyList<PersonCard>> {
        public async Task<IReadOnlyList<PersonCard>> Handle(FindPeople request, CancellationToken cancellationToken) =>
            Cards(await db.ListByIds<Row>(SelectByIds, request.Ids, cancellationToken));
    }

    internal sealed class Holders(Db db) : IRequestHandler<ListHolders, IReadOnlyList<PersonCard>> {
        public async Task<IReadOnlyList<PersonCard>> Handle(ListHolders request, CancellationToken cancellationToken) =>
            Cards(await db.List<Row>(db.Page(SelectHolders), new { Role = request.Role.ToString(), Skip = 0, Take = 200 }, cancellationToken));
    }

    static IReadOnlyList<PersonCard> Cards(IReadOnlyList<Row> rows) => [.. rows.Select(r => new PersonCard(r.Id, r.Name, r.Email) { Mobile = r.Mobile })];

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string? Mobile { get; init; }
    }

    sealed record FormerRow {
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public DateTime EndedAt { get; init; }
    }

    sealed record HolderRow {
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
    }
}
