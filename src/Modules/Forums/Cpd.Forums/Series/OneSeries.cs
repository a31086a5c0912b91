using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.Forums.Series;

/// <summary>A forum, for whoever may do something about it.</summary>
internal sealed record OneSeries {
    public Guid Id { get; init; }
    public Guid AuthorityId { get; init; }
    public string Name { get; init; } = "";
    public string TermsOfReference { get; init; } = "";

    const string Columns = "SELECT s.Id, s.AuthorityId, s.Name, s.TermsOfReference FROM forums_Series s ";
    const string SelectManaged = Columns + "WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)";
    const string SelectJoined = Columns + "WHERE s.Id = @Id AND EXISTS (SELECT 1 FROM forums_Member m WHERE m.SeriesId = s.Id AND m.PersonId = @PersonId AND m.Until IS NULL)";

    /// <summary>One that this officer keeps; null for any other.</summary>
    internal static Task<OneSeries?> Managed(Db db, CurrentUser me, Guid id, CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        return db.One<OneSeries>(SelectManaged, new { Id = id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, ct);
    }

    /// <summary>One whose member this person is; null for any other.</summary>
    internal static Task<OneSeries?> Joined(Db db, Guid personId, Guid id, CancellationToken ct) => db.One<OneSeries>(SelectJoined, new { Id = id, PersonId = personId }, ct);
}
