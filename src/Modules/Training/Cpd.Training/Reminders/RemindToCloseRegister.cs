using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>
/// While a register is open nobody has their hours. On the first working day after the session its trainer is reminded, or the officers when there is
/// no trainer who can be written to; a week after it, both.
/// </summary>
internal sealed class RemindToCloseRegister(Db db, IMediator mediator, Site site, TimeProvider clock) : IReminder {
    internal const string Name = "training.register-open";

    internal static readonly LetterKind AsLetter = new(Name, "Register still open", "To the trainer, or to officers when there is none who can be written to, on the first working day after a session and a week after it.",
        s => Words(s.Recipient, s.Name, "Talking with two year olds", s.Now.AddDays(-1), 14, s.Absolute(TrainingLinks.Registers)));

    const string Select = """
        SELECT s.Id, s.AuthorityId, s.EndsAt, s.TrainerPersonId, c.Title, COUNT(*) AS People
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        JOIN training_Booking b ON b.SessionId = s.Id AND b.State = 'Booked'
        WHERE s.Id IN @Ids AND s.State = 'Published' AND s.RegisterClosedAt IS NULL
        GROUP BY s.Id, s.AuthorityId, s.EndsAt, s.TrainerPersonId, c.Title
        """;

    public string Kind => Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var open = (await db.List<Row>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId)) }, ct)).ToDictionary(s => s.Id);
        var now = clock.GetUtcNow().UtcDateTime;
        var officers = (await mediator.Send(new FindHolders(Role.AuthorityOfficer, [.. open.Values.Select(s => s.AuthorityId).Distinct()]), ct)).Where(h => h.Email is not null).ToLookup(h => h.OrganisationId, h => h.PersonId);
        var people = (await mediator.Send(new FindPeople([.. open.Values.Select(s => s.TrainerPersonId).OfType<Guid>().Concat(due.Select(d => d.RecipientId)).Distinct()]), ct)).Where(p => p.Email is not null).ToDictionary(p => p.Id);
        var calendar = await ReminderDays.Read(mediator, open.Values.Select(s => s.AuthorityId), London.Day(now), London.Day(now).AddDays(30), ct);
        return due.ToDictionary(d => d.Id, d => !open.TryGetValue(d.CauseId, out var session) ? new Unsaid("The register is closed") : d.RecipientId == Planned.Everyone ? Spread(d, session) : Write(d, session));

        Saying Spread(DueMessage round, Row session) {
            var trainer = session.TrainerPersonId is { } id && people.ContainsKey(id) ? id : (Guid?)null;
            var first = round.PlannedFor < session.EndsAt.AddDays(5);
            IEnumerable<Guid> told = [.. trainer is { } known ? [known] : (Guid[])[], .. first && trainer is not null ? [] : officers[session.AuthorityId]];
            return new SaidToEach([.. told.Distinct().Select(to => new Planned(Name, session.Id, session.Id, to, round.PlannedFor) { AuthorityId = session.AuthorityId, GoodUntil = round.GoodUntil })]);
        }

        Saying Write(DueMessage message, Row session) {
            var at = calendar.Of(session.AuthorityId).Next(now, null);
            if (at > now) return SaidLater.Or(at, message.GoodUntil);
            return !people.TryGetValue(message.RecipientId, out var to) ? new Unsaid("There is no email address") : Words(to.Email!, to.Name, session.Title, session.EndsAt, session.People, site.Absolute(TrainingLinks.Register(session.Id)));
        }
    }

    static Letter Words(string recipient, string name, string title, DateTime endsAt, int people, string address) => new(recipient, name, $"Register still open: {title}", [
        new Say($"{title} ended on {Show.DateAndTime(endsAt)}, and its register is still open. Until it is closed, {Show.Count(people, "person does", "people do")} not have their hours or certificate."),
        new Do("Record who attended and close the register", address),
    ]);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime EndsAt { get; init; }
        public Guid? TrainerPersonId { get; init; }
        public string Title { get; init; } = "";
        public int People { get; init; }
    }
}
