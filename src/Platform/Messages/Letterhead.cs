using MediatR;

namespace Cpd.Platform.Messages;

/// <summary>Whose letters they are and what stands around every one of them, in an authority's own words. Plain text; null where it has said nothing.</summary>
/// <param name="Name">The authority's.</param>
public sealed record Letterhead(Guid AuthorityId, string Name) {
    /// <summary>After the greeting.</summary>
    public string? Introduction { get; init; }
    /// <summary>After what the letter says.</summary>
    public string? Closing { get; init; }
    /// <summary>Whom to ask, and how.</summary>
    public string? Contact { get; init; }
    public string? SignOff { get; init; }
    public Logo? Logo { get; init; }
    /// <summary>What it adds to letters of one kind, by the kind's name.</summary>
    public IReadOnlyDictionary<string, string> Added { get; init; } = new Dictionary<string, string>();
}

/// <summary>The only picture that a letter has.</summary>
/// <param name="Path">Where everyone can read it, in this service.</param>
public sealed record Logo(string Path, int Width, int Height);

/// <summary>Asked by the sending of messages; whoever knows authorities answers. An authority that is not known is left out.</summary>
public sealed record FindLetterheads(IReadOnlyCollection<Guid> AuthorityIds) : IRequest<IReadOnlyList<Letterhead>>;
