using System.Text.RegularExpressions;

namespace Cpd.People.Settings;

internal enum UrnKind { Ofsted, ChildminderAgency }

/// <summary>The number a setting is registered under. It is text: EY301234 and 0123456 are both numbers, and a leading nought counts.</summary>
internal readonly partial record struct Urn(string Text, UrnKind Kind) {
    /// <summary>Null if this is not a registration number. Spaces do not count, nor does the case.</summary>
    internal static Urn? Read(string written) {
        var text = string.Concat(written.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        return Ofsted().IsMatch(text) ? new Urn(text, UrnKind.Ofsted)
            : Agency().IsMatch(text) ? new Urn(text, UrnKind.ChildminderAgency)
            : null;
    }

    [GeneratedRegex(@"^(EY[0-9]{6}|[0-9]{6,7})\z")]
    private static partial Regex Ofsted();

    [GeneratedRegex(@"^CA[0-9]{1,10}\z")]
    private static partial Regex Agency();
}
