using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>A date in three fields, read by <see cref="DateOnlyBinder"/>. The part at fault is marked and linked to.</summary>
[HtmlTargetElement("govuk-date", Attributes = "for")]
public sealed class DateTagHelper : FieldTagHelper {
    public string? Legend { get; set; }
    public string? LegendSize { get; set; }

    /// <summary>It asks for the person's own date of birth, which a browser may fill in.</summary>
    public bool Birthday { get; set; }

    private protected override string FirstControlId {
        get {
            var (_, _, day, month, year) = Parts();
            return !day && month ? $"{Id}-month" : !day && year ? $"{Id}-year" : $"{Id}-day";
        }
    }

    private protected override void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes) {
        var date = For.Model as DateOnly?;
        var parts = Parts();
        // An error that is not about one part (too early, say) marks all three.
        var all = Error is not null && parts.Problem is null;

        OpenFieldset(html, Legend, LegendSize, role: "group");
        html.Open("div", ("class", Markup.Classes("govuk-date-input", classes)), ("id", Id));
        Part("Day", 2, date?.Day, all || parts.DayWrong, "bday-day");
        Part("Month", 2, date?.Month, all || parts.MonthWrong, "bday-month");
        Part("Year", 4, date?.Year, all || parts.YearWrong, "bday-year");
        html.Close("div").Close("fieldset");

        void Part(string part, int width, int? number, bool wrong, string autocomplete) {
            var id = $"{Id}-{part.ToLowerInvariant()}";
            html.Open("div", ("class", "govuk-date-input__item"))
                .Open("div", ("class", "govuk-form-group"))
                .Element("label", part, ("class", "govuk-label govuk-date-input__label"), ("for", id))
                .Open("input", [
                    ("class", Markup.Classes("govuk-input govuk-date-input__input", Error is not null && wrong ? "govuk-input--error" : null, $"govuk-input--width-{width}")),
                    ("id", id), ("name", $"{Name}.{part}"), ("type", "text"), ("value", Typed(part) ?? number?.ToString(CultureInfo.InvariantCulture)),
                    ("autocomplete", Birthday ? autocomplete : null), ("inputmode", "numeric"), .. rest])
                .Close("div").Close("div");
        }
    }

    string? Typed(string part) => Attempt($"{Name}.{part}")?.AttemptedValue;

    DateParts Parts() => DateParts.From(Typed("Day"), Typed("Month"), Typed("Year"));
}
