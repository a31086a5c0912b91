using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Operations;

[Requires(OperationsPermissions.Operate)]
internal sealed class ListParkedEventsPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;
    [BindProperty] public Guid Id { get; set; }

    internal PageOf<ListParkedEvents.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListParkedEvents.Query(new Paging(PageNumber)), ct);

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => Retry(Id, ct);

    public Task<IActionResult> OnPostAllAsync(CancellationToken ct) => Retry(null, ct);

    async Task<IActionResult> Retry(Guid? id, CancellationToken ct) {
        var outcome = await mediator.Send(new RetryEvents.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Show.Count(outcome.Value, "event is", "events are")} being delivered again.");
        return Redirect(OperationsLinks.Events);
    }
}
