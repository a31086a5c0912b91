using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.Forums.Meetings;

/// <summary>A meeting with what its forum says of it, for whoever may do something about it.</summary>
internal sealed record Held : IDate {
    public Guid Id { get; init; }
    public Guid SeriesId { get; init; }
    public string SeriesName { get; init; } = "";
    public Guid AuthorityId { get; init; }
    public AgeRanges AgeRanges { get; init; }
    public bool CountsHours { get; init; }
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
    public MeetingMode Mode { get; init; }
    public string Venue { get; init; } = "";
    public Publication State { get; init; }
    public Guid? ChairId { get; init; }
    public DateTime? PapersReadyAt { get; init; }
    public DateTime? RegisterClosedAt { get; init; }
    /// <summary>Null while the register is open, and where the terms of reference ask for nothing.</summary>
    public bool? QuorumMet { get; init; }

    internal int Minutes => (int)(EndsAt - StartsAt).TotalMinutes;

    const string Columns = """
        SELECT m.Id, m.SeriesId, s.Name AS SeriesName, s.AuthorityId, s.AgeRanges, s.CountsHours, m.StartsAt, m.EndsAt, m.Mode, m.Venue, m.State, m.ChairId, m.PapersReadyAt, m.RegisterClosedAt, m.QuorumMet
        FROM forums_Meeting m
        JOIN forums_Series s ON s.Id = m.SeriesId

        """;
    const string SelectManaged = Columns + "WHERE m.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)";
    const string SelectJoined = Columns + """
        WHERE m.Id = @Id AND m.State <> 'Draft' AND (EXISTS (SELECT 1 FROM forums_Member f WHERE f.SeriesId = m.SeriesId AND f.PersonId = @PersonId AND (f.Until IS NULL OR f.Until = s.EndedAt))
            OR EXISTS (SELECT 1 FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.PersonId = @PersonId AND p.Attendance IN ('Attended', 'Part')))
        """;
    const string SelectAny = Columns + "WHERE m.Id = @Id AND m.State <> 'Draft'";

    /// <summary>One that this officer keeps; null for any other.</summary>
    internal static Task<Held?> Managed(Db db, CurrentUser me, Guid id, CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        return db.One<Held>(SelectManaged, new { Id = id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, ct);
    }

    /// <summary>One of a forum whose member this person is, or was until it ended, or at which they were; null for any other.</summary>
    internal static Task<Held?> Joined(Db db, Guid personId, Guid id, CancellationToken ct) => db.One<Held>(SelectJoined, new { Id = id, PersonId = personId }, ct);

    /// <summary>One that everybody may know of.</summary>
    internal static Task<Held?> Known(Db db, Guid id, CancellationToken ct) => db.One<Held>(SelectAny, new { Id = id }, ct);
}
