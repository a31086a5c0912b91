using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>
/// "There is a problem", above the h1: a line for each field with an error, linked to it, and the errors of the form as a
/// whole as text. Nothing when all is well.
/// </summary>
[HtmlTargetElement("govuk-error-summary")]
public sealed class ErrorSummaryTagHelper : TagHelper {
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        if (ViewContext.ViewData.ModelState.ErrorCount == 0) {
            output.SuppressOutput();
            return;
        }
        output.Become("div", "govuk-error-summary");
        output.Attributes.SetAttribute("data-module", "govuk-error-summary");
        // Written with the page, not now: the fields stand further down and have not told their order and ids yet.
        output.Content.SetHtmlContent(new Lines(ViewContext));
    }

    sealed class Lines(ViewContext view) : IHtmlContent {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) {
            var order = FieldOrder.Of(view.HttpContext);
            var html = new Markup().Raw("""<div role="alert"><h2 class="govuk-error-summary__title">There is a problem</h2>""")
                .Raw("""<div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">""");

            var fields = view.ViewData.ModelState.Where(entry => entry.Value!.Errors.Count > 0).OrderBy(entry => order.Place(entry.Key));
            foreach (var (key, entry) in fields) {
                if (key.Length == 0) {
                    foreach (var error in entry!.Errors) html.Element("li", FieldOrder.Words(error));
                } else {
                    html.Open("li").Element("a", FieldOrder.Words(entry!.Errors[0]), ("href", "#" + order.Link(key))).Close("li");
                }
            }
            writer.Write(html.Raw("</ul></div></div>").ToString());
        }
    }
}
