using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingEvaluations;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class SeeEvaluationPage(IMediator mediator) : CpdPage {
    internal SeeEvaluation.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeEvaluation.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
