using Cpd.Platform.Calendars;
using Cpd.Platform.Web;

namespace Cpd.Forums.Meetings;

/// <summary>A meeting of a forum, as the slices that tell people of it know it.</summary>
internal sealed record Meeting {
    public Guid Id { get; init; }
    public Guid SeriesId { get; init; }
    public string SeriesName { get; init; } = "";
    public Guid AuthorityId { get; init; }
    public int? PlacesPerSetting { get; init; }
    /// <summary>How many it takes in all; null for as many as like.</summary>
    public int? Places { get; init; }
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
    public MeetingMode Mode { get; init; }
    public string Venue { get; init; } = "";
    public string JoiningLink { get; init; } = "";
    public string Topics { get; init; } = "";
    public string Term { get; init; } = "";
    public Publication State { get; init; }
    public string CancelReason { get; init; } = "";
    public DateTime? RegisterClosedAt { get; init; }
    public int Version { get; init; }

    internal const string Select = """
        SELECT m.Id, m.SeriesId, s.Name AS SeriesName, s.AuthorityId, s.PlacesPerSetting, m.Places, m.StartsAt, m.EndsAt, m.Mode, m.Venue, m.JoiningLink, m.Topics, m.Term, m.State, m.CancelReason, m.RegisterClosedAt, m.Version
        FROM forums_Meeting m
        JOIN forums_Series s ON s.Id = m.SeriesId

        """;

    /// <summary>Where everyone may know it to be: the joining link is for members.</summary>
    internal string Where => Venue.Length > 0 ? Venue : ForumsWording.Of(Mode);

    /// <summary>For ever the same, and the same for everyone who is invited, whatever becomes of it.</summary>
    internal string Uid => $"{Id:N}@cpd";

    /// <param name="join">Where its reader joins, in place of the link itself.</param>
    /// <param name="ends">It does not take place, or not for this person.</param>
    internal CalendarEntry Entry(Revision revision, Site site, bool ends = false, string? join = null) => new(Uid, StartsAt, EndsAt,
        // Outlook shows a cancelled appointment of a subscribed calendar like any other.
        $"{(ends ? "Cancelled: " : "")}{SeriesName}",
        $"{(Topics.Length > 0 ? Topics + "\n" : "")}{(JoiningLink.Length > 0 && !ends ? $"To join: {join ?? JoiningLink}\n" : "")}{site.Absolute(ForumsLinks.Meeting(Id))}",
        Venue.ReplaceLineEndings(", "), site.Absolute(ForumsLinks.Meeting(Id)), revision.Sequence, revision.ChangedAt, ends);
}
