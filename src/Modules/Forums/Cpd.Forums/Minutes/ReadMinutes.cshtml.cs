using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Minutes;

/// <summary>The minutes of a meeting as people read them.</summary>
[Public]
internal sealed class ReadMinutesPage(IMediator mediator) : CpdPage {
    internal SeeMinutes.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeMinutes.Public(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
