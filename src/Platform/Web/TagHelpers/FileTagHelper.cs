using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>A file to send. The form needs enctype="multipart/form-data". Several files when the property is a list.</summary>
[HtmlTargetElement("govuk-file", Attributes = "for")]
public sealed class FileTagHelper : FieldTagHelper {
    public string? Label { get; set; }
    public string? LabelSize { get; set; }

    /// <summary>Kinds of file to offer: ".csv,.xlsx". Only a help to the person: the server checks again.</summary>
    public string? Accept { get; set; }

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        WriteLabel(html, Label, LabelSize);
        // The browser's own control. The library's scripted drop zone gives its button a name that lacks the words shown on it (WCAG 2.5.3).
        html.Open("input", [
            ("class", Markup.Classes("govuk-file-upload", classes, Error is null ? null : "govuk-file-upload--error")),
            ("id", Id), ("name", Name), ("type", "file"), ("accept", Accept),
            ("multiple", typeof(IEnumerable<IFormFile>).IsAssignableFrom(For.Metadata.ModelType) ? "" : null),
            ("aria-describedby", DescribedBy), .. rest]);
    }
}
