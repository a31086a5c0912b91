using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about authorities, settings and the other organisations.</summary>
internal static class AnswerOrganisations {
    const string SelectAuthorities = "SELECT Id, OnsCode, Name FROM people_Authority WHERE ToOn IS NULL ORDER BY Name, Id";
    const string SelectSettings = "SELECT Id, Name, Urn, AuthorityId, ProviderType, TermTimeOnly FROM people_Setting WHERE Id IN @Ids";
    const string SelectTypes = "SELECT DISTINCT ProviderType FROM people_Setting WHERE AuthorityId = @AuthorityId ORDER BY ProviderType";
    const string SelectFound = """
        SELECT Id, Name, Urn, AuthorityId, ProviderType, TermTimeOnly
        FROM people_Setting
        WHERE AuthorityId = @AuthorityId AND (NameKey LIKE @Pattern ESCAPE '!' OR Urn = @Urn)
        ORDER BY NameKey, Id
        """;
    const string SelectByIds = "SELECT Id, Kind, Name FROM people_Organisation WHERE Id IN @Ids";
    const string SelectOfKind = "SELECT Id, Kind, Name FROM people_Organisation WHERE Kind = @Kind ORDER BY NameKey, Id";

    // Nearly every page names an authority; they change when a new version starts.
    internal sealed class Authorities(Db db, BriefMemory memory) : IRequestHandler<ListAuthorities, IReadOnlyList<AuthorityCard>> {
        public Task<IReadOnlyList<AuthorityCard>> Handle(ListAuthorities request, CancellationToken cancellationToken) => memory.Get<IReadOnlyList<AuthorityCard>>(async () =>
            [.. (await db.List<AuthorityRow>(SelectAuthorities, null, cancellationToken)).Select(r => new AuthorityCard(r.Id, r.OnsCode, r.Name))], cancellationToken);
    }

    internal sealed class Settings(Db db) : IRequestHandler<FindSettings, IReadOnlyList<SettingCard>> {
        public async Task<IReadOnlyList<SettingCard>> Handle(FindSettings request, CancellationToken cancellationToken) =>
            Cards(await db.ListByIds<SettingRow>(SelectSettings, request.Ids, cancellationToken));
    }

    internal sealed class SettingsFound(Db db) : IRequestHandler<SearchSettings, IReadOnlyList<SettingCard>> {
        public async Task<IReadOnlyList<SettingCard>> Handle(SearchSettings request, CancellationToken cancellationToken) => Cards(await db.List<SettingRow>(db.Page(SelectFound), new {
            request.AuthorityId, Pattern = NameKey.Beginning(request.Text), Urn = request.Text.Trim().ToUpperInvariant(), Skip = 0, Take = 20,
        }, cancellationToken));
    }

    internal sealed class Types(Db db) : IRequestHandler<ListSettingTypes, IReadOnlyList<string>> {
        public Task<IReadOnlyList<string>> Handle(ListSettingTypes request, CancellationToken cancellationToken) => db.List<string>(SelectTypes, request, cancellationToken);
    }

    static IReadOnlyList<SettingCard> Cards(IReadOnlyList<SettingRow> rows) => [.. rows.Select(r => new SettingCard(r.Id, r.Name, r.Urn, r.AuthorityId, r.ProviderType, r.TermTimeOnly))];

    internal sealed class ByIds(Db db) : IRequestHandler<FindOrganisations, IReadOnlyList<OrganisationCard>> {
        public async Task<IReadOnlyList<OrganisationCard>> Handle(FindOrganisations request, CancellationToken cancellationToken) =>
            Cards(await db.ListByIds<Row>(SelectByIds, request.Ids, cancellationToken));
    }

    internal sealed class OfKind(Db db) : IRequestHandler<ListOrganisations, IReadOnlyList<OrganisationCard>> {
        public async Task<IReadOnlyList<OrganisationCard>> Handle(ListOrganisations request, CancellationToken cancellationToken) =>
            Cards(await db.List<Row>(SelectOfKind, new { Kind = request.Kind.ToString() }, cancellationToken));
    }

    static IReadOnlyList<OrganisationCard> Cards(IReadOnlyList<Row> rows) => [.. rows.Select(r => new OrganisationCard(r.Id, r.Kind, r.Name))];

    sealed record Row {
        public Guid Id { get; init; }
        public OrganisationKind Kind { get; init; }
        public string Name { get; init; } = "";
    }

    sealed record AuthorityRow {
        public Guid Id { get; init; }
        public string OnsCode { get; init; } = "";
        public string Name { get; init; } = "";
    }

    sealed record SettingRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Urn { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public string ProviderType { get; init; } = "";
        public bool TermTimeOnly { get; init; }
    }
}
