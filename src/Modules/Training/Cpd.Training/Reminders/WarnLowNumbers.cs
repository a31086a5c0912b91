using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>
/// On the day on which officers decide whether a session takes place, those of its authority are warned, once, if fewer people are booked
/// than it needs. What becomes of it is theirs to decide.
/// </summary>
internal sealed class WarnLowNumbers(Db db, IMediator mediator, Site site, TimeProvider clock) : IReminder {
    internal const string Name = "training.low-numbers";

    internal static readonly LetterKind AsLetter = new(Name, "Too few people", "To the authority's officers on the day on which they decide whether a session takes place.",
        s => Words(s.Recipient, s.Name, "Talking with two year olds", s.Now.AddDays(7), 3, 8, s.Absolute(TrainingLinks.ManagedCourses)));

    const string Select = """
        SELECT s.Id, s.AuthorityId, s.StartsAt, s.LeastPeople, c.Title,
            (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS Booked
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.Id IN @Ids AND s.State = 'Published' AND s.StartsAt > @Now
          AND s.LeastPeople > (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked')
        """;

    public string Kind => Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var low = (await db.List<Row>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId)), Now = now }, ct)).ToDictionary(s => s.Id);
        var officers = (await mediator.Send(new FindHolders(Role.AuthorityOfficer, [.. low.Values.Select(s => s.AuthorityId).Distinct()]), ct)).Where(o => o.Email is not null).ToLookup(o => o.OrganisationId);
        var calendar = await ReminderDays.Read(mediator, low.Values.Select(s => s.AuthorityId), London.Day(now), London.Day(now).AddDays(30), ct);
        return due.ToDictionary(d => d.Id, d => !low.TryGetValue(d.CauseId, out var session) ? new Unsaid("There are enough people, or the session is over")
            : d.RecipientId == Planned.Everyone ? new SaidToEach([.. officers[session.AuthorityId].Select(o => new Planned(Name, session.Id, session.Id, o.PersonId, d.PlannedFor) { AuthorityId = session.AuthorityId, GoodUntil = d.GoodUntil })])
            : Write(d, session));

        Saying Write(DueMessage message, Row session) {
            var at = calendar.Of(session.AuthorityId).Next(now, message.GoodUntil);
            if (at > now) return new SaidLater(at);
            return officers[session.AuthorityId].FirstOrDefault(o => o.PersonId == message.RecipientId) is not { } officer ? new Unsaid("They are no officer of the authority any more") : Words(officer.Email!, officer.Name, session.Title, session.StartsAt, session.Booked, session.LeastPeople, site.Absolute(TrainingLinks.ManagedSession(session.Id)));
        }
    }

    static Letter Words(string recipient, string name, string title, DateTime startsAt, int booked, int least, string address) => new(recipient, name, $"Too few people: {title}", [
        new Say($"{Show.Count(booked, "person is", "people are")} booked at {title} on {Show.DayAndDate(startsAt)} at {Show.Time(startsAt)}, and it needs {least}."),
        new Do("Decide whether it takes place, is cancelled, or is merged with another date", address),
    ]);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public int LeastPeople { get; init; }
        public string Title { get; init; } = "";
        public int Booked { get; init; }
    }
}
