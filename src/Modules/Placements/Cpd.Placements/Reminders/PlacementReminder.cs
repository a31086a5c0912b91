using Cpd.People.Contracts;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Placements.Reminders;

/// <summary>What the reminders of placements have in common: a round about a student or supervisor becomes a message to that person, who is told of the slots that it concerns at that moment.</summary>
internal sealed class PlacementReminder(Db db, IMediator mediator, TimeProvider clock) {
    const string Select = ToldSlot.Select + """
        WHERE (t.StudentId IN @Ids OR t.SupervisorId IN @Ids) AND s.State = 'Active' AND t.State IN ('Published', 'Attended') AND t.Hours <> 'Signed' AND t.StartsAt >= @From AND t.StartsAt <= @To
        ORDER BY t.StartsAt, t.Id
        """;

    /// <param name="concerns">Which slots a message is about; of none, it is not sent.</param>
    /// <param name="write">The letter to the student (true) or the supervisor.</param>
    internal async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, Func<DueMessage, ToldSlot, ReminderHours, bool> concerns, Func<PersonCard, bool, IReadOnlyList<PlacementLetters.Line>, Letter> write, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var slots = await db.List<ToldSlot>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId)), From = now.AddDays(-120), To = now.AddDays(45) }, ct);
        var people = (await mediator.Send(new FindPeople([.. due.Select(d => d.RecipientId).Where(id => id != Planned.Everyone).Distinct()]), ct)).ToDictionary(p => p.Id);
        var hours = await HourReminders.Hours(mediator, due.Select(d => d.AuthorityId!.Value), London.Day(now).AddDays(-150), London.Day(now).AddDays(90), ct);
        var former = await mediator.Former(slots.Select(s => s.SupervisorHostId), ct);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            var calendar = hours[message.AuthorityId!.Value];
            var own = slots.Where(s => (s.StudentId == message.CauseId || s.SupervisorId == message.CauseId) && concerns(message, s, calendar)).ToList();
            if (own.Count == 0) return new Unsaid("There is nothing to say any more");
            var isStudent = own[0].StudentId == message.CauseId;
            if (!isStudent && former.ContainsKey((own[0].SupervisorHostId, own[0].SupervisorPersonId))) return new Unsaid("They act for the host no more");
            if (message.RecipientId == Planned.Everyone)
                return (isStudent ? own[0].StudentPersonId : own[0].SupervisorPersonId) is { } to
                    ? new SaidToEach([new Planned(message.Kind, message.CauseId, message.AboutId, to, message.PlannedFor) { AuthorityId = message.AuthorityId, GoodUntil = message.GoodUntil }]) : new Unsaid("The student has no account yet");
            var at = calendar.Next(now, message.GoodUntil);
            if (at > now) return SaidLater.Or(at, message.GoodUntil);
            return people.GetValueOrDefault(message.RecipientId) is not { Email: not null } person ? new Unsaid("There is no email address")
                : write(person, isStudent, [.. own.Select(s => s.Line(isStudent))]);
        }
    }
}
