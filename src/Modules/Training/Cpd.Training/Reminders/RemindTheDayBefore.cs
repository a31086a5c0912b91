using Cpd.Platform.Messages;

namespace Cpd.Training.Reminders;

/// <summary>Whoever has a place is reminded on the last day of work before each date of a session.</summary>
internal sealed class RemindTheDayBefore(PlaceReminder reminder) : IReminder {
    internal const string Name = "training.session-tomorrow";
    internal const int Days = 1;

    public string Kind => Name;

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, Days, isLast: true, """
        You have a place at this session. If you can't come after all, please cancel, so that the trainer knows.
        """, ct);
}
