using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cpd.Platform.Web.TagHelpers;

/// <summary>A button that sends the form; with an href, a link that looks like one.</summary>
[HtmlTargetElement("govuk-button")]
public sealed class ButtonTagHelper : TagHelper {
    /// <summary>primary, secondary or warning.</summary>
    public string Kind { get; set; } = "primary";
    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        output.Become(Href is null ? "button" : "a", Markup.Classes("govuk-button", Kind == "primary" ? null : $"govuk-button--{Kind}"));
        output.Attributes.SetAttribute("data-module", "govuk-button");
        if (Href is null) {
            if (!output.Attributes.ContainsName("type")) output.Attributes.SetAttribute("type", "submit");
            output.Attributes.SetAttribute("data-prevent-double-click", "true");
        } else {
            output.Attributes.SetAttribute("href", Href);
            output.Attributes.SetAttribute("role", "button");
            output.Attributes.SetAttribute("draggable", "false");
        }
    }
}

/// <summary>A status in one or two words.</summary>
[HtmlTargetElement("govuk-tag")]
public sealed class TagTagHelper : TagHelper {
    /// <summary>grey, green, teal, blue, purple, magenta, red, orange or yellow; blue when left out.</summary>
    public string? Colour { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("strong", Markup.Classes("govuk-tag", string.IsNullOrEmpty(Colour) ? null : $"govuk-tag--{Colour}"));
    }
}

/// <summary>A passage set off from the text around it.</summary>
[HtmlTargetElement("govuk-inset")]
public sealed class InsetTagHelper : TagHelper {
    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("div", "govuk-inset-text");
    }
}

/// <summary>Something with consequences, before the person acts.</summary>
[HtmlTargetElement("govuk-warning")]
public sealed class WarningTagHelper : TagHelper {
    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("div", "govuk-warning-text");
        output.PreContent.SetHtmlContent("""<span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> """);
        output.PostContent.SetHtmlContent("</strong>");
    }
}

/// <summary>Help that only some people need, behind a line that opens it.</summary>
[HtmlTargetElement("govuk-details", Attributes = "summary")]
public sealed class DetailsTagHelper : TagHelper {
    public string Summary { get; set; } = "";

    /// <summary>From the beginning: what is wrong inside must be seen.</summary>
    public bool Open { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("details", "govuk-details");
        if (Open) output.Attributes.SetAttribute("open", "");
        output.PreContent.SetHtmlContent(new Markup()
            .Open("summary", ("class", "govuk-details__summary")).Element("span", Summary, ("class", "govuk-details__summary-text")).Close("summary")
            .Open("div", ("class", "govuk-details__text")).ToHtml());
        output.PostContent.SetHtmlContent("</div>");
    }
}

/// <summary>The way back, first thing on a page: the layout's BeforeContent section is its place.</summary>
[HtmlTargetElement("govuk-back-link", Attributes = "href")]
public sealed class BackLinkTagHelper : TagHelper {
    public string Href { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        var content = await output.GetChildContentAsync();
        output.Become("a", "govuk-back-link");
        output.Attributes.SetAttribute("href", Href);
        if (content.IsEmptyOrWhiteSpace) output.Content.SetContent("Back");
    }
}

/// <summary>
/// What has just been done, told on the next page: TempData["Banner"]. Nothing without it, and nothing above an error summary.
/// The layout shows it; a page that places one itself takes it over.
/// </summary>
[HtmlTargetElement("govuk-banner")]
public sealed class BannerTagHelper : TagHelper {
    /// <summary>success or important.</summary>
    public string Kind { get; set; } = "success";

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        var items = ViewContext.HttpContext.Items;
        // Only looking for a banner makes the framework send a cookie that deletes it, with every page; so it is looked for where there is one.
        var cookie = ViewContext.HttpContext.RequestServices.GetRequiredService<IOptions<CookieTempDataProviderOptions>>().Value.Cookie.Name!;
        if (items.ContainsKey(typeof(BannerTagHelper)) || ViewContext.ViewData.ModelState.ErrorCount > 0 || !ViewContext.HttpContext.Request.Cookies.ContainsKey(cookie)
            || ViewContext.TempData["Banner"]?.ToString() is not { Length: > 0 } message) {
            output.SuppressOutput();
            return;
        }
        items[typeof(BannerTagHelper)] = true;
        var success = Kind == "success";
        output.Become("div", Markup.Classes("govuk-notification-banner", success ? "govuk-notification-banner--success" : null));
        output.Attributes.SetAttribute("role", success ? "alert" : "region");
        output.Attributes.SetAttribute("aria-labelledby", "govuk-notification-banner-title");
        output.Attributes.SetAttribute("data-module", "govuk-notification-banner");
        output.Content.SetHtmlContent(new Markup()
            .Open("div", ("class", "govuk-notification-banner__header"))
            .Element("h2", success ? "Success" : "Important", ("class", "govuk-notification-banner__title"), ("id", "govuk-notification-banner-title"))
            .Close("div").Open("div", ("class", "govuk-notification-banner__content"))
            .Element("p", message, ("class", "govuk-notification-banner__heading")).Close("div").ToHtml());
    }
}

/// <summary>An empty list: what is not there, and (as content) what to do next.</summary>
[HtmlTargetElement("govuk-empty", Attributes = "title")]
public sealed class EmptyTagHelper : TagHelper {
    public string Title { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output) {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("div", "app-empty");
        output.PreContent.SetHtmlContent(new Markup().Element("h2", Title, ("class", "app-empty__title")).ToHtml());
    }
}
