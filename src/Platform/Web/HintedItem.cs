using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Platform.Web;

/// <summary>A choice with a line of help under it, for radios and checkboxes.</summary>
public sealed class HintedItem(string text, string value, string hint) : SelectListItem(text, value) {
    public string Hint { get; } = hint;
}
