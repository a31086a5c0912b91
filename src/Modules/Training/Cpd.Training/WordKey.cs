using System.Globalization;
using System.Text;

namespace Cpd.Training;

/// <summary>Titles and topics in the form in which they are ordered and searched, the same on both engines.</summary>
internal static class WordKey {
    /// <summary>Lower case, without accents, letters and digits only, a space before each word: " babbling babies".</summary>
    internal static string Of(string text) {
        var key = new StringBuilder();
        var gap = true;
        foreach (var c in text.Normalize(NormalizationForm.FormD)) {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark || c is '\'' or '’') continue;
            if (!char.IsLetterOrDigit(c)) { gap = true; continue; }
            if (gap) key.Append(' ');
            gap = false;
            key.Append(char.ToLowerInvariant(c));
        }
        return key.ToString();
    }

    /// <summary>The key cut to what its column holds.</summary>
    internal static string Of(string text, int longest) => Of(text) is var key && key.Length > longest ? key[..longest] : Of(text);

    /// <summary>LIKE patterns for the first three words of a text: each must begin a word. A key holds no wildcard, so none is to be escaped.</summary>
    internal static (string First, string Second, string Third) Patterns(string? text) {
        var words = Of(text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string Word(int i) => i < words.Length ? "% " + words[i] + "%" : "%";
        return (Word(0), Word(1), Word(2));
    }

    /// <summary>A LIKE pattern for what holds this run of words.</summary>
    internal static string Holding(string text) => "%" + Of(text) + "%";
}
