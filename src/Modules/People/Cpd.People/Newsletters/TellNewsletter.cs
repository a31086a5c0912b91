using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>A newsletter that is on its way goes to each of its audience, in the day and on working days only, and not any more once it was stopped.</summary>
internal sealed class TellNewsletter(Db db, IMediator mediator, Audience audience, TimeProvider clock) : IReminder {
    const int DaysAhead = 14;
    const string Select = "SELECT Id, AuthorityId, Subject, Words, State, CreatedAt, SentAt, Version FROM people_Newsletter WHERE Id IN @Ids AND State = 'Sent'";

    public string Kind => Newsletter.Kind.Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var newsletters = (await db.List<Newsletter>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId).Distinct()) }, ct)).ToDictionary(n => n.Id);
        var people = (await mediator.Send(new FindPeople([.. due.Select(d => d.RecipientId).Distinct()]), ct)).ToDictionary(p => p.Id);
        var (now, today) = (clock.GetUtcNow().UtcDateTime, London.Today(clock));
        var hours = (await mediator.Send(new ListDaysOff([.. newsletters.Values.Select(n => n.AuthorityId).Distinct()], today, today.AddDays(DaysAhead)), ct)).ToDictionary(d => d.AuthorityId, d => new ReminderHours(d.Closed.ToHashSet()));
        var members = new Dictionary<Guid, IReadOnlyList<Guid>>();
        foreach (var round in due.Where(d => d.RecipientId == Planned.Everyone && newsletters.ContainsKey(d.CauseId)))
            members[round.CauseId] = await audience.Members(newsletters[round.CauseId], ct);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!newsletters.TryGetValue(message.CauseId, out var newsletter)) return new Unsaid("The newsletter was stopped");
            if (message.RecipientId == Planned.Everyone) return new SaidToEach([.. members[newsletter.Id].Select(id => new Planned(Kind, newsletter.Id, newsletter.Id, id, message.PlannedFor) { AuthorityId = newsletter.AuthorityId, Priority = MessagePriority.Bulk })]);
            if ((hours.TryGetValue(newsletter.AuthorityId, out var known) ? known : new ReminderHours(new HashSet<DateOnly>())).Next(now, null) is var at && at > now) return new SaidLater(at);
            return people.GetValueOrDefault(message.RecipientId) is { Email: { } email } person ? newsletter.To(email, person.Name) : new Unsaid("There is no email address");
        }
    }
}
