using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Operations;

[Requires(OperationsPermissions.RetryMessages)]
internal sealed class ListParkedMessagesPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;
    [BindProperty] public Guid Id { get; set; }

    internal PageOf<ListParkedMessages.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListParkedMessages.Query(new Paging(PageNumber)), ct);

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => Retry(Id, ct);

    public Task<IActionResult> OnPostAllAsync(CancellationToken ct) => Retry(null, ct);

    async Task<IActionResult> Retry(Guid? id, CancellationToken ct) {
        var outcome = await mediator.Send(new RetryMessages.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Show.Count(outcome.Value, "message is", "messages are")} being sent again.");
        return Redirect(OperationsLinks.Messages);
    }
}
