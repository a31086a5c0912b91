using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>
/// What is planned about a session, as rounds: who has a place when the hour has come is reminded then. Called by whatever publishes, changes or
/// cancels a session or closes its register, in its transaction; what is right already is left alone.
/// </summary>
internal sealed class SessionRounds(Db db, IMediator mediator, Mailbox mailbox) {
    /// <summary>A round is taken up an hour before its moment, so that all its messages are there at the moment.</summary>
    internal static readonly TimeSpan Ahead = TimeSpan.FromHours(1);
    static readonly string[] Kinds = [RemindAWeekBefore.Name, RemindTheDayBefore.Name, RemindByText.Name, RemindToCloseRegister.Name, WarnLowNumbers.Name];

    const string Select = "SELECT Id, AuthorityId, State, StartsAt, EndsAt, LeastPeople, DecideAt, RegisterClosedAt FROM training_Session WHERE Id IN @Ids";
    const string SelectDates = "SELECT SessionId, StartsAt FROM training_SessionDate WHERE SessionId IN @Ids ORDER BY SessionId, StartsAt";

    internal Task Plan(Guid sessionId, CancellationToken ct) => Plan([sessionId], ct);

    internal async Task Plan(IReadOnlyList<Guid> sessionIds, CancellationToken ct) {
        var ids = db.Ids(sessionIds);
        var sessions = await db.List<Row>(Select, new { Ids = ids }, ct);
        var dates = (await db.List<DateRow>(SelectDates, new { Ids = ids }, ct)).ToLookup(d => d.SessionId, d => d.StartsAt);
        var live = sessions.Where(s => s.State == Publication.Published).ToList();
        var days = live.Count == 0 ? null : await ReminderDays.Read(mediator, live.Select(s => s.AuthorityId), London.Day(live.Min(s => s.DecideAt < s.StartsAt ? s.DecideAt.Value : s.StartsAt)).AddDays(-30), London.Day(live.Max(s => s.EndsAt)).AddDays(30), ct);
        foreach (var session in sessions)
            await mailbox.Replan(session.Id, Kinds, session.State == Publication.Published ? [.. Rounds(session, [.. dates[session.Id]], days!)] : [], session.State == Publication.Cancelled ? "The session was cancelled" : "The session has another date", ct);
    }

    static IEnumerable<Planned> Rounds(Row session, IReadOnlyList<DateTime> dates, ReminderDays days) {
        var always = days.Of(session.AuthorityId);
        // Of settings that are open in term time only the last day of work before may be an earlier one.
        foreach (var hours in new[] { always, days.Of(session.AuthorityId, termTimeOnly: true) }) {
            // Never two within a day: what the host has slept through, or what falls together because of a holiday, is said once.
            var (week, last) = (hours.Before(dates[0], RemindAWeekBefore.Days), hours.Before(dates[0], RemindTheDayBefore.Days).AddDays(-1));
            if (week < last) yield return Round(RemindAWeekBefore.Name, week, last);
            foreach (var date in dates) yield return Round(RemindTheDayBefore.Name, hours.Before(date, RemindTheDayBefore.Days), date);
        }
        if (session.RegisterClosedAt is null) {
            var (first, second) = (always.After(session.EndsAt, 1), always.After(session.EndsAt, 7));
            yield return Round(RemindToCloseRegister.Name, first, second);
            yield return Round(RemindToCloseRegister.Name, second, second.AddDays(21));
        }
        if (session is { LeastPeople: not null, DecideAt: { } decide }) {
            var at = always.After(decide, 0);
            yield return Round(WarnLowNumbers.Name, at < session.StartsAt ? at : decide, session.StartsAt);
        }

        Planned Round(string kind, DateTime at, DateTime goodUntil) => new(kind, session.Id, session.Id, Planned.Everyone, at) { AuthorityId = session.AuthorityId, GoodUntil = goodUntil, Ahead = Ahead };
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public Publication State { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int? LeastPeople { get; init; }
        public DateTime? DecideAt { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
    }

    sealed record DateRow {
        public Guid SessionId { get; init; }
        public DateTime StartsAt { get; init; }
    }
}
