using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.People.Accounts;

[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class ForgotPasswordPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Email { get; set; }

    internal bool Sent { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new ForgotPassword.Command(Email), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Sent = true;
        return Page();
    }
}
