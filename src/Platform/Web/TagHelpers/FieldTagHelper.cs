using System.Collections;
using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>
/// A form field of the design system: label or legend, hint, error, control. What was typed wins over the model's value, so
/// that a refused form comes back as it was sent. Attributes that the helper does not know go to the control.
/// </summary>
public abstract class FieldTagHelper : TagHelper {
    [HtmlAttributeName("for")]
    public ModelExpression For { get => field ??= OfRow(); set; } = null!;

    /// <summary>
    /// Instead of <c>for</c>, for a field of a row of a long list: the row, its name in the form ("Entries[7]") and the property. With
    /// <c>for</c> the framework compiles an expression for each index that it meets, which takes a hundred times as long as all the rest.
    /// </summary>
    [HtmlAttributeName("row")]
    public object? Row { get; set; }

    [HtmlAttributeName("row-name")]
    public string? RowName { get; set; }

    [HtmlAttributeName("property")]
    public string? Property { get; set; }

    /// <summary>Of a field that stands in several forms of a page, one for each row: the row. It ends the control's id.</summary>
    public Guid? In { get; set; }

    /// <summary>With <see cref="In"/>: the row whose form was sent, which alone shows what was typed and what is wrong with it.</summary>
    public Guid? Sent { get; set; }

    /// <summary>Help shown between the label and the control.</summary>
    public string? Hint { get; set; }

    /// <summary>The label or legend is the page's h1: for pages that ask one question.</summary>
    public bool PageHeading { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    private protected string Name => ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);
    private protected string Id => In is { } row ? $"{FieldOrder.IdOf(Name)}-{row}" : FieldOrder.IdOf(Name);
    bool IsOther => In is not null && In != Sent;
    private protected string? Error => Entry?.Errors is [var first, ..] ? FieldOrder.Words(first) : null;
    private protected string? DescribedBy =>
        (string.IsNullOrEmpty(Hint), Error is null) switch {
            (true, true) => null,
            (false, true) => $"{Id}-hint",
            (true, false) => $"{Id}-error",
            _ => $"{Id}-hint {Id}-error"
        };

    private protected string Words => FieldWords.Of(For.Metadata);
    private protected ModelStateEntry? Entry => IsOther ? null : Attempt(Name);

    /// <summary>The control that the error summary links to.</summary>
    private protected virtual string FirstControlId => Id;

    /// <summary>Classes of the group besides the common ones, and attributes it needs.</summary>
    private protected virtual (string Name, string? Value)[] GroupAttributes => [];
    private protected virtual string? GroupClass => null;

    private protected abstract void Write(Markup html, IReadOnlyList<(string Name, string? Value)> rest, string? classes);

    public sealed override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        if (!IsOther) FieldOrder.Of(ViewContext.HttpContext).Add(Name, FirstControlId);

        var rest = output.Attributes.Where(a => a.Name != "class").Select(a => (a.Name, Value: ValueOf(a))).ToList();
        var classes = output.Attributes["class"]?.Value?.ToString();
        output.Attributes.Clear();
        output.Become("div", Markup.Classes("govuk-form-group", Error is null ? null : "govuk-form-group--error", GroupClass));
        foreach (var (name, value) in GroupAttributes) output.Attributes.SetAttribute(name, value);

