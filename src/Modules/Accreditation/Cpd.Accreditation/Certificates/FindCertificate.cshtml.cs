using Cpd.Platform;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Accreditation.Certificates;

[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class FindCertificatePage : CpdPage {
    [BindProperty(SupportsGet = true)] public string? Number { get; set; }

    // A search: the number travels in the address, so that the answer can be kept and passed on.
    public IActionResult OnGet() {
        if (!Request.Query.ContainsKey(nameof(Number))) return Page();
        var number = Codes.Normalise(Number ?? "");
        return number.Length > 0 ? Redirect(AccreditationLinks.CheckNumber(number)) : Refused(Outcome.Invalid(nameof(Number), "Enter the number of the certificate"));
    }
}
