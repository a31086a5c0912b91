using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Placements.Reminders;

/// <summary>Students and supervisors are reminded of a day with slots on the last working day before it, once for all of its slots.</summary>
internal sealed class RemindOfTomorrow(PlacementReminder reminder, Site site, TimeProvider clock) : IReminder {
    public string Kind => PlacementLetters.TomorrowKind.Name;

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due,
        (message, slot, hours) => slot.State == SlotState.Published && slot.StartsAt > clock.GetUtcNow().UtcDateTime && hours.Before(slot.StartsAt, 1) == message.PlannedFor,
        (person, isStudent, lines) => PlacementLetters.Tomorrow(person.Email!, person.Name, lines, site.Absolute(isStudent ? PlacementsLinks.MyPlacement : PlacementsLinks.ToSign)), ct);
}
