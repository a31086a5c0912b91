using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Evaluations;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>Some months after a session whoever attended is asked, on a working day, what has changed in their practice. Who has said so already is not.</summary>
internal sealed class AskForImpact(Db db, IMediator mediator, Site site, ImpactToken tokens, TimeProvider clock) : IReminder {
    internal const string Name = "training.impact";
    /// <summary>After so many days it would be odd to ask.</summary>
    internal const int GoodDays = 30;

    internal static readonly LetterKind AsLetter = new(Name, "What has changed?", "To whoever attended a session, some months later.",
        s => Words(s.Recipient, s.Name, "Talking with two year olds", s.Now.AddMonths(-3), s.Absolute(TrainingLinks.Impact(BookingLetters.Example)))) { MayRefuse = true };

    static readonly TimeSpan LinkLasts = TimeSpan.FromDays(90);

    const string Select = """
        SELECT e.BookingId, e.PersonId, s.AuthorityId, s.StartsAt, c.Title
        FROM training_Evaluation e
        JOIN training_Session s ON s.Id = e.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE e.BookingId IN @Ids AND e.WithdrawnAt IS NULL AND e.ImpactAnsweredAt IS NULL
        """;

    public string Kind => Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var attended = (await db.List<Row>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId)) }, ct)).ToDictionary(r => r.BookingId);
        var people = (await mediator.Send(new FindPeople([.. due.Select(d => d.RecipientId).Distinct()]), ct)).ToDictionary(p => p.Id);
        var now = clock.GetUtcNow().UtcDateTime;
        var calendar = await ReminderDays.Read(mediator, attended.Values.Select(r => r.AuthorityId), London.Day(now), London.Day(now).AddDays(30), ct);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!attended.TryGetValue(message.CauseId, out var row) || row.PersonId != message.RecipientId) return new Unsaid("They have said so already, or did not attend");
            if (calendar.Of(row.AuthorityId).Next(now, null) is var at && at > now) return SaidLater.Or(at, message.GoodUntil);
            if (people.GetValueOrDefault(row.PersonId) is not { Email: { } email } person) return new Unsaid("There is no email address");
            return Words(email, person.Name, row.Title, row.StartsAt, site.Absolute(TrainingLinks.Impact(tokens.For(row.BookingId, now + LinkLasts))));
        }
    }

    static Letter Words(string recipient, string name, string title, DateTime startsAt, string address) => new(recipient, name, $"What has changed? {title}", [
        new Say($"You were at {title} on {Show.DayAndDate(startsAt)}. What has changed in your practice since?"),
        new Do("Say what has changed", address),
        new Say("What you write is kept in your CPD record, as a reflection that only you see."),
    ]);

    sealed record Row {
        public Guid BookingId { get; init; }
        public Guid PersonId { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public string Title { get; init; } = "";
    }
}
