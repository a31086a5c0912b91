using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.AspNetCore.WebUtilities;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>Links to the other pages of a list. Nothing when there is one page. Filters in the address are kept.</summary>
[HtmlTargetElement("govuk-pagination", Attributes = "page,pages")]
public sealed class PaginationTagHelper : TagHelper {
    const string Previous = """<svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"></path></svg>""";
    const string Next = """<svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"></path></svg>""";

    /// <summary>The page shown, from 1.</summary>
    public int Page { get; set; }
    public int Pages { get; set; }

    /// <summary>The address of the list; the current one when left out. The query of the current request is added.</summary>
    public string? Href { get; set; }

    /// <summary>The address of a page, when it is not the list's address with page= in the query.</summary>
    public Func<int, string>? HrefOf { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        if (Pages <= 1) {
            output.SuppressOutput();
            return;
        }
        output.Become("nav", "govuk-pagination");
        if (!output.Attributes.ContainsName("aria-label")) output.Attributes.SetAttribute("aria-label", "Pagination");

        var html = new Markup();
        if (Page > 1) {
            html.Open("div", ("class", "govuk-pagination__prev"))
                .Open("a", ("class", "govuk-link govuk-pagination__link"), ("href", Address(Page - 1)), ("rel", "prev"))
                .Raw(Previous).Raw("""<span class="govuk-pagination__link-title">Previous<span class="govuk-visually-hidden"> page</span></span></a></div>""");
        }
        html.Open("ul", ("class", "govuk-pagination__list"));
        var last = 0;
        foreach (var page in Shown()) {
            if (page > last + 1) html.Raw("""<li class="govuk-pagination__item govuk-pagination__item--ellipsis">&ctdot;</li>""");
            last = page;
            var number = page.ToString(CultureInfo.InvariantCulture);
            html.Open("li", ("class", Markup.Classes("govuk-pagination__item", page == Page ? "govuk-pagination__item--current" : null)))
                .Element("a", number, ("class", "govuk-link govuk-pagination__link"), ("href", Address(page)), ("aria-label", $"Page {number}"),
                    ("aria-current", page == Page ? "page" : null))
                .Close("li");
        }
        html.Close("ul");
        if (Page < Pages) {
            html.Open("div", ("class", "govuk-pagination__next"))
                .Open("a", ("class", "govuk-link govuk-pagination__link"), ("href", Address(Page + 1)), ("rel", "next"))
                .Raw("""<span class="govuk-pagination__link-title">Next<span class="govuk-visually-hidden"> page</span></span>""").Raw(Next)
                .Close("a").Close("div");
        }
        output.Content.SetHtmlContent(html.ToHtml());
    }

    // First, last, the current one and its neighbours; a gap of one page is filled, since the dots would take as much room.
    IEnumerable<int> Shown() {
        bool Wanted(int page) => page == 1 || page == Pages || Math.Abs(page - Page) <= 1;
        for (var page = 1; page <= Pages; page++) {
            if (Wanted(page) || (Wanted(page - 1) && Wanted(page + 1))) yield return page;
        }
    }

    string Address(int page) {
        if (HrefOf is not null) return HrefOf(page);
        var request = ViewContext.HttpContext.Request;
        var query = request.Query.Where(pair => !pair.Key.Equals("page", StringComparison.OrdinalIgnoreCase))
            .Append(new("page", page.ToString(CultureInfo.InvariantCulture)));
        return QueryHelpers.AddQueryString(Href ?? (request.PathBase + request.Path).ToString(), query);
    }
}
