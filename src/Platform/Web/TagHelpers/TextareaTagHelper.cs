using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>Several lines of text.</summary>
[HtmlTargetElement("govuk-textarea", Attributes = "for")]
public sealed class TextareaTagHelper : FieldTagHelper {
    public string? Label { get; set; }
    public string? LabelSize { get; set; }
    public int Rows { get; set; } = 5;
    public bool? Spellcheck { get; set; }

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        WriteLabel(html, Label, LabelSize);
        // A browser drops the first line break of a textarea; one of ours goes before, so that a typed one stays.
        html.Open("textarea", [
                ("class", Markup.Classes("govuk-textarea", classes, Error is null ? null : "govuk-textarea--error")),
                ("id", Id), ("name", Name), ("rows", Rows.ToString(CultureInfo.InvariantCulture)),
                ("spellcheck", Spellcheck switch { true => "true", false => "false", _ => null }), ("aria-describedby", DescribedBy), .. rest])
            .Raw("\n").Text(TypedOrModel ?? "").Close("textarea");
    }
}
