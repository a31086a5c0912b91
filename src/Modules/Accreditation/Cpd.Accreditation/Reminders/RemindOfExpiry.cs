using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Reminders;

/// <summary>
/// Whose certificate runs out is reminded 90, 30 and 7 days before, with the next sessions of the course. Planned when it is issued; withdrawn when
/// it is revoked; left unsaid once a later certificate of the course stands.
/// </summary>
internal sealed class RemindOfExpiry(Db db, IMediator mediator, Site site, TimeProvider clock) : IReminder {
    internal const string Name = "accreditation.certificate-expires";
    static readonly int[] DaysBefore = [90, 30, 7];
    // Days off so far ahead are not known yet: they are heeded when the moment has come.
    static readonly ReminderHours Weekdays = new(new HashSet<DateOnly>());

    internal static readonly LetterKind AsLetter = new(Name, "Your certificate runs out", "To whoever holds a certificate that ends, 90, 30 and 7 days before.", s => Words(s.Recipient, s.Name, "Paediatric first aid", "K7PQ-3FMB-9XTR", London.Day(s.Now).AddDays(30),
        [(London.ToUtc(London.Day(s.Now).AddDays(9), new(10, 0)), "Town Hall"), (London.ToUtc(London.Day(s.Now).AddDays(16), new(13, 30)), "Library")], s.Absolute(AccreditationLinks.Catalogue), s.Absolute(AccreditationLinks.Check)));

    const string Select = """
        SELECT c.Id, c.PersonId, c.CourseId, c.CourseTitle, c.Number, c.AuthorityId, c.ValidUntil
        FROM accreditation_Certificate c
        WHERE c.Id IN @Ids AND c.RevokedAt IS NULL AND c.ValidUntil >= @Today
          AND NOT EXISTS (SELECT 1 FROM accreditation_Certificate later
            WHERE later.PersonId = c.PersonId AND later.CourseId = c.CourseId AND later.RevokedAt IS NULL AND (later.ValidUntil IS NULL OR later.ValidUntil > c.ValidUntil))
        """;

    public string Kind => Name;

    /// <param name="validUntil">The last day on which it is valid.</param>
    internal static IEnumerable<Planned> Plan(Guid certificateId, Guid personId, Guid authorityId, DateOnly validUntil, DateTime now) {
        var ends = London.StartOf(validUntil.AddDays(1));
        var moments = DaysBefore.Select(days => Weekdays.Before(ends, days)).ToList();
        return moments.Select((at, i) => new Planned(Name, certificateId, certificateId, personId, at) { AuthorityId = authorityId, GoodUntil = i + 1 < moments.Count ? moments[i + 1] : ends })
            .Where(p => p.GoodUntil > now);
    }

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var today = London.Day(now);
        var ending = (await db.List<Row>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId)), Today = today }, ct)).ToDictionary(c => c.Id);
        var people = (await mediator.Send(new FindPeople([.. ending.Values.Select(c => c.PersonId).Distinct()]), ct)).ToDictionary(p => p.Id);
        var closed = (await mediator.Send(new ListDaysOff([.. ending.Values.Select(c => c.AuthorityId).Distinct()], today, today.AddDays(30)), ct)).ToDictionary(d => d.AuthorityId, d => new ReminderHours(d.Closed.ToHashSet()));
        var sessions = (await mediator.Send(new FindBookableSessions([.. ending.Values.Select(c => c.CourseId).Distinct()]), ct)).ToLookup(s => s.CourseId);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!ending.TryGetValue(message.CauseId, out var certificate)) return new Unsaid("It was revoked or renewed, or has run out");
            if (people.GetValueOrDefault(certificate.PersonId) is not { Email: { } email } person) return new Unsaid("There is no email address");
            var at = closed.GetValueOrDefault(certificate.AuthorityId, Weekdays).Next(now, null);
            if (at > now) return SaidLater.Or(at, message.GoodUntil);
            // Those of the authority that held it come first: they are the nearest.
            var next = sessions[certificate.CourseId].OrderBy(s => s.AuthorityId == certificate.AuthorityId ? 0 : 1).ThenBy(s => s.StartsAt).Take(3).ToList();
            return Words(email, person.Name, certificate.CourseTitle, certificate.Number, certificate.ValidUntil, [.. next.Select(s => (s.StartsAt, s.VenueName))], site.Absolute(next.Count == 0 ? AccreditationLinks.Catalogue : AccreditationLinks.Course(certificate.CourseId)), site.Absolute(AccreditationLinks.Certificate(certificate.Number)));
        }
    }

    /// <param name="next">The next dates with free places.</param>
    static Letter Words(string recipient, string name, string title, string number, DateOnly validUntil, IReadOnlyList<(DateTime StartsAt, string VenueName)> next, string book, string certificate) =>
        new(recipient, name, $"Your certificate runs out on {Show.Date(validUntil)}: {title}", [
            new Say($"Your certificate for {title} ({number}) is valid until {Show.Date(validUntil)}. To stay up to date, take the course again before then."),
            next.Count == 0 ? new Say("It has no dates with free places at the moment.")
                : new Fact("The next dates with free places", string.Join('\n', next.Select(s => $"{Show.DayAndDate(s.StartsAt)} at {Show.Time(s.StartsAt)}{(s.VenueName.Length > 0 ? ", " + s.VenueName : "")}"))),
            new Do(next.Count == 0 ? "Find a course" : "Book a place", book),
            new See("See the certificate", certificate),
        ]);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid CourseId { get; init; }
        public string CourseTitle { get; init; } = "";
        public string Number { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public DateOnly ValidUntil { get; init; }
    }
}
