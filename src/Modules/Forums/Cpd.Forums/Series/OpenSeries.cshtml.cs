using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Series;

[Public]
internal sealed class OpenSeriesPage(IMediator mediator) : CpdPage {
    internal OpenSeries.View Series { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSeries.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Series = outcome.Value;
        return Page();
    }
}
