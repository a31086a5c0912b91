using Cpd.People.Contracts;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Placements.Reminders;

/// <summary>
/// Plans what students and supervisors are reminded of, as rounds about the student or the supervisor and not about a slot: whoever has six slots on a day hears of the day once,
/// and what it holds is asked when it is sent. So a slot that moves only adds its new day. Written in the transaction of the change.
/// </summary>
internal sealed class HourReminders(IMediator mediator, Mailbox mailbox, TimeProvider clock) {
    static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    internal sealed record Slot(Guid StudentId, Guid SupervisorId, Guid AuthorityId, DateTime StartsAt);

    internal async Task PlanSlots(IReadOnlyList<Slot> slots, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var ahead = slots.Where(s => s.StartsAt > now).ToList();
        if (ahead.Count == 0) return;
        var hours = await Hours(mediator, ahead.Select(s => s.AuthorityId), London.Day(ahead.Min(s => s.StartsAt)).AddDays(-30), London.Day(ahead.Max(s => s.StartsAt)).AddDays(45), ct);
        var planned = ahead.SelectMany(s => new[] { (Cause: s.StudentId, Slot: s), (Cause: s.SupervisorId, Slot: s) })
            .GroupBy(s => (s.Cause, s.Slot.AuthorityId, At: hours[s.Slot.AuthorityId].Before(s.Slot.StartsAt, 1)))
            .Select(g => Round(PlacementLetters.TomorrowKind.Name, g.Key.Cause, g.Key.AuthorityId, g.Key.At, g.Max(s => s.Slot.StartsAt)))
            .Concat(ahead.GroupBy(s => (s.StudentId, s.AuthorityId, At: hours[s.AuthorityId].After(London.StartOf(NextMonday(s.StartsAt)), 0)))
                .Select(g => Round(PlacementLetters.ToLogKind.Name, g.Key.StudentId, g.Key.AuthorityId, g.Key.At, g.Key.At.AddDays(14))));
        await mailbox.Plan(planned.Where(p => p.At > now), ct);
    }

    /// <summary>Hours were logged: if they still wait in two days, the supervisor is reminded, once for all that were logged that day.</summary>
    internal async Task PlanToSign(Guid supervisorId, Guid authorityId, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var at = (await Hours(mediator, [authorityId], London.Day(now), London.Day(now).AddDays(30), ct))[authorityId].After(now, 2);
        await mailbox.Plan([Round(PlacementLetters.ToSignKind.Name, supervisorId, authorityId, at, at.AddDays(14))], ct);
    }

    /// <summary>Hours were returned: the student is reminded on the next working day, if they have not mended them by then.</summary>
    internal async Task PlanToLog(Guid studentId, Guid authorityId, DateTime now, CancellationToken ct) {
        var at = (await Hours(mediator, [authorityId], London.Day(now), London.Day(now).AddDays(30), ct))[authorityId].After(now, 1);
        await mailbox.Plan([Round(PlacementLetters.ToLogKind.Name, studentId, authorityId, at, at.AddDays(14))], ct);
    }

    /// <summary>When people of these authorities may be reminded.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, ReminderHours>> Hours(IMediator mediator, IEnumerable<Guid> authorities, DateOnly from, DateOnly to, CancellationToken ct) =>
        (await mediator.Send(new ListDaysOff([.. authorities.Distinct()], from, to), ct)).ToDictionary(d => d.AuthorityId, d => new ReminderHours(d.Closed.ToHashSet()));

    static Planned Round(string kind, Guid cause, Guid authorityId, DateTime at, DateTime goodUntil) => new(kind, cause, cause, Planned.Everyone, at) { AuthorityId = authorityId, GoodUntil = goodUntil, Ahead = Ahead };

    static DateOnly NextMonday(DateTime utc) {
        var day = London.Day(utc);
        return day.AddDays(8 - Words.Weekday(day));
    }
}
