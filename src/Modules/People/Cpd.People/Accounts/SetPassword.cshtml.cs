using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.People.Accounts;

[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class SetPasswordPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Password { get; set; }

    /// <summary>Null when the link is of no use any more.</summary>
    internal SetPassword.View? Link { get; private set; }

    public async Task<IActionResult> OnGetAsync(string secret, CancellationToken ct) {
        await Load(secret, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string secret, CancellationToken ct) {
        await Load(secret, ct);
        if (Link is null) return Page();
        var outcome = await mediator.Send(new SetPassword.Command(secret, Password), ct);
        if (outcome.Refusal is Platform.Messaging.NotFound) {
            await Load(secret, ct);
            return Page();
        }
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your password is set. Now sign in with it.");
        return Redirect(PeopleLinks.SignIn);
    }

    async Task Load(string secret, CancellationToken ct) => Link = BehindLink(await mediator.Send(new SetPassword.Query(secret), ct));
}
