using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Actions;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class ListActionsPage(IMediator mediator) : CpdPage {
    internal ListActions.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListActions.Query(id, null, OnlyOpen: false), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
