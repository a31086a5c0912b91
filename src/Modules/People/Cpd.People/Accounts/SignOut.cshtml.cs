using Cpd.People.Access;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Accounts;

/// <summary>Ends the session on the server. Opened by its address it asks first: looking at a page changes nothing.</summary>
[SignedIn]
internal sealed class SignOutPage : CpdPage {
    public async Task<IActionResult> OnPostAsync() {
        await HttpContext.SignOutAsync(Sessions.Scheme);
        Banner("You have signed out.");
        return Redirect(PeopleLinks.SignIn);
    }
}
