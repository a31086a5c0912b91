using Cpd.Platform.Data;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Schemes;

/// <summary>A page about one scheme, which is not found out of reach.</summary>
internal abstract class SchemePage(IMediator mediator) : CpdPage {
    private protected IMediator Mediator => mediator;
    internal OpenScheme.View Scheme { get; private set; } = null!;

    private protected async Task<IActionResult?> Load(Guid id, CancellationToken ct, int page = 1) {
        var outcome = await mediator.Send(new OpenScheme.Query(id, new Paging(page)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Scheme = outcome.Value;
        return null;
    }
}
