using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Materials;

// Any role may be booked: the slice answers those who are.
[SignedIn]
internal sealed class OpenMaterialPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenMaterial.Query(id), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : outcome.Value;
    }
}
