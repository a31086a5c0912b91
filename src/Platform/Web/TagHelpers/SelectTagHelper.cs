using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>One of many, in a drop-down list. For fewer than about seven choices, radios are easier.</summary>
[HtmlTargetElement("govuk-select", Attributes = "for")]
public sealed class SelectTagHelper : FieldTagHelper {
    public string? Label { get; set; }
    public string? LabelSize { get; set; }
    public IEnumerable<SelectListItem> Items { get; set; } = [];

    /// <summary>The words of a first option without a value; no such option when left out.</summary>
    public string? Blank { get; set; }

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        WriteLabel(html, Label, LabelSize);
        html.Open("select", [
            ("class", Markup.Classes("govuk-select", classes, Error is null ? null : "govuk-select--error")),
            ("id", Id), ("name", Name), ("aria-describedby", DescribedBy), .. rest]);
        if (Blank is not null) html.Element("option", Blank, ("value", ""));
        var chosen = Chosen;
        foreach (var item in Items) {
            html.Element("option", item.Text, ("value", item.Value ?? item.Text),
                ("selected", (chosen?.Contains(item.Value ?? item.Text) ?? item.Selected) ? "" : null), ("disabled", item.Disabled ? "" : null));
        }
        html.Close("select");
    }
}
