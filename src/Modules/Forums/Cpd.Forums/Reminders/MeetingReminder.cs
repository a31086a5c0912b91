using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>
/// What the reminders of a meeting have in common: a round becomes a message for each who is invited, has not sent apologies and does not wait for a place, and a message asks again, at the moment
/// it is sent, whether that is still so.
/// </summary>
internal sealed class MeetingReminder(Db db, IMediator mediator, MeetingMails mails, Site site, TimeProvider clock) {
    const int DaysAhead = 30;
    const string SelectMeetings = Meeting.Select + "WHERE m.Id IN @Ids AND m.State = 'Published' AND m.StartsAt > @Now";
    const string SelectInvited = """
        SELECT m.Id AS MeetingId, b.PersonId, p.Reply
        FROM forums_Meeting m
        JOIN forums_Member b ON b.SeriesId = m.SeriesId AND b.Until IS NULL
        LEFT JOIN forums_Participant p ON p.MeetingId = m.Id AND p.PersonId = b.PersonId
        WHERE m.Id IN @Ids AND (p.Reply IS NULL OR p.Reply = 'Coming')
        UNION
        SELECT p.MeetingId, p.PersonId, p.Reply
        FROM forums_Participant p
        WHERE p.MeetingId IN @Ids AND p.Reply = 'Coming'
        """;

    /// <param name="isLast">No other follows: rather at an odd hour than not at all.</param>
    internal async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, bool isLast, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var key = new { Ids = db.Ids(due.Select(d => d.CauseId)), Now = now };
        var meetings = (await db.List<Meeting>(SelectMeetings, key, ct)).ToDictionary(m => m.Id);
        var invited = (await db.List<Row>(SelectInvited, key, ct)).ToLookup(r => r.MeetingId);
        var replies = invited.SelectMany(g => g).DistinctBy(r => (r.MeetingId, r.PersonId)).ToDictionary(r => (r.MeetingId, r.PersonId), r => r.Reply);
        var people = (await mediator.Send(new FindPeople([.. due.Select(d => d.RecipientId).Where(id => id != Planned.Everyone).Distinct()]), ct)).ToDictionary(p => p.Id);
        var today = London.Day(now);
        var hours = (await mediator.Send(new ListDaysOff([.. meetings.Values.Select(m => m.AuthorityId).Distinct()], today, today.AddDays(DaysAhead)), ct)).ToDictionary(d => d.AuthorityId, d => new ReminderHours(d.Closed.ToHashSet()));
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!meetings.TryGetValue(message.CauseId, out var meeting)) return new Unsaid("The meeting has begun or is called off");
            if (message.RecipientId == Planned.Everyone)
                return new SaidToEach([.. invited[meeting.Id].DistinctBy(r => r.PersonId).Select(r => new Planned(message.Kind, meeting.Id, message.AboutId, r.PersonId, message.PlannedFor) { AuthorityId = message.AuthorityId, GoodUntil = message.GoodUntil })]);
            if (!replies.TryGetValue((meeting.Id, message.RecipientId), out var reply)) return new Unsaid("They are not invited any more, have sent apologies, or wait for a place");
            var at = hours[meeting.AuthorityId].Next(now, isLast ? message.GoodUntil : null);
            if (at > now) return SaidLater.Or(at, message.GoodUntil);
            return people.GetValueOrDefault(message.RecipientId) is { Email: { } email } person
                ? MeetingLetters.Soon(new(email, person.Name, site.Absolute(ForumsLinks.Mine)), new(meeting, mails.ReplyTo(meeting, person.Id)), When(meeting.StartsAt, now), reply == Reply.Coming)
                : new Unsaid("There is no email address");
        }
    }

    /// <summary>"Tomorrow", as seen from now in London.</summary>
    static string When(DateTime starts, DateTime now) => (London.Day(starts).DayNumber - London.Day(now).DayNumber) switch {
        <= 0 => "Today", 1 => "Tomorrow", < 7 => $"On {Show.DayAndDate(starts).Split(' ')[0]}", 7 => "In a week", _ => $"On {Show.Date(starts)}",
    };

    sealed record Row {
        public Guid MeetingId { get; init; }
        public Guid PersonId { get; init; }
        public Reply? Reply { get; init; }
    }
}
