namespace Cpd.Forums.MeetingRegisters;

/// <summary>What the terms of reference ask for: at least so many of a role, or of anyone.</summary>
/// <param name="Role">Null for anyone.</param>
internal sealed record QuorumRule(ForumRole? Role, int Least);

/// <summary>A rule with how many were there.</summary>
internal sealed record QuorumPart(ForumRole? Role, int Least, int Present) {
    internal bool IsMet => Present >= Least;

    /// <summary>"Parents: 2 of at least 3".</summary>
    internal string Words => $"{Quorum.Many(Role)}: {Present} of at least {Least}";
}

/// <summary>Whether enough have come for a meeting to decide. Everyone counts as what they are, whoever chairs included, and towards anyone.</summary>
internal static class Quorum {
    internal const string Anyone = nameof(Anyone);

    internal static IReadOnlyList<QuorumPart> Of(IEnumerable<QuorumRule> rules, IEnumerable<ForumRole> present) {
        var here = present.ToList();
        return [.. rules.Select(r => new QuorumPart(r.Role, r.Least, r.Role is { } role ? here.Count(h => h == role) : here.Count))];
    }

    /// <summary>Null where nothing is asked for.</summary>
    internal static bool? IsMet(IReadOnlyList<QuorumPart> parts) => parts.Count == 0 ? null : parts.All(p => p.IsMet);

    /// <summary>As the tables have it.</summary>
    internal static string Key(ForumRole? role) => role?.ToString() ?? Anyone;
    internal static ForumRole? Role(string key) => key == Anyone ? null : Enum.Parse<ForumRole>(key);

    internal static string Many(ForumRole? role) => role is { } known ? ForumsWording.Of(known) + "s" : "People in all";
}
