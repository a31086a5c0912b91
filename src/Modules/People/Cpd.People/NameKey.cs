using System.Globalization;
using System.Text;

namespace Cpd.People;

/// <summary>Names and addresses in the form in which they are compared and searched, the same on both engines.</summary>
internal static class NameKey {
    /// <summary>Lower case, without accents, one space between words.</summary>
    internal static string Of(string name) {
        var key = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD)) {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsWhiteSpace(c)) { if (key.Length > 0 && key[^1] != ' ') key.Append(' '); } else key.Append(char.ToLowerInvariant(c));
        }
        return key.ToString().Trim();
    }

    internal static string OfEmail(string email) => email.Trim().ToLowerInvariant();

    /// <summary>A LIKE pattern for what begins with the text; what the text holds of wildcards is taken literally (ESCAPE '!').</summary>
    internal static string Beginning(string text) => Of(text).Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal)
        .Replace("_", "!_", StringComparison.Ordinal).Replace("[", "![", StringComparison.Ordinal) + "%";
}
