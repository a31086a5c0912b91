using Cpd.Platform.Files;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.DataProtection;

namespace Cpd.Forums.Papers;

/// <summary>What is read before a meeting, and what is handed out at it or sent after it.</summary>
internal enum PaperKind { Paper, Material }

/// <summary>A link or a file of a meeting.</summary>
internal sealed record Paper {
    public Guid Id { get; init; }
    public PaperKind Kind { get; init; }
    /// <summary>The item of the agenda that it belongs to.</summary>
    public Guid? ItemId { get; init; }
    public string Title { get; init; } = "";
    /// <summary>Null for a file.</summary>
    public string? Link { get; init; }
    /// <summary>Null for a link.</summary>
    public string? FileName { get; init; }
    public int Size { get; init; }

    /// <summary>"Slides (PDF, 2 MB)".</summary>
    internal string Words => SentFile.Words(Title, FileName, Size);

    internal const string Select = "SELECT Id, Kind, ItemId, Title, Link, FileName, Size FROM forums_Paper WHERE MeetingId = @MeetingId ORDER BY Id";
}

/// <summary>For one person to read what their forum sends out for one meeting, from the message.</summary>
internal sealed class PapersToken(IDataProtectionProvider protection, TimeProvider clock) : SealedToken(protection, clock, "Cpd.Forums.PapersToken") {
    /// <param name="until">UTC.</param>
    internal string For(Guid meetingId, Guid personId, DateTime until) => Seal([.. meetingId.ToByteArray(bigEndian: true), .. personId.ToByteArray(bigEndian: true)], until);

    internal (Guid MeetingId, Guid PersonId)? Read(string token) => Open(token) is { Length: 32 } ids ? (new Guid(ids.AsSpan(0, 16), bigEndian: true), new Guid(ids.AsSpan(16), bigEndian: true)) : null;
}
