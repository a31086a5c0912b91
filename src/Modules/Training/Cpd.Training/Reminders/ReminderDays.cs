using Cpd.People.Contracts;
using Cpd.Platform.Messages;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>When people of these authorities may be reminded: all of them, and those whose setting is open in term time only.</summary>
internal sealed class ReminderDays {
    static readonly ReminderHours Weekdays = new(new HashSet<DateOnly>());
    readonly Dictionary<Guid, (ReminderHours Always, ReminderHours InTerm)> hours;

    ReminderDays(Dictionary<Guid, (ReminderHours, ReminderHours)> hours) => this.hours = hours;

    internal static async Task<ReminderDays> Read(IMediator mediator, IEnumerable<Guid> authorities, DateOnly from, DateOnly to, CancellationToken ct) =>
        new((await mediator.Send(new ListDaysOff([.. authorities.Distinct()], from, to), ct)).ToDictionary(d => d.AuthorityId, d => (new ReminderHours(d.Closed.ToHashSet()), new ReminderHours(d.Closed.Union(d.OutOfTerm).ToHashSet()))));

    internal ReminderHours Of(Guid authorityId, bool termTimeOnly = false) =>
        !hours.TryGetValue(authorityId, out var found) ? Weekdays : termTimeOnly ? found.InTerm : found.Always;
}
