using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>Radios and checkboxes are one shape: a fieldset of inputs, the first of which has the field's own id.</summary>
public abstract class ChoiceTagHelper : FieldTagHelper {
    /// <summary>The question; the property's display name when left out.</summary>
    public string? Legend { get; set; }

    /// <summary>s, m, l or xl.</summary>
    public string? LegendSize { get; set; }
    public IEnumerable<SelectListItem> Items { get; set; } = [];
    public bool Small { get; set; }

    private protected void WriteChoices(Markup html, string kind, string type, string? modifier, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        OpenFieldset(html, Legend, LegendSize);
        html.Open("div", ("class", Markup.Classes(kind, Small ? $"{kind}--small" : null, modifier, classes)), ("data-module", kind));
        var chosen = Chosen;
        var number = 0;
        foreach (var item in Items) {
            var id = ++number == 1 ? Id : $"{Id}-{number}";
            var value = item.Value ?? item.Text;
            var hint = (item as HintedItem)?.Hint;
            html.Open("div", ("class", $"{kind}__item"))
                .Open("input", [
                    ("class", $"{kind}__input"), ("id", id), ("name", Name), ("type", type), ("value", value),
                    ("checked", (chosen?.Contains(value) ?? item.Selected) ? "" : null), ("disabled", item.Disabled ? "" : null),
                    ("aria-describedby", hint is null ? null : $"{id}-item-hint"), .. rest])
                .Element("label", item.Text, ("class", $"govuk-label {kind}__label"), ("for", id));
            if (hint is not null) html.Element("div", hint, ("id", $"{id}-item-hint"), ("class", $"govuk-hint {kind}__hint"));
            html.Close("div");
        }
        html.Close("div").Close("fieldset");
    }
}

/// <summary>One of a few.</summary>
[HtmlTargetElement("govuk-radios", Attributes = "for")]
[HtmlTargetElement("govuk-radios", Attributes = "row,row-name,property")]
public sealed class RadiosTagHelper : ChoiceTagHelper {
    /// <summary>Side by side: for two short answers.</summary>
    public bool Inline { get; set; }

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) =>
        WriteChoices(html, "govuk-radios", "radio", Inline ? "govuk-radios--inline" : null, rest, classes);
}

/// <summary>Any of a few, bound to a list.</summary>
[HtmlTargetElement("govuk-checkboxes", Attributes = "for")]
public sealed class CheckboxesTagHelper : ChoiceTagHelper {
    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) =>
        WriteChoices(html, "govuk-checkboxes", "checkbox", null, rest, classes);
}

/// <summary>Yes or no, as one box bound to a bool.</summary>
[HtmlTargetElement("govuk-checkbox", Attributes = "for")]
public sealed class CheckboxTagHelper : FieldTagHelper {
    public string? Label { get; set; }
    public bool Small { get; set; }

    /// <summary>
    /// An unticked box sends nothing, so a hidden "false" goes with it; without that a property that starts as true could not be
    /// cleared. Turn it off in search forms, where it would only clutter the address.
    /// </summary>
    public bool SendFalse { get; set; } = true;

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        var ticked = Entry?.AttemptedValue is { } typed
            ? typed.Split(',')[0].Trim().Equals("true", StringComparison.OrdinalIgnoreCase)
            : For.Model is true;
        if (Error is not null) WriteErrorOnly(html);
        html.Open("div", ("class", Markup.Classes("govuk-checkboxes", Small ? "govuk-checkboxes--small" : null, classes)), ("data-module", "govuk-checkboxes"))
            .Open("div", ("class", "govuk-checkboxes__item"))
            .Open("input", [("class", "govuk-checkboxes__input"), ("id", Id), ("name", Name), ("type", "checkbox"), ("value", "true"),
                ("checked", ticked ? "" : null), ("aria-describedby", DescribedBy), .. rest])
            .Element("label", Label ?? Words, ("class", "govuk-label govuk-checkboxes__label"), ("for", Id));
        if (!string.IsNullOrEmpty(Hint)) html.Element("div", Hint, ("id", $"{Id}-hint"), ("class", "govuk-hint govuk-checkboxes__hint"));
        html.Close("div").Close("div");
        if (SendFalse) html.Open("input", ("type", "hidden"), ("name", Name), ("value", "false"));
    }

    // The hint stands under the box here, beside its label.
    void WriteErrorOnly(Markup html) {
        var hint = Hint;
        Hint = null;
        WriteHintAndError(html);
        Hint = hint;
    }
}
