using Cpd.Forums.Meetings;
using Cpd.Platform.Messages;

namespace Cpd.Forums.Reminders;

/// <summary>Whoever is invited to a meeting and has not sent apologies is reminded seven days before it, while there is time to plan.</summary>
internal sealed class RemindAWeekBefore(MeetingReminder reminder) : IReminder {
    internal const string Name = "forums.meeting-in-a-week";
    internal const int Days = 7;

    public string Kind => Name;

    internal static readonly LetterKind AsLetter = new(Name, "A meeting in a week", "To whoever is invited and has not sent apologies, seven days before.", s => MeetingLetters.Soon(MeetingLetters.Reader(s), MeetingLetters.Some(s)[0], "In a week", coming: false));

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, isLast: false, ct);
}
