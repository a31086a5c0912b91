using System.Globalization;
using System.Text;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using QRCoder;

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

    /// <summary>The address as a QR code: one path and no style, which the content security policy would refuse.</summary>
    internal static IHtmlContent QrCode(string address) {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++) {
            for (var x = 0; x < rows[y].Count; x++) {
                if (rows[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }
        return new HtmlString($"""
            <svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges" role="img" aria-label="QR code of the address to check this certificate"><rect width="100%" height="100%" fill="#ffffff"/><path fill="#000000" d="{path}"/></svg>
            """);
    }
}
