namespace Cpd.Platform.Messaging;

/// <summary>Why something was not done. Refusals are expected; anything else is a bug and is thrown.</summary>
public abstract record Refusal;
/// <summary>It does not exist, or not for this user: the two are never told apart.</summary>
public sealed record NotFound : Refusal;
/// <summary>The user's role may not do this at all.</summary>
public sealed record Forbidden : Refusal;
/// <summary>It can't be done as things stand. <paramref name="Sentence"/> tells the user why and what to do.</summary>
public sealed record Conflict(string Sentence) : Refusal;
/// <summary>What was typed is wrong; each sentence belongs to a field ("" for the whole).</summary>
public sealed record Invalid(IReadOnlyList<FieldError> Errors) : Refusal;
public sealed record FieldError(string Field, string Sentence);

/// <summary>What may be refused, whatever its value would have been.</summary>
public interface IRefusable {
    Refusal? Refusal { get; }
}

/// <summary>What lets a behaviour make a refusal of whatever outcome a request has.</summary>
public interface IOutcome<TSelf> : IRefusable where TSelf : IOutcome<TSelf> {
    static abstract TSelf Of(Refusal refusal);
}

/// <summary>A value, or the reason why there is none. Both convert to it, so a handler just returns either.</summary>
public readonly record struct Outcome<T> : IOutcome<Outcome<T>> {
    readonly T? value;
    Outcome(T? value, Refusal? refusal) { this.value = value; Refusal = refusal; }

    public Refusal? Refusal { get; }
    /// <exception cref="InvalidOperationException">It was refused: look at <see cref="Refusal"/> first.</exception>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal}");

    public static Outcome<T> Of(Refusal refusal) => new(default, refusal);
#pragma warning disable CA2225 // The conversions are the way to make one.
    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
#pragma warning restore CA2225
}

/// <summary>The outcome of a command that has nothing to say but that it is done.</summary>
public readonly record struct Done;

public static class Outcome {
    public static readonly Refusal NotFound = new NotFound();
    public static readonly Refusal Forbidden = new Forbidden();
    public static Refusal Conflict(string sentence) => new Conflict(sentence);
    public static Refusal Invalid(string field, string sentence) => new Invalid([new FieldError(field, sentence)]);
    public static Outcome<Done> Done => default(Done);
}
