using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Series;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class EndSeriesPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal EndSeries.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new EndSeries.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Found.Members == 0 ? "The forum has ended." : "The forum has ended, and every member is told.");
        return Redirect(ForumsLinks.Series(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new EndSeries.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
