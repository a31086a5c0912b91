using Cpd.Forums.Meetings;
using Cpd.Platform.Messages;

namespace Cpd.Forums.Reminders;

/// <summary>Whoever is invited to a meeting and has not sent apologies is reminded on the last day of work before it.</summary>
internal sealed class RemindTheDayBefore(MeetingReminder reminder) : IReminder {
    internal const string Name = "forums.meeting-tomorrow";
    internal const int Days = 1;

    public string Kind => Name;

    internal static readonly LetterKind AsLetter = new(Name, "A meeting tomorrow", "To whoever is invited and has not sent apologies, on the last working day before.", s => MeetingLetters.Soon(MeetingLetters.Reader(s), MeetingLetters.Some(s)[0], "Tomorrow", coming: true));

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, isLast: true, ct);
}
