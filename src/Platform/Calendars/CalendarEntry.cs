namespace Cpd.Platform.Calendars;

/// <summary>One appointment, as a module tells it to somebody's calendar. Times are UTC.</summary>
/// <param name="Uid">The same for ever, so that a calendar which is told again changes what it has.</param>
/// <param name="Address">A whole address of the page about it.</param>
/// <param name="Sequence">Rises with each change and never falls.</param>
/// <param name="ChangedAt">When it was last changed.</param>
/// <param name="IsCancelled">It does not take place, or not for this person.</param>
public sealed record CalendarEntry(string Uid, DateTime StartsAt, DateTime EndsAt, string Summary, string Description, string Location, string Address, int Sequence, DateTime ChangedAt, bool IsCancelled = false);

/// <summary>Who invites, or who is invited.</summary>
public sealed record CalendarParty(string Name, string Email);

/// <summary>What a message carries for its reader's calendar.</summary>
/// <param name="Method">REQUEST or CANCEL.</param>
/// <param name="Text">The iCalendar object, with CR LF at the end of each line.</param>
public sealed record CalendarPart(string Method, string Text);

/// <summary>
/// What a module puts into people's calendars. Each module registers its own; the feed asks all of them, so that a module joins without
/// the others' knowing.
/// </summary>
public interface ICalendarSource {
    /// <summary>What this person takes part in that ends at or after a moment, and what was called off for them at or after it; in no promised order.</summary>
    Task<IReadOnlyList<CalendarEntry>> Entries(Guid personId, DateTime from, CancellationToken ct);
}
