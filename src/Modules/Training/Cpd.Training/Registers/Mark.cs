using System.Text.Json.Serialization;

namespace Cpd.Training.Registers;

/// <summary>What somebody noted of a person: they came, they left, both with typed times, they did not come, nothing after all, the whole session at once, or a mark taken back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MarkKind>))]
internal enum MarkKind { Came, Left, Times, Absent, Clear, Whole, Undo }

/// <summary>How a mark came about: a tap or a scan at the door, the person's own joining link, times typed from paper, the list of the whole register.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MarkSource>))]
internal enum MarkSource { Door, Scan, Link, Paper, List }

/// <summary>One mark on the register.</summary>
internal sealed record Mark {
    /// <summary>Made by whoever marked: the same mark counts once.</summary>
    public Guid Nonce { get; init; }
    /// <summary>In the order in which marks arrived here.</summary>
    public int Number { get; init; }
    public Guid BookingId { get; init; }
    public MarkKind Kind { get; init; }
    /// <summary>When they came or left; for the other kinds, a moment of the date that is meant. UTC.</summary>
    public DateTime? At { get; init; }
    /// <summary>When they left, of typed times. UTC.</summary>
    public DateTime? Until { get; init; }
    /// <summary>Of the whole session; null takes everything back.</summary>
    public Attendance? Attendance { get; init; }
    public int? Minutes { get; init; }
    /// <summary>The nonce of the mark that is taken back.</summary>
    public Guid? Undoes { get; init; }
    public MarkSource Source { get; init; }
    /// <summary>By the clock of whoever marked, put right if that clock was wrong. UTC.</summary>
    public DateTime MadeAt { get; init; }
    public Guid MadeBy { get; init; }
}
