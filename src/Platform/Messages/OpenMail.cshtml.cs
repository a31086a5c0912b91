using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Messages;

[Public, FromThisMachine]
internal sealed class OpenMailPage(IMediator mediator) : CpdPage {
    internal OpenMail.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenMail.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
