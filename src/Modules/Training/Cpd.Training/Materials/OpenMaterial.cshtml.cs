using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Cpd.Training.Materials;

// Any role may be booked: the slice answers those who are.
[SignedIn]
internal sealed class OpenMaterialPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenMaterial.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var (name, size, parts) = outcome.Value;
        Response.ContentType = MaterialFile.Type(name);
        Response.ContentLength = size;
        // Kept and opened on the reader's own side, never shown as a page of this service.
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        Response.Headers.ContentDisposition = disposition.ToString();
        await foreach (var part in parts) await Response.Body.WriteAsync(part, ct);
        return new EmptyResult();
    }
}
