using Cpd.Platform.Messages;

namespace Cpd.Training.Reminders;

/// <summary>Whoever has a place is reminded seven days before the first date of a session, while there is time to plan, or to give the place to another.</summary>
internal sealed class RemindAWeekBefore(PlaceReminder reminder) : IReminder {
    internal const string Name = "training.session-in-a-week";
    internal const int Days = 7;

    public string Kind => Name;

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, Days, isLast: false, """
        You have a place at this session. If you can't come, cancel now: there is time for somebody else to take it.
        """, ct);
}
