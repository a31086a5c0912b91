using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Evaluations;

/// <summary>
/// Who attended may say what they thought, once, for so many days as the authority has set, and is asked to by e-mail. Who turns out not to have
/// attended may not. Only a higher revision counts, in whatever order they arrive.
/// </summary>
internal sealed class WhenAttendanceRecorded(Db db, TimeProvider clock, IMediator mediator, Mailbox mailbox, Site site, EvaluationToken tokens) : Reaction<Contracts.AttendanceRecorded>(db, clock) {
    readonly Db db = db;
    readonly TimeProvider clock = clock;

    // A booking that passed to another person is theirs to answer for.
    const string Correct = """
        UPDATE training_Evaluation
        SET Answered = CASE WHEN PersonId = @PersonId THEN Answered ELSE 0 END, ClosesAt = CASE WHEN WithdrawnAt IS NULL AND PersonId = @PersonId THEN ClosesAt ELSE @ClosesAt END,
            PersonId = @PersonId, Revision = @Revision, WithdrawnAt = @WithdrawnAt
        WHERE BookingId = @BookingId AND Revision < @Revision
        """;
    const string Open = """
        INSERT INTO training_Evaluation (BookingId, SessionId, PersonId, Revision, ClosesAt, Answered, WithdrawnAt)
        SELECT b.Id, b.SessionId, @PersonId, @Revision, @ClosesAt, 0, @WithdrawnAt
        FROM training_Booking b
        WHERE b.Id = @BookingId AND NOT EXISTS (SELECT 1 FROM training_Evaluation e WHERE e.BookingId = b.Id)
        """;
    const string SelectDays = "SELECT OpenDays FROM training_EvaluationRule WHERE AuthorityId = @AuthorityId";
    const string SelectForm = "SELECT e.Answered, s.CertificateAfterEvaluation AS Waits FROM training_Evaluation e JOIN training_Session s ON s.Id = e.SessionId WHERE e.BookingId = @BookingId";

    protected override async Task React(Contracts.AttendanceRecorded happened, CancellationToken ct) {
        var days = await db.One<int?>(SelectDays, new { happened.AuthorityId }, ct) ?? Questions.UsualDays;
        var last = London.Day(happened.RecordedAt).AddDays(days);
        var row = new {
            happened.BookingId, happened.PersonId, happened.Revision, ClosesAt = London.StartOf(last.AddDays(1)), WithdrawnAt = happened.Minutes == 0 ? clock.GetUtcNow().UtcDateTime : (DateTime?)null,
        };
        if (await db.Execute(Correct, row, ct) == 0 && await db.Execute(Open, row, ct) == 0) return;
        if (happened.Minutes == 0 || await db.One<Form>(SelectForm, row, ct) is not { Answered: false } form) return;
        if (await mediator.Send(new FindPeople([happened.PersonId]), ct) is not [{ Email: { } email } person, ..]) return;
        await mailbox.Add(new Mail("evaluation", happened.BookingId, email, $"What did you think? {happened.CourseTitle}", $"""
            Dear {person.Name},

            You were at {happened.CourseTitle} on {Show.Date(happened.StartsAt)}. Tell us what you thought: it takes two minutes, and your answers are kept without your name.

            {site.Absolute(TrainingLinks.Evaluation(tokens.For(happened.BookingId)))}

            {(form.Waits ? "If you have completed the course, your certificate is issued as soon as you have answered." : $"You can answer until {Show.Date(last)}.")}
            """) { PersonId = person.Id, AuthorityId = happened.AuthorityId }, ct);
    }

    sealed record Form {
        public bool Answered { get; init; }
        public bool Waits { get; init; }
    }
}
