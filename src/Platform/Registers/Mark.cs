using System.Text.Json.Serialization;

namespace Cpd.Platform.Registers;

/// <summary>What a register says of someone. Not recorded yet is no value.</summary>
public enum Attendance { Attended, Part, DidNotAttend }

/// <summary>What somebody noted of a person: they came, they left, both with typed times, they did not come, nothing after all, the whole of it at once, or a mark taken back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MarkKind>))]
public enum MarkKind { Came, Left, Times, Absent, Clear, Whole, Undo }

/// <summary>How a mark came about: a tap or a scan at the door, the person's own joining link, times typed from paper, the list of the whole register.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MarkSource>))]
public enum MarkSource { Door, Scan, Link, Paper, List }

/// <summary>One date for which a register is kept. UTC.</summary>
public interface IDate {
    DateTime StartsAt { get; }
    DateTime EndsAt { get; }
}

/// <summary>One mark on a register.</summary>
public sealed record Mark {
    /// <summary>Made by whoever marked: the same mark counts once.</summary>
    public Guid Nonce { get; init; }
    /// <summary>In the order in which marks arrived here.</summary>
    public int Number { get; init; }
    /// <summary>Whose line of the register it is about.</summary>
    public Guid EntryId { get; init; }
    public MarkKind Kind { get; init; }
    /// <summary>When they came or left; for the other kinds, a moment of the date that is meant. UTC.</summary>
    public DateTime? At { get; init; }
    /// <summary>When they left, of typed times. UTC.</summary>
    public DateTime? Until { get; init; }
    /// <summary>Of the whole of it; null takes everything back.</summary>
    public Attendance? Attendance { get; init; }
    public int? Minutes { get; init; }
    /// <summary>The nonce of the mark that is taken back.</summary>
    public Guid? Undoes { get; init; }
    public MarkSource Source { get; init; }
    /// <summary>By the clock of whoever marked, put right if that clock was wrong. UTC.</summary>
    public DateTime MadeAt { get; init; }
    public Guid MadeBy { get; init; }
}
