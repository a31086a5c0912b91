using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Placements.Reminders;

/// <summary>Supervisors are reminded of hours that wait for them.</summary>
internal sealed class RemindToSign(PlacementReminder reminder, Site site) : IReminder {
    public string Kind => PlacementLetters.ToSignKind.Name;

    public Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) => reminder.Say(due,
        (message, slot, _) => slot.SupervisorId == message.CauseId && slot.Hours == HoursState.Logged,
        (person, _, lines) => PlacementLetters.ToSign(person.Email!, person.Name, lines.Count, site.Absolute(PlacementsLinks.ToSign)), ct);
}
