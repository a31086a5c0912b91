using Cpd.Platform.Messages;
using Cpd.Training.Bookings;

namespace Cpd.Training.Reminders;

/// <summary>Whoever has a place is reminded seven days before the first date of a session, while there is time to plan, or to give the place to another.</summary>
internal sealed class RemindAWeekBefore(PlaceReminder reminder) : IReminder {
    internal const string Name = "training.session-in-a-week";
    internal const int Days = 7;

    public string Kind => Name;

    internal static readonly LetterKind AsLetter = BookingLetters.Of(Name, "A session in a week", "To whoever has a place, seven days before the first date.", _ => PlaceReminder.Words("In a week", isLast: false));

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, Days, isLast: false, ct);
}
