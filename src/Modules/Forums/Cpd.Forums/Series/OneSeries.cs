using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;

namespace Cpd.Forums.Series;

/// <summary>A forum, for whoever may do something about it.</summary>
internal sealed record OneSeries {
    public Guid Id { get; init; }
    public Guid AuthorityId { get; init; }
    public string Name { get; init; } = "";
    public MeetingMode Mode { get; init; }
    public string TermsOfReference { get; init; } = "";
    public DateTime? EndedAt { get; init; }

    const string Columns = "SELECT s.Id, s.AuthorityId, s.Name, s.Mode, s.TermsOfReference, s.EndedAt FROM forums_Series s ";
    const string SelectManaged = Columns + "WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)";
    // Whoever belonged to a forum until it ended still reads what was written there.
    const string SelectJoined = Columns + "WHERE s.Id = @Id AND EXISTS (SELECT 1 FROM forums_Member m WHERE m.SeriesId = s.Id AND m.PersonId = @PersonId AND (m.Until IS NULL OR m.Until = s.EndedAt))";
    // Written first, and so held until the end of the transaction: whoever ends the forum comes wholly before or wholly after.
    const string Hold = "UPDATE forums_Series SET Version = Version WHERE Id = @Id AND EndedAt IS NULL";

    /// <summary>The one rule of a forum that has ended.</summary>
    internal const string HasEnded = "This forum has ended, so nobody can join it and nothing new can be set or written there.";

    /// <summary>One that this officer keeps; null for any other.</summary>
    internal static Task<OneSeries?> Managed(Db db, CurrentUser me, Guid id, CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        return db.One<OneSeries>(SelectManaged, new { Id = id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, ct);
    }

    /// <summary>One whose member this person is, or was until it ended; null for any other.</summary>
    internal static Task<OneSeries?> Joined(Db db, Guid personId, Guid id, CancellationToken ct) => db.One<OneSeries>(SelectJoined, new { Id = id, PersonId = personId }, ct);

    /// <summary>Called by whatever gives life to a forum that there is, before it writes: why it can't. Null while the forum lives, and then it lives until the transaction is over.</summary>
    internal static async Task<Refusal?> Ended(Db db, Guid id, CancellationToken ct) => await db.Execute(Hold, new { Id = id }, ct) == 1 ? null : Outcome.Conflict(HasEnded);

    /// <summary>One that this officer keeps and that lives until the transaction is over.</summary>
    internal static async Task<Outcome<OneSeries>> Living(Db db, CurrentUser me, Guid id, CancellationToken ct) =>
        await Managed(db, me, id, ct) is not { } series ? Outcome.NotFound : await Ended(db, id, ct) is { } ended ? ended : series;
}
