using Cpd.Platform.Messages;
using Cpd.Training.Bookings;

namespace Cpd.Training.Reminders;

/// <summary>Whoever has a place is reminded on the last day of work before each date of a session.</summary>
internal sealed class RemindTheDayBefore(PlaceReminder reminder) : IReminder {
    internal const string Name = "training.session-tomorrow";
    internal const int Days = 1;

    public string Kind => Name;

    internal static readonly LetterKind AsLetter = BookingLetters.Of(Name, "A session tomorrow", "To whoever has a place, on the last working day before each date.", _ => PlaceReminder.Words("Tomorrow", isLast: true));

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, Days, isLast: true, ct);
}
