using Cpd.Forums.Meetings;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Series;

[Public]
internal sealed class OpenSeriesPage(IMediator mediator) : CpdPage {
    internal OpenSeries.View Series { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostPublishAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new PublishDrafts.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Show.Count(outcome.Value, "meeting has", "meetings have")} been published, and every member is invited.");
        return Redirect(ForumsLinks.Series(id));
    }

    public async Task<IActionResult> OnPostReopenAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new ReopenSeries.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The forum is open again. Nobody is a member of it yet.");
        return Redirect(ForumsLinks.Series(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSeries.Query(id), ct);
        if (outcome.Refusal is null) Series = outcome.Value;
        return outcome.Refusal;
    }
}
