using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Accreditation.Certificates;

// Limited per network address, so that nobody tries out numbers.
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class CheckCertificatePage(IMediator mediator) : CpdPage {
    /// <summary>Null when the number is no certificate's.</summary>
    internal CheckCertificate.View? Certificate { get; private set; }
    internal string Number { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(string number, CancellationToken ct) {
        Number = number;
        var outcome = await mediator.Send(new CheckCertificate.Query(number), ct);
        if (outcome.Refusal is null) Certificate = outcome.Value;
        else Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
