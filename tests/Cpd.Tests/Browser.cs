using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Cpd.Tests;

/// <summary>A browser without JavaScript: gets pages, fills in the form that stands on them, and sends it with its hidden fields.</summary>
public sealed class Browser(HttpClient client) {
    public HttpClient Client => client;

    public async Task<WebPage> Get(string address) => await WebPage.Read(this, await client.GetAsync(address));

    /// <summary>Gets a page and every redirect behind it.</summary>
    public async Task<WebPage> Follow(string address) {
        var page = await Get(address);
        for (var hops = 0; page.RedirectsTo is { } next && hops < 5; hops++) page = await Get(next);
        return page;
    }
}

/// <summary>An answer with its document, if it is one.</summary>
public sealed class WebPage {
    readonly Browser browser;

    WebPage(Browser browser, HttpResponseMessage response, string text, IDocument document) =>
        (this.browser, Response, Text, Document) = (browser, response, text, document);

    public HttpResponseMessage Response { get; }
    public HttpStatusCode Status => Response.StatusCode;
    public string Text { get; }
    public IDocument Document { get; }
    public string? RedirectsTo => (int)Status is >= 300 and < 400 ? Response.Headers.Location?.OriginalString : null;
    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";
    /// <summary>What a person reads in the main part, with white space folded.</summary>
    public string Words => string.Join(' ', (Document.QuerySelector("main") ?? Document.Body)!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    /// <summary>The sentences of the error summary, in order.</summary>
    public IReadOnlyList<string> Errors => [.. Document.QuerySelectorAll(".govuk-error-summary__list li").Select(e => e.TextContent.Trim())];
    public string? Banner => Document.QuerySelector(".govuk-notification-banner__content")?.TextContent.Trim();

    /// <summary>Sends a form of this page: what stands in it, with these fields changed (a null takes a field away; a name may come twice for check boxes).</summary>
    public async Task<WebPage> Post(IEnumerable<(string Name, string? Value)> fields, string form = "main form[method=post]") {
        var element = Document.QuerySelector(form) as IHtmlFormElement ?? throw new InvalidOperationException($"There is no form '{form}' on the page '{Heading}'.");
        var changed = fields.ToList();
        var content = element.Elements.OfType<IHtmlInputElement>().Where(i => i.Type is not ("checkbox" or "radio") || i.IsChecked).Where(i => i.Type is not ("submit" or "file")).Select(i => (Name: i.Name ?? "", Value: (string?)i.Value))
            .Concat(element.Elements.OfType<IHtmlTextAreaElement>().Select(t => (Name: t.Name ?? "", Value: (string?)t.Value)))
            .Concat(element.Elements.OfType<IHtmlSelectElement>().Select(s => (Name: s.Name ?? "", Value: s.Value)))
            .Where(f => f.Name.Length > 0 && changed.All(c => c.Name != f.Name))
            .Concat(changed).Where(f => f.Value is not null);
        var action = element.GetAttribute("action") is { Length: > 0 } given ? given : Response.RequestMessage!.RequestUri!.PathAndQuery;
        using var body = new FormUrlEncodedContent(content.Select(f => KeyValuePair.Create(f.Name, f.Value!)));
        return await Read(browser, await browser.Client.PostAsync(action, body));
    }

    /// <summary>Sends something of one's own making, with the cookies of this page.</summary>
    public Task<HttpResponseMessage> Send(string address, HttpContent body) => browser.Client.PostAsync(address, body);

    public static async Task<WebPage> Read(Browser browser, HttpResponseMessage response) {
        var text = await response.Content.ReadAsStringAsync();
        var document = await BrowsingContext.New().OpenAsync(r => r.Content(text));
        return new WebPage(browser, response, text, document);
    }
}
