using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>One line of text.</summary>
[HtmlTargetElement("govuk-input", Attributes = "for")]
[HtmlTargetElement("govuk-input", Attributes = "row,row-name,property")]
public sealed class InputTagHelper : FieldTagHelper {
    /// <summary>The label; the property's display name when left out.</summary>
    public string? Label { get; set; }

    /// <summary>s, m, l or xl.</summary>
    public string? LabelSize { get; set; }
    public string Type { get; set; } = "text";

    /// <summary>2, 3, 4, 5, 10, 20 or 30 characters wide, or a fraction of the column: one-half, two-thirds.</summary>
    public string? Width { get; set; }
    public string? Inputmode { get; set; }
    public string? Autocomplete { get; set; }
    public string? Prefix { get; set; }
    public string? Suffix { get; set; }
    public bool? Spellcheck { get; set; }

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        WriteLabel(html, Label, LabelSize);
        var affixed = !string.IsNullOrEmpty(Prefix) || !string.IsNullOrEmpty(Suffix);
        if (affixed) html.Open("div", ("class", "govuk-input__wrapper"));
        if (!string.IsNullOrEmpty(Prefix)) html.Element("div", Prefix, ("class", "govuk-input__prefix"), ("aria-hidden", "true"));
        html.Open("input", [
            ("class", Markup.Classes("govuk-input", WidthClass, classes, Error is null ? null : "govuk-input--error")),
            ("id", Id), ("name", Name), ("type", Type), ("spellcheck", Spellcheck switch { true => "true", false => "false", _ => null }),
            ("value", TypedOrModel), ("aria-describedby", DescribedBy), ("autocomplete", Autocomplete), ("inputmode", Inputmode), .. rest]);
        if (!string.IsNullOrEmpty(Suffix)) html.Element("div", Suffix, ("class", "govuk-input__suffix"), ("aria-hidden", "true"));
        if (affixed) html.Close("div");
    }

    string? WidthClass => string.IsNullOrEmpty(Width) ? null
        : char.IsAsciiDigit(Width[0]) ? $"govuk-input--width-{Width}" : $"govuk-!-width-{Width}";
}
