using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Forums.Themes;

/// <summary>The themes of an authority, by name, ended ones last. Whoever asks has seen to it that the reader may know them.</summary>
internal static class ListThemes {
    internal sealed record Query(Guid AuthorityId) : IRequest<IReadOnlyList<Theme>>;

    internal sealed record Theme {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public DateTime? EndedAt { get; init; }
        /// <summary>How many items of meetings have cited it.</summary>
        public int Cited { get; init; }
    }

    internal sealed class Handler(Db db) : IRequestHandler<Query, IReadOnlyList<Theme>> {
        const string Select = """
            SELECT t.Id, t.Name, t.EndedAt, (SELECT COUNT(*) FROM forums_AgendaItem i WHERE i.ThemeId = t.Id AND i.State = 'Accepted') AS Cited
            FROM forums_Theme t
            WHERE t.AuthorityId = @AuthorityId
            ORDER BY CASE WHEN t.EndedAt IS NULL THEN 0 ELSE 1 END, t.NameKey
            """;

        public Task<IReadOnlyList<Theme>> Handle(Query request, CancellationToken cancellationToken) => db.List<Theme>(Select, request, cancellationToken);
    }
}
