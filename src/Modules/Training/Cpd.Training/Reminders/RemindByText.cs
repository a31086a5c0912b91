using Cpd.Platform.Messages;

namespace Cpd.Training.Reminders;

/// <summary>Whoever has a place and has given a mobile number is reminded by text as well, with the email of the day before. Nobody is reminded on another's phone.</summary>
internal sealed class RemindByText(PlaceReminder reminder) : IReminder {
    internal const string Name = "training.session-tomorrow-text";

    internal static readonly LetterKind AsLetter = new(Name, "A session tomorrow, by text message", "To whoever has a place and has given a mobile number, together with the email of the day before.",
        s => PlaceReminder.Text(s.Recipient, s.Name, "Tomorrow", s.Now, "Talking with two year olds", "Town Hall, New Road", "K7PQ-3FMB", s.Absolute(TrainingLinks.Bookings))) { IsText = true };

    public string Kind => Name;

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due, RemindTheDayBefore.Days, isLast: true, ct, byText: true);
}
