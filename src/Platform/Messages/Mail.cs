using Cpd.Platform.Data;
using Cpd.Platform.Messaging;

namespace Cpd.Platform.Messages;

/// <summary>Which messages go first when many are due. Awaited: somebody sits and waits for it (a link to sign in). Told: something was done. Bulk yields to all.</summary>
public enum MessagePriority { Awaited, Told, Reminder, Bulk }

/// <summary>One message to one address, said at once: its words are those of the moment of its cause. With its kind, its cause and the recipient it is unique, so that no cause sends it twice.</summary>
public sealed record Mail(LetterKind Kind, Guid CauseId, Letter Letter) {
    internal const char Apart = '/';

    /// <summary>What makes it another message of the same kind and cause: the number of its date. No more than 30 characters.</summary>
    public string? Again { get; init; }
    /// <summary>Whose address it is, where the module knows.</summary>
    public Guid? PersonId { get; init; }
    /// <summary>What it is about, so that what became of it is shown there: the booking, whatever has happened to that.</summary>
    public Guid? AboutId { get; init; }
    /// <summary>Whose officers see it when it can't be sent; without one only administrators do.</summary>
    public Guid? AuthorityId { get; init; }
    public MessagePriority Priority { get; init; } = MessagePriority.Told;
    /// <summary>From when on it would be wrong to send it, UTC; never when null.</summary>
    public DateTime? GoodUntil { get; init; }
}

/// <summary>
/// One message that is planned for a moment. It has no words yet: when its moment has come, the <see cref="IReminder"/> of its kind is asked
/// whether its cause still holds and what to say. Unique by kind, cause, recipient and moment.
/// </summary>
/// <param name="CauseId">What it is about in the narrowest sense: the booking, the certificate.</param>
/// <param name="AboutId">What its moment follows from (the session); with it all that is planned about it can be withdrawn.</param>
/// <param name="RecipientId">A person; or, for a round, <see cref="Everyone"/>.</param>
/// <param name="At">UTC. It stays the message's moment when it is put off or tried again.</param>
public sealed record Planned(string Kind, Guid CauseId, Guid AboutId, Guid RecipientId, DateTime At) {
    /// <summary>A round: nobody's own message, but a row that becomes a message for each person whom it concerns when its moment has come.</summary>
    public static readonly Guid Everyone = Guid.Empty;

    public Guid? AuthorityId { get; init; }
    public MessagePriority Priority { get; init; } = MessagePriority.Reminder;
    public DateTime? GoodUntil { get; init; }
    /// <summary>How long before its moment it is taken up: a round, so that the messages it becomes are all there at theirs.</summary>
    public TimeSpan Ahead { get; init; }
}

/// <summary>The due table, as modules write it: in the transaction of the cause. The worker sends what is due after it commits.</summary>
public sealed class Mailbox(Db db, TimeProvider clock, MailSignal signal) {
    const int Batch = 1000;
    const string Insert = """
        INSERT INTO platform_Message (Id, Kind, CauseId, AboutId, AuthorityId, RecipientId, Recipient, Subject, Body, Calendar, CalendarMethod, Priority, GoodUntil, DueAt, State, Attempts)
        SELECT @Id, @Kind, @CauseId, @AboutId, @AuthorityId, @PersonId, @Recipient, @Subject, @Body, @Calendar, @CalendarMethod, @Priority, @GoodUntil, @DueAt, 'Due', 0
        WHERE NOT EXISTS (SELECT 1 FROM platform_Message WHERE Kind = @Kind AND CauseId = @CauseId AND Recipient = @Recipient AND PlannedFor IS NULL)
        """;
    // Who has the claim keeps it: if it is just being sent, it is sent once.
    const string Revive = """
        UPDATE platform_Message SET State = 'Due', DueAt = @DueAt, GoodUntil = @GoodUntil, AboutId = @AboutId, Attempts = 0, Error = NULL
        WHERE Kind = @Kind AND CauseId = @CauseId AND RecipientId = @RecipientId AND PlannedFor = @At AND State = 'Cancelled'
        """;
    const string InsertPlanned = """
        INSERT INTO platform_Message (Id, Kind, CauseId, AboutId, AuthorityId, RecipientId, Recipient, Subject, Body, Priority, PlannedFor, GoodUntil, DueAt, State, Attempts)
        SELECT @Id, @Kind, @CauseId, @AboutId, @AuthorityId, @RecipientId, '', '', '', @Priority, @At, @GoodUntil, @DueAt, 'Due', 0
        WHERE NOT EXISTS (SELECT 1 FROM platform_Message WHERE Kind = @Kind AND CauseId = @CauseId AND RecipientId = @RecipientId AND PlannedFor = @At)
        """;
    const string WithdrawAbout = "UPDATE platform_Message SET State = 'Cancelled', Error = @Why WHERE AboutId IN @Ids AND Kind IN @Kinds AND State IN ('Due', 'Parked')";
    const string WithdrawMoved = "UPDATE platform_Message SET State = 'Cancelled', Error = @Why WHERE AboutId = @Id AND Kind = @Kind AND PlannedFor NOT IN @Moments AND State IN ('Due', 'Parked')";
    const string WithdrawCauses = "UPDATE platform_Message SET State = 'Cancelled', Error = @Why WHERE Kind IN @Kinds AND CauseId IN @Ids AND PlannedFor IS NOT NULL AND State IN ('Due', 'Parked')";

