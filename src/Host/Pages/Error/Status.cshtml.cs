using Cpd.Platform.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Cpd.Host.Pages.Error;

/// <summary>What a person reads instead of a status code. A refused POST is re-executed here as a POST, hence no token check.</summary>
[Public]
[IgnoreAntiforgeryToken(Order = 1001)]
[ResponseCache(NoStore = true)]
internal sealed class StatusModel : PageModel {
    public int Code { get; private set; }

    public string Heading => Code switch {
        400 => "Sorry, we could not understand your request",
        403 => "You do not have access to this page",
        429 => "Too many requests",
        500 => "Sorry, there is a problem with the service",
        503 => "Sorry, the service is unavailable",
        _ => "Page not found"
    };

    public void OnGet(int code) => Show(code);

    public void OnPost(int code) => Show(code);

    void Show(int code) {
        Code = code is 400 or 403 or 429 or 500 or 503 ? code : 404;
        // A page asked for by its own address must not answer 200; the words and the status say the same.
        Response.StatusCode = Code;
    }
}
