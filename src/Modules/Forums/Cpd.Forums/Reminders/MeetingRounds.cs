using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>
/// What is planned about a meeting, as rounds: whoever is invited when the hour has come is reminded then. Called by whatever publishes, moves or cancels a meeting, in
/// its transaction; what is right already is left alone.
/// </summary>
internal sealed class MeetingRounds(Db db, IMediator mediator, Mailbox mailbox) {
    static readonly TimeSpan Ahead = TimeSpan.FromHours(1);
    static readonly string[] Kinds = [RemindAWeekBefore.Name, RemindTheDayBefore.Name];

    const string Select = Meeting.Select + "WHERE m.Id IN @Ids";

    internal async Task Plan(IReadOnlyList<Guid> meetingIds, CancellationToken ct) {
        var meetings = await db.List<Meeting>(Select, new { Ids = db.Ids(meetingIds) }, ct);
        var live = meetings.Where(m => m.State == Publication.Published).ToList();
        var hours = live.Count == 0 ? [] : (await mediator.Send(new ListDaysOff([.. live.Select(m => m.AuthorityId).Distinct()], London.Day(live.Min(m => m.StartsAt)).AddDays(-30), London.Day(live.Max(m => m.StartsAt))), ct))
            .ToDictionary(d => d.AuthorityId, d => new ReminderHours(d.Closed.ToHashSet()));
        foreach (var meeting in meetings)
            await mailbox.Replan(meeting.Id, Kinds, meeting.State == Publication.Published ? [.. Rounds(meeting, hours[meeting.AuthorityId])] : [], meeting.State == Publication.Cancelled ? "The meeting was cancelled" : "The meeting has another date", ct);
    }

    static IEnumerable<Planned> Rounds(Meeting meeting, ReminderHours hours) {
        var (week, last) = (hours.Before(meeting.StartsAt, RemindAWeekBefore.Days), hours.Before(meeting.StartsAt, RemindTheDayBefore.Days));
        // Never two within a day: what falls together because of a holiday is said once.
        if (week < last.AddDays(-1)) yield return Round(RemindAWeekBefore.Name, week, last.AddDays(-1));
        yield return Round(RemindTheDayBefore.Name, last, meeting.StartsAt);

        Planned Round(string kind, DateTime at, DateTime goodUntil) => new(kind, meeting.Id, meeting.Id, Planned.Everyone, at) { AuthorityId = meeting.AuthorityId, GoodUntil = goodUntil, Ahead = Ahead };
    }
}
