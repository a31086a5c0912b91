using Cpd.People.Contracts;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>On which days people of these authorities are written to: not at the weekend, and not when their authority is closed.</summary>
internal sealed class ReaderDays {
    static readonly ReminderHours Weekdays = new(new HashSet<DateOnly>());
    const int Span = 60;
    readonly Dictionary<Guid, ReminderHours> hours;

    ReaderDays(Dictionary<Guid, ReminderHours> hours) => this.hours = hours;

    /// <param name="around">Closed days are known for two months before and after this moment (UTC).</param>
    internal static async Task<ReaderDays> Read(IMediator mediator, IEnumerable<Guid> authorities, DateTime around, CancellationToken ct) =>
        new((await mediator.Send(new ListDaysOff([.. authorities.Distinct()], London.Day(around).AddDays(-Span), London.Day(around).AddDays(Span)), ct)).ToDictionary(d => d.AuthorityId, d => new ReminderHours(d.Closed.ToHashSet())));

    internal ReminderHours Of(Guid authorityId) => hours.GetValueOrDefault(authorityId, Weekdays);

    /// <summary>Whoever these messages are for, by id.</summary>
    internal static async Task<Dictionary<Guid, PersonCard>> People(IMediator mediator, IReadOnlyList<DueMessage> due, CancellationToken ct) =>
        due.Select(d => d.RecipientId).Where(id => id != Planned.Everyone).Distinct().ToList() is { Count: > 0 } ids ? (await mediator.Send(new FindPeople(ids), ct)).ToDictionary(p => p.Id) : [];
}
