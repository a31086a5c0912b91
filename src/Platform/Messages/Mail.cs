using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;

namespace Cpd.Platform.Messages;

/// <summary>One message to one address. Plain text; the first line is not the subject.</summary>
/// <param name="Kind">What sort of message ("invitation"): with the cause and the recipient it is unique, so that no cause sends it twice.</param>
/// <param name="Calendar">For the recipient's calendar.</param>
public sealed record Mail(string Kind, Guid CauseId, string Recipient, string Subject, string Body, CalendarPart? Calendar = null);

/// <summary>Writes messages into the due table in the caller's transaction; the worker sends them after it commits.</summary>
public sealed class Mailbox(Db db, TimeProvider clock, MailSignal signal) {
    const string Insert = """
        INSERT INTO platform_Message (Id, Kind, CauseId, Recipient, Subject, Body, Calendar, CalendarMethod, DueAt, State, Attempts)
        SELECT @Id, @Kind, @CauseId, @Recipient, @Subject, @Body, @Calendar, @CalendarMethod, @DueAt, 'Due', 0
        WHERE NOT EXISTS (SELECT 1 FROM platform_Message WHERE Kind = @Kind AND CauseId = @CauseId AND Recipient = @Recipient)
        """;

    public Task Add(Mail mail, CancellationToken ct) => Add([mail], ct);

    public async Task Add(IEnumerable<Mail> mails, CancellationToken ct) {
        if (!db.IsWriting) throw new InvalidOperationException("A message is written in the transaction of its cause.");
        await db.Execute(Insert, mails.Select(mail => new {
            Id = Ids.New(clock), mail.Kind, mail.CauseId, mail.Recipient, mail.Subject, mail.Body, Calendar = mail.Calendar?.Text, CalendarMethod = mail.Calendar?.Method, DueAt = clock.GetUtcNow().UtcDateTime,
        }).ToList(), ct);
        db.AfterCommit(signal.Wake);
    }
}
