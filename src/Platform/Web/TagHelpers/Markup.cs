using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>Writes HTML: what is not a literal of ours is encoded.</summary>
internal sealed class Markup {
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    readonly StringBuilder text = new();

    /// <summary>A start tag. An attribute whose value is null is left out; an empty value stands alone (checked).</summary>
    internal Markup Open(string tag, params IEnumerable<(string Name, string? Value)> attributes) {
        text.Append('<').Append(tag);
        foreach (var (name, value) in attributes) {
            if (value is null) continue;
            text.Append(' ').Append(name);
            if (value.Length > 0 || name == "value") text.Append("=\"").Append(Encoder.Encode(value)).Append('"');
        }
        text.Append('>');
        return this;
    }

    internal Markup Close(string tag) {
        text.Append("</").Append(tag).Append('>');
        return this;
    }

    internal Markup Text(string value) {
        text.Append(Encoder.Encode(value));
        return this;
    }

    internal Markup Raw(string html) {
        text.Append(html);
        return this;
    }

    internal Markup Element(string tag, string content, params IEnumerable<(string Name, string? Value)> attributes) =>
        Open(tag, attributes).Text(content).Close(tag);

    internal HtmlString ToHtml() => new(text.ToString());

    public override string ToString() => text.ToString();

    /// <summary>Class names with a space between; null and empty ones left out.</summary>
    internal static string Classes(params IEnumerable<string?> names) => string.Join(' ', names.Where(name => !string.IsNullOrEmpty(name)));
}

internal static class TagHelperOutputs {
    /// <summary>Makes the output an element with both tags, its classes before those that the page gave.</summary>
    internal static void Become(this TagHelperOutput output, string tag, string classes) {
        output.TagName = tag;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Markup.Classes(classes, output.Attributes["class"]?.Value?.ToString()));
    }
}
