using Cpd.Platform.Security;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>
/// Puts the token of <see cref="Once"/> into every form that is posted, for somebody who is signed in. One token a page: forms differ in
/// what they send. It stands first in the form, so that a page that reads an upload as it arrives has it before the file.
/// </summary>
[HtmlTargetElement("form", Attributes = "method")]
public sealed class OnceTagHelper(CurrentUser me) : TagHelper {
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (!me.IsSignedIn || !string.Equals(context.AllAttributes["method"].Value?.ToString(), "post", StringComparison.OrdinalIgnoreCase)) return;
        var items = ViewContext.HttpContext.Items;
        var token = items[typeof(OnceTagHelper)] as string ?? (string)(items[typeof(OnceTagHelper)] = Codes.Secret());
        output.PreContent.AppendHtml(new Markup().Open("input", ("type", "hidden"), ("name", Once.Field), ("value", token)).ToHtml());
    }
}
