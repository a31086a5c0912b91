using System.Globalization;
using System.Text.Json.Serialization;
using Cpd.Platform.Web;
using FluentValidation;

namespace Cpd.Platform.Registers;

/// <summary>A mark as it was made, and is sent here: at once, or later by a phone that had no network.</summary>
public interface ISentMark {
    /// <summary>Made with the mark, and sent with it each time.</summary>
    Guid Nonce { get; }
    MarkKind? Kind { get; }
    /// <summary>Typed times: when they came. For the other kinds, the moment if it is not that of the mark.</summary>
    DateTimeOffset? At { get; }
    /// <summary>Typed times: when they left.</summary>
    DateTimeOffset? Until { get; }
    /// <summary>The nonce of the mark that is taken back, at most 15 minutes after it was made.</summary>
    Guid? Undoes { get; }
    /// <summary>By the clock of whoever made it; now, if they do not say.</summary>
    DateTimeOffset? MadeAt { get; }
    /// <summary>At the door, if they do not say.</summary>
    MarkSource? Source { get; }
}

/// <summary>What is asked of every mark that is sent, whatever the register.</summary>
public sealed class SentMarkRules<T> : AbstractValidator<T> where T : ISentMark {
    public SentMarkRules(string whole) {
        RuleFor(m => m.Nonce).NotEmpty().WithMessage("Give each mark a nonce of its own");
        RuleFor(m => m.Kind).NotNull().WithMessage("Say what is marked").Must(k => k is not MarkKind.Whole).WithMessage(whole).IsInEnum().WithMessage("Say what is marked");
        RuleFor(m => m.Undoes).Must((m, undoes) => m.Kind != MarkKind.Undo || undoes is not null).WithMessage("Say which mark is taken back");
        RuleFor(m => m.At).Must((m, at) => m.Kind != MarkKind.Times || at is not null || m.Until is not null).WithMessage("Enter the time they came or left");
        RuleFor(m => m.Until).Must((m, until) => m.Kind != MarkKind.Times || m.At is null || until is null || until > m.At).WithMessage("The time they left must be after the time they came");
        RuleFor(m => m.Source).Must(s => s is null or MarkSource.Door or MarkSource.Scan or MarkSource.Paper).WithMessage("A mark is made at the door, by a scan, or from paper");
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<MarkResult>))]
public enum MarkResult { Counted, AlreadyCounted, Refused }

/// <summary>What became of one mark.</summary>
/// <param name="Why">Of a refused one, in a sentence.</param>
public sealed record MarkAnswer(Guid Nonce, MarkResult Result, string? Why);

/// <summary>
/// Reads the marks of one sending, each answered for itself: the same mark counts once, a clock that is wrong is put right, nothing lies in the future or before the day,
/// and taking back is for 15 minutes.
/// </summary>
/// <param name="what">Is registered: "session" or "meeting".</param>
/// <param name="startsAt">Of the whole. UTC.</param>
/// <param name="there">The marks that the register has.</param>
/// <param name="known">Of the nonces sent, those that it has; it grows with what is read.</param>
/// <param name="sentAt">What the sender's clock said when it sent this.</param>
public sealed class SentMarks(string what, DateTime startsAt, IReadOnlyList<Mark> there, ISet<Guid> known, DateTimeOffset? sentAt, DateTime now, Guid madeBy) {
    /// <summary>A clock may be wrong by so much before the times it gave are moved.</summary>
    static readonly TimeSpan WrongClock = TimeSpan.FromMinutes(2);

    readonly TimeSpan skew = sentAt is { } sent && (now - sent.UtcDateTime).Duration() > WrongClock ? now - sent.UtcDateTime : TimeSpan.Zero;
    readonly List<Mark> fresh = [];
    readonly List<MarkAnswer> answers = [];

    /// <summary>Those that count.</summary>
    public IReadOnlyList<Mark> Fresh => fresh;
    /// <summary>One for each that was sent, in order.</summary>
    public IReadOnlyList<MarkAnswer> Answers => answers;

    /// <param name="entryId">Whose line of the register it is about; null if there is none.</param>
    /// <param name="nobody">Then, why.</param>
    public void Read(ISentMark mark, Guid? entryId, Func<string> nobody) {
        if (!known.Add(mark.Nonce)) {
            answers.Add(new(mark.Nonce, MarkResult.AlreadyCounted, null));
            return;
        }
        if (entryId is not { } entry) {
            answers.Add(new(mark.Nonce, MarkResult.Refused, nobody()));
            return;
        }
        var madeAt = Earlier(mark.MadeAt is { } made ? made.UtcDateTime + skew : now);
        // Whoever takes a mark back has seen it: however their clock was put right, that was later.
        var undone = mark.Kind == MarkKind.Undo ? there.Concat(fresh).FirstOrDefault(m => m.Nonce == mark.Undoes && m.EntryId == entry) : null;
        if (undone?.MadeAt > madeAt) madeAt = undone.MadeAt;
        var read = new Mark {
            Nonce = mark.Nonce, EntryId = entry, Kind = mark.Kind!.Value, Undoes = mark.Kind == MarkKind.Undo ? mark.Undoes : null, Source = mark.Source ?? MarkSource.Door, MadeAt = madeAt, MadeBy = madeBy,
            At = mark.Kind switch { MarkKind.Undo => null, MarkKind.Times => mark.At?.UtcDateTime, _ => mark.At is { } moment ? Earlier(moment.UtcDateTime + skew) : madeAt },
            Until = mark.Kind == MarkKind.Times ? mark.Until?.UtcDateTime : null,
        };
        var why = Problem(read, undone);
        if (why is null) fresh.Add(read);
        answers.Add(new(mark.Nonce, why is null ? MarkResult.Counted : MarkResult.Refused, why));
    }

    string? Problem(Mark mark, Mark? undone) =>
        London.Day(mark.MadeAt) < London.Day(startsAt) ? $"It was made before the day of the {what}, {Show.Date(startsAt)}."
        : mark.Kind != MarkKind.Undo ? null
        : undone is null ? "The mark that was to be taken back is not there."
        : mark.MadeAt - undone.MadeAt > Presence.Undoable ? string.Create(CultureInfo.InvariantCulture, $"A mark can be taken back for {Presence.Undoable.TotalMinutes} minutes. After that, type in the times.") : null;

    // To the millisecond, as it is stored: what is compared before and after must be the same.
    DateTime Earlier(DateTime at) => (at < now ? at : now) is var earlier ? earlier.AddTicks(-(earlier.Ticks % TimeSpan.TicksPerMillisecond)) : default;
}
