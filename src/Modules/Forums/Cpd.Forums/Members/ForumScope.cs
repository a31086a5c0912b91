using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.Forums.Members;

/// <summary>
/// Whose members an officer sees and changes: those of the forum's own authority all of them, those of an authority that takes part their own people.
/// </summary>
internal sealed class ForumScope(Db db, CurrentUser me) {
    const string Select = """
        SELECT s.Id, s.Name, s.AuthorityId, s.AgeRanges, s.EndedAt, CASE WHEN @All = 1 OR s.AuthorityId IN @Authorities THEN 1 ELSE 0 END AS IsOwn
        FROM forums_Series s
        WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities OR EXISTS (SELECT 1 FROM forums_SeriesAuthority a WHERE a.SeriesId = s.Id AND a.AuthorityId IN @Authorities))
        """;
    const string SelectTaking = "SELECT AuthorityId FROM forums_SeriesAuthority WHERE SeriesId = @Id";

    internal sealed record Series {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public Cpd.People.Contracts.AgeRanges AgeRanges { get; init; }
        public DateTime? EndedAt { get; init; }
        public bool IsOwn { get; init; }
    }

    /// <param name="Taking">The authorities that take part, the forum's own first.</param>
    /// <param name="Mine">Those of them whose people this officer may add.</param>
    internal sealed record Found(Series Series, IReadOnlyList<Guid> Taking, IReadOnlyList<Guid> Mine);

    /// <summary>Null for a forum that is out of reach.</summary>
    internal async Task<Found?> Of(Guid seriesId, CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        if (await db.One<Series>(Select, new { Id = seriesId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, ct) is not { } series) return null;
        var taking = await Taking(series, ct);
        return new(series, taking, [.. taking.Where(a => reach.All || reach.Authorities.Contains(a))]);
    }

    internal async Task<IReadOnlyList<Guid>> Taking(Series series, CancellationToken ct) => [series.AuthorityId, .. await db.List<Guid>(SelectTaking, new { series.Id }, ct)];
}
