using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Reminders;
using MediatR;

namespace Cpd.Training.Evaluations;

/// <summary>
/// Who attended may say what they thought, once, for so many days as the authority has set, and is asked to by email; and some months later what it has changed. Who turns out not to have
/// attended may not. Only a higher revision counts, in whatever order they arrive.
/// </summary>
internal sealed class WhenAttendanceRecorded(Db db, TimeProvider clock, IMediator mediator, Mailbox mailbox, Site site, EvaluationToken tokens) : Reaction<Contracts.AttendanceRecorded>(db, clock) {
    readonly Db db = db;
    readonly TimeProvider clock = clock;

    internal static readonly LetterKind AsLetter = new("evaluation", "What did you think?", "To whoever attended a session, when its register is closed.",
        s => Words(s.Recipient, s.Name, "Talking with two year olds", s.Now.AddDays(-1), London.Day(s.Now).AddDays(14), s.Absolute(TrainingLinks.Evaluation(Bookings.BookingLetters.Example)))) { MayRefuse = true };

    // A booking that passed to another person is theirs to answer for.
    const string Correct = """
        UPDATE training_Evaluation
        SET Answered = CASE WHEN PersonId = @PersonId THEN Answered ELSE 0 END, ClosesAt = CASE WHEN WithdrawnAt IS NULL AND PersonId = @PersonId THEN ClosesAt ELSE @ClosesAt END,
            ImpactAnsweredAt = CASE WHEN PersonId = @PersonId THEN ImpactAnsweredAt ELSE NULL END, ImpactChanged = CASE WHEN PersonId = @PersonId THEN ImpactChanged ELSE NULL END,
            PersonId = @PersonId, Revision = @Revision, WithdrawnAt = @WithdrawnAt, ImpactAt = COALESCE(ImpactAt, @ImpactAt)
        WHERE BookingId = @BookingId AND Revision < @Revision
        """;
    const string Open = """
        INSERT INTO training_Evaluation (BookingId, SessionId, PersonId, Revision, ClosesAt, Answered, WithdrawnAt, ImpactAt)
        SELECT b.Id, b.SessionId, @PersonId, @Revision, @ClosesAt, 0, @WithdrawnAt, @ImpactAt
        FROM training_Booking b
        WHERE b.Id = @BookingId AND NOT EXISTS (SELECT 1 FROM training_Evaluation e WHERE e.BookingId = b.Id)
        """;
    const string SelectRule = "SELECT OpenDays, ImpactMonths FROM training_EvaluationRule WHERE AuthorityId = @AuthorityId";
    const string SelectForm = "SELECT e.Answered, e.ImpactAt, s.CertificateAfterEvaluation AS Waits FROM training_Evaluation e JOIN training_Session s ON s.Id = e.SessionId WHERE e.BookingId = @BookingId";

    protected override async Task React(Contracts.AttendanceRecorded happened, CancellationToken ct) {
        var rule = await db.One<Rule>(SelectRule, new { happened.AuthorityId }, ct) ?? new() { OpenDays = Questions.UsualDays, ImpactMonths = Questions.UsualMonths };
        var last = London.Day(happened.RecordedAt).AddDays(rule.OpenDays);
        var row = new {
            happened.BookingId, happened.PersonId, happened.Revision, ClosesAt = London.StartOf(last.AddDays(1)), WithdrawnAt = happened.Minutes == 0 ? clock.GetUtcNow().UtcDateTime : (DateTime?)null,
            ImpactAt = rule.ImpactMonths > 0 ? London.ToUtc(London.Day(happened.EndsAt).AddMonths(rule.ImpactMonths), new TimeOnly(10, 0)) : (DateTime?)null,
        };
        if (await db.Execute(Correct, row, ct) == 0 && await db.Execute(Open, row, ct) == 0) return;
        if (happened.Minutes == 0) {
            await mailbox.Withdraw([happened.BookingId], [AskForImpact.Name], "They did not attend", ct);
            return;
        }
        if (await db.One<Form>(SelectForm, row, ct) is not { } form) return;
        // What an old register is settled for now is asked at once, but not of years ago.
        if (form.ImpactAt is { } at && at.AddDays(AskForImpact.GoodDays) > clock.GetUtcNow().UtcDateTime)
            await mailbox.Plan([new Planned(AskForImpact.Name, happened.BookingId, happened.SessionId, happened.PersonId, at) { AuthorityId = happened.AuthorityId, GoodUntil = at.AddDays(AskForImpact.GoodDays) }], ct);
        if (form.Answered) return;
        if (await mediator.Send(new FindPeople([happened.PersonId]), ct) is not [{ Email: { } email } person, ..]) return;
        var address = site.Absolute(TrainingLinks.Evaluation(tokens.For(happened.BookingId, row.ClosesAt.AddYears(1))));
        await mailbox.Add(new Mail(AsLetter, happened.BookingId, Words(email, person.Name, happened.CourseTitle, happened.StartsAt, form.Waits ? null : last, address)) {
            PersonId = person.Id, AuthorityId = happened.AuthorityId, GoodUntil = form.Waits ? null : row.ClosesAt,
        }, ct);
    }

    /// <param name="last">The last day on which it can be answered; null where the certificate waits for it.</param>
    static Letter Words(string recipient, string name, string title, DateTime startsAt, DateOnly? last, string address) => new(recipient, name, $"What did you think? {title}", [
        new Say($"You were at {title} on {Show.DayAndDate(startsAt)}. Tell us what you thought: it takes two minutes, and your answers are kept without your name."),
        new Do("Say what you thought", address),
        new Say(last is { } day ? $"You can answer until {Show.Date(day)}." : "If you have completed the course, your certificate is issued as soon as you have answered."),
    ]);

    sealed record Form {
        public bool Answered { get; init; }
        public bool Waits { get; init; }
        public DateTime? ImpactAt { get; init; }
    }

    sealed record Rule {
        public int OpenDays { get; init; }
        public int ImpactMonths { get; init; }
    }
}