    const string CountAll = """
        SELECT COUNT(CASE WHEN State = 'Due' AND RecipientId = @Everyone THEN 1 END) AS Rounds, COUNT(CASE WHEN State = 'Due' AND RecipientId <> @Everyone THEN 1 END) AS Due,
            COUNT(CASE WHEN State = 'Sent' AND RecipientId <> @Everyone THEN 1 END) AS Sent, COUNT(CASE WHEN State = 'Parked' AND RecipientId <> @Everyone THEN 1 END) AS Parked,
            COUNT(CASE WHEN State = 'Cancelled' AND RecipientId <> @Everyone THEN 1 END) AS Cancelled, COUNT(CASE WHEN State = 'Sent' AND Delivery <> 'Delivered' THEN 1 END) AS Failed
        FROM platform_Message
        WHERE AboutId = @Id AND Kind = @Kind
        """;

    /// <summary>How far the planned messages of a kind about a thing have got.</summary>
    public async Task<MessageCount> CountAbout(Guid aboutId, string kind, CancellationToken ct) => (await db.One<MessageCount>(CountAll, new { Id = aboutId, Kind = kind, Planned.Everyone }, ct))!;

    public Task Add(Mail mail, CancellationToken ct) => Add([mail], ct);

    public async Task Add(IEnumerable<Mail> mails, CancellationToken ct) {
        MustBeWriting();
        var now = clock.GetUtcNow().UtcDateTime;
        var rows = mails.Select(mail => new {
            Id = Ids.New(clock), Kind = mail.Again is { } again ? mail.Kind.Name + Mail.Apart + again : mail.Kind.Name, mail.CauseId, mail.AboutId, mail.AuthorityId, mail.PersonId,
            mail.Letter.Recipient, mail.Letter.Subject, Body = mail.Letter.Keep(), Calendar = mail.Letter.Calendar?.Text, CalendarMethod = mail.Letter.Calendar?.Method,
            Priority = (int)mail.Priority, mail.GoodUntil, DueAt = now,
        }).ToList();
        if (rows.Count == 0) return;
        await db.Execute(Insert, rows, ct);
        db.AfterCommit(signal.Wake);
    }

    /// <summary>Plans what is not planned yet. What was withdrawn and is planned for the same moment again is due again; what was sent stays sent.</summary>
    public async Task Plan(IEnumerable<Planned> planned, CancellationToken ct) {
        MustBeWriting();
        var rows = planned.Select(p => new {
            Id = Ids.New(clock), p.Kind, p.CauseId, p.AboutId, p.AuthorityId, p.RecipientId, p.At, DueAt = p.At - p.Ahead, p.GoodUntil, Priority = (int)p.Priority,
        }).ToList();
        if (rows.Count == 0) return;
        if (await db.Execute(InsertPlanned, rows, ct) < rows.Count) await db.Execute(Revive, rows, ct);
        db.AfterCommit(signal.Wake);
    }

    /// <summary>Takes back what of these kinds is planned about these things and not sent yet.</summary>
    public async Task WithdrawAllAbout(IEnumerable<Guid> aboutIds, IReadOnlyCollection<string> kinds, string why, CancellationToken ct) {
        MustBeWriting();
        foreach (var batch in aboutIds.Distinct().Chunk(Batch)) await db.Execute(WithdrawAbout, new { Ids = db.Ids(batch), Kinds = kinds, Why = why }, ct);
    }

    /// <summary>
    /// Makes these what is planned about a thing: takes back what of these kinds was planned for other moments and is not sent yet, and plans
    /// what is not planned yet and lies ahead. What is planned for a moment that stays is left alone, the messages of its round too; what is past
    /// when it is planned is not planned, for whom it concerns is told of the change itself.
    /// </summary>
    public async Task Replan(Guid aboutId, IReadOnlyCollection<string> kinds, IReadOnlyCollection<Planned> planned, string why, CancellationToken ct) {
        MustBeWriting();
        foreach (var kind in kinds) {
            // No moment is one that nothing is planned for.
            var stays = planned.Where(p => p.Kind == kind).Select(p => p.At).DefaultIfEmpty(DateTime.UnixEpoch).Distinct().ToList();
            await db.Execute(WithdrawMoved, new { Id = aboutId, Kind = kind, Moments = stays, Why = why }, ct);
        }
        var now = clock.GetUtcNow().UtcDateTime;
        await Plan(planned.Where(p => p.At > now).Distinct(), ct);
    }

    /// <summary>Takes back what of these kinds is planned for these causes and not sent yet.</summary>
    public async Task Withdraw(IEnumerable<Guid> causeIds, IReadOnlyCollection<string> kinds, string why, CancellationToken ct) {
        MustBeWriting();
        foreach (var batch in causeIds.Distinct().Chunk(Batch)) await db.Execute(WithdrawCauses, new { Ids = db.Ids(batch), Kinds = kinds, Why = why }, ct);
    }

    void MustBeWriting() {
        if (!db.IsWriting) throw new InvalidOperationException("A message is written in the transaction of its cause.");
    }
}

/// <summary>How many messages there are of each sort; rounds that have not become messages yet stand apart.</summary>
public sealed record MessageCount {
    public int Rounds { get; init; }
    public int Due { get; init; }
    public int Sent { get; init; }
    public int Parked { get; init; }
    public int Cancelled { get; init; }
    /// <summary>Of those sent, how many are known not to have reached their reader.</summary>
    public int Failed { get; init; }
}