        var html = new Markup();
        Write(html, rest, classes);
        output.Content.SetHtmlContent(html.ToHtml());
    }

    ModelExpression OfRow() {
        var metadata = ViewContext.HttpContext.RequestServices.GetRequiredService<IModelMetadataProvider>();
        return new($"{RowName}.{Property}", metadata.GetModelExplorerForType(Row!.GetType(), Row).GetExplorerForProperty(Property!)
            ?? throw new InvalidOperationException($"{Row.GetType().Name} has no property {Property}."));
    }

    private protected ModelStateEntry? Attempt(string name) =>
        ViewContext.ViewData.ModelState.TryGetValue(name, out var entry) ? entry : null;

    /// <summary>What to show in a text control.</summary>
    private protected string? TypedOrModel => Entry?.AttemptedValue ?? (IsOther ? null : Format(For.Model));

    /// <summary>The values to show as chosen; null when neither the form nor the model says, so that the items may.</summary>
    private protected HashSet<string>? Chosen {
        get {
            if (Entry is { RawValue: not null } entry) {
                return entry.RawValue is string[] many ? [.. many] : [entry.AttemptedValue ?? ""];
            }
            return For.Model switch {
                _ when IsOther => [],
                null => null,
                string text => [text],
                IEnumerable list => [.. list.Cast<object?>().SelectMany(Forms)],
                var one => [.. Forms(one)]
            };
        }
    }

    private protected void WriteLabel(Markup html, string? label, string? size) {
        if (PageHeading) html.Open("h1", ("class", "govuk-label-wrapper"));
        html.Element("label", label ?? Words,
            ("class", Markup.Classes("govuk-label", string.IsNullOrEmpty(size) ? null : $"govuk-label--{size}")), ("for", Id));
        if (PageHeading) html.Close("h1");
        WriteHintAndError(html);
    }

    private protected void OpenFieldset(Markup html, string? legend, string? size, string? role = null) {
        html.Open("fieldset", ("class", "govuk-fieldset"), ("role", role), ("aria-describedby", DescribedBy))
            .Open("legend", ("class", Markup.Classes("govuk-fieldset__legend", string.IsNullOrEmpty(size) ? null : $"govuk-fieldset__legend--{size}")));
        if (PageHeading) html.Element("h1", legend ?? Words, ("class", "govuk-fieldset__heading"));
        else html.Text(legend ?? Words);
        html.Close("legend");
        WriteHintAndError(html);
    }

    private protected void WriteHintAndError(Markup html) {
        if (!string.IsNullOrEmpty(Hint)) html.Element("div", Hint, ("id", $"{Id}-hint"), ("class", "govuk-hint"));
        if (Error is not null) {
            html.Open("p", ("id", $"{Id}-error"), ("class", "govuk-error-message"))
                .Element("span", "Error:", ("class", "govuk-visually-hidden")).Text(" ").Text(Error).Close("p");
        }
    }

    private protected static string? Format(object? value) => value switch {
        null => null,
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => TimeOnlyBinder.Write(time),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()
    };

    // Html.GetEnumSelectList gives numbers as values and our own lists give names: either may be the one to compare with.
    static IEnumerable<string> Forms(object? value) {
        if (value is Enum member) yield return member.ToString("D");
        yield return Format(value) ?? "";
    }

    static string? ValueOf(TagHelperAttribute attribute) => attribute.ValueStyle == HtmlAttributeValueStyle.Minimized
        ? ""
        : attribute.Value switch {
            null => null,
            HtmlString html => System.Net.WebUtility.HtmlDecode(html.Value),
            IHtmlContent content => System.Net.WebUtility.HtmlDecode(Render(content)),
            var value => value.ToString()
        };

    static string Render(IHtmlContent content) {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return writer.ToString();
    }
}

/// <summary>The fields of the page in the order they stand, so that the error summary above them can follow it.</summary>
internal sealed class FieldOrder {
    readonly List<(string Key, string Id)> fields = [];

    internal static FieldOrder Of(HttpContext http) {
        if (http.Items[typeof(FieldOrder)] is FieldOrder order) return order;
        http.Items[typeof(FieldOrder)] = order = new FieldOrder();
        return order;
    }

    internal void Add(string key, string id) => fields.Add((key, id));

    internal int Place(string key) => fields.FindIndex(field => Same(field.Key, key)) is >= 0 and var place ? place : int.MaxValue;

    internal string Link(string key) => fields.Find(field => Same(field.Key, key)).Id ?? IdOf(key);

    internal static string IdOf(string name) => TagBuilder.CreateSanitizedId(name, "_");

    internal static string Words(ModelError error) =>
        string.IsNullOrEmpty(error.ErrorMessage) ? "This value is not valid" : error.ErrorMessage;

    static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
