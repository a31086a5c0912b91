using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Certificates;

// Whoever has a record may ask; the slice answers only those the certificate concerns.
[Requires(AccreditationPermissions.KeepOwnRecord)]
internal sealed class OpenCertificatePage(IMediator mediator) : CpdPage {
    internal OpenCertificate.View Certificate { get; private set; } = null!;
    internal string CheckAddress => $"{Request.Scheme}://{Request.Host}{Certificate.CheckAt}";

    public async Task<IActionResult> OnGetAsync(string number, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCertificate.Query(number), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Certificate = outcome.Value;
        return Page();
    }
}
