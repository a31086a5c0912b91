namespace Cpd.Platform.Messages;

/// <summary>A planned message whose moment has come, as the kind that knows its words sees it.</summary>
public sealed record DueMessage {
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public Guid CauseId { get; init; }
    public Guid AboutId { get; init; }
    /// <summary>A person, or <see cref="Planned.Everyone"/>.</summary>
    public Guid RecipientId { get; init; }
    public Guid? AuthorityId { get; init; }
    /// <summary>UTC. Now may be long after it: the host may have been asleep.</summary>
    public DateTime PlannedFor { get; init; }
    public DateTime? GoodUntil { get; init; }
}

/// <summary>What becomes of a planned message when its moment has come: a <see cref="Letter"/> is sent.</summary>
public abstract record Saying;

/// <summary>It is not sent any more: its cause is gone, or there is no one to tell. The reason is for whoever looks it up later.</summary>
public sealed record Unsaid(string Why) : Saying;

/// <summary>It is still true, but this is no hour to send it; asked again then (UTC).</summary>
public sealed record SaidLater(DateTime At) : Saying {
    /// <summary>Later, unless that is too late: then not at all.</summary>
    public static Saying Or(DateTime at, DateTime? goodUntil) => at >= goodUntil ? new Unsaid("Too late") : new SaidLater(at);
}

/// <summary>A round becomes these; they are planned in the transaction that ends the round.</summary>
public sealed record SaidToEach(IReadOnlyList<Planned> Planned) : Saying;

/// <summary>
/// A kind of planned message, a slice in its module's folder Reminders: found by scanning. It is asked for a whole batch at once, just before
/// they are sent, and again for those that wait longer than a moment for their turn. It reads only, and never one message at a time.
/// </summary>
public interface IReminder {
    /// <summary>The name of a <see cref="LetterKind"/>.</summary>
    string Kind { get; }

    /// <summary>For each message what becomes of it; one without an answer is dropped.</summary>
    Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct);
}
