using System.Security.Claims;
using Cpd.Platform;
using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.People.Accounts;

[SignedIn, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class ChangePasswordPage(IMediator mediator, CurrentUser me, TextMessages texts) : CpdPage {
    [BindProperty] public string? CurrentPassword { get; set; }
    [BindProperty] public string? NewPassword { get; set; }

    internal string Name => me.Name;
    internal bool MayChooseTexts => texts.CanBeSent;
    internal bool MayUseKeys => me.May(PeoplePermissions.UseKeys);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new ChangePassword.Command(CurrentPassword, NewPassword, Guid.Parse(User.FindFirstValue(ClaimTypes.NameIdentifier)!)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your password has been changed. You have been signed out everywhere else.");
        return Redirect(PeopleLinks.Account);
    }
}
