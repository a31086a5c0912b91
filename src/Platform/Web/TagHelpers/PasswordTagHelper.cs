using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>A password, with a button that shows it. The one field that never comes back with what was typed.</summary>
[HtmlTargetElement("govuk-password", Attributes = "for")]
public sealed class PasswordTagHelper : FieldTagHelper {
    public string? Label { get; set; }
    public string? LabelSize { get; set; }

    /// <summary>current-password to sign in, new-password to choose one.</summary>
    public string Autocomplete { get; set; } = "current-password";

    private protected override string GroupClass => "govuk-password-input";
    private protected override (string Name, string? Value)[] GroupAttributes => [("data-module", "govuk-password-input")];

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        WriteLabel(html, Label, LabelSize);
        html.Open("div", ("class", "govuk-input__wrapper govuk-password-input__wrapper"))
            .Open("input", [
                ("class", Markup.Classes("govuk-input govuk-password-input__input govuk-js-password-input-input", classes,
                    Error is null ? null : "govuk-input--error")),
                ("id", Id), ("name", Name), ("type", "password"), ("spellcheck", "false"), ("aria-describedby", DescribedBy),
                ("autocomplete", Autocomplete), ("autocapitalize", "none"), .. rest])
            .Element("button", "Show", ("type", "button"),
                ("class", "govuk-button govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle"),
                ("data-module", "govuk-button"), ("aria-controls", Id), ("aria-label", "Show password"), ("hidden", ""))
            .Close("div");
    }
}
