using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Organisations;

/// <summary>Training providers, accreditors and placement hosts, by kind and name; they work across authorities, so officers see them all.</summary>
internal static class ListOrganisations {
    internal sealed record Query(OrganisationKind Kind, Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string? Website { get; init; }
        public string? AddedBy { get; init; }
    }

    internal sealed class Handler(Db db) : IRequestHandler<Query, PageOf<View>> {
        const string Count = "SELECT COUNT(*) FROM people_Organisation WHERE Kind = @Kind";
        const string Select = """
            SELECT o.Id, o.Name, o.Email, o.Website, a.Name AS AddedBy
            FROM people_Organisation o
            LEFT JOIN people_Authority a ON a.Id = o.AuthorityId
            WHERE o.Kind = @Kind
            ORDER BY o.NameKey, o.Id
            """;

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var kind = request.Kind.ToString();
            var total = await db.One<int>(Count, new { Kind = kind }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<View>(db.Page(Select), new { Kind = kind, paging.Skip, paging.Take }, cancellationToken), total, paging);
        }
    }
}
