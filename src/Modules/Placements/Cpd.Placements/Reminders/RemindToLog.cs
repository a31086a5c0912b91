using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Placements.Reminders;

/// <summary>Students are reminded of hours that they have not logged, or that were returned to them.</summary>
internal sealed class RemindToLog(PlacementReminder reminder, Site site, TimeProvider clock) : IReminder {
    public string Kind => PlacementLetters.ToLogKind.Name;

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due,
        (message, slot, _) => slot.StudentId == message.CauseId && slot.EndsAt <= clock.GetUtcNow().UtcDateTime && slot.Hours is (HoursState.None or HoursState.Returned),
        (person, _, lines) => PlacementLetters.ToLog(person.Email!, person.Name, lines, site.Absolute(PlacementsLinks.MyPlacement)), ct);
}
