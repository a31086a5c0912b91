using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Cpd.Platform.Web;

/// <summary>The words that a person reads for a property.</summary>
public static partial class FieldWords {
    /// <summary>[Display(Name = …)] or, without one, the property's name in words: StartsOn gives "Starts on".</summary>
    public static string Of(ModelMetadata metadata) {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.DisplayName ?? Split(metadata.PropertyName ?? metadata.Name ?? "Value");
    }

    /// <summary>"StartsOn" gives "Starts on". Text that already has a space is left alone.</summary>
    public static string Split(string name) {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.Contains(' ', StringComparison.Ordinal)) return name;
        var words = Boundary().Split(name);
        return string.Join(' ', words.Select((word, i) =>
            word.Length > 1 && word.All(char.IsUpper) ? word
            : i == 0 ? char.ToUpperInvariant(word[0]) + word[1..]
            : char.ToLowerInvariant(word[0]) + word[1..]));
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex Boundary();
}
