using Cpd.People.Access;
using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.People.Accounts;

[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class SignInPage(IMediator mediator, CurrentUser me, Sessions sessions) : CpdPage {
    [BindProperty] public string? Email { get; set; }
    [BindProperty] public string? Password { get; set; }
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => me.IsSignedIn ? LocalRedirect(Next) : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new SignIn.Command(Email, Password, Network.Of(HttpContext.Connection.RemoteIpAddress)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        await sessions.Begin(HttpContext, outcome.Value);
        return LocalRedirect(Next);
    }

    /// <summary>Where they wanted to go, if that is a page of ours.</summary>
    string Next => Url.IsLocalUrl(ReturnUrl) && !ReturnUrl.StartsWith(PeopleLinks.SignOut, StringComparison.OrdinalIgnoreCase) ? ReturnUrl : PeopleLinks.Home;
}
