using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class ListDecisionsPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal Guid Id { get; private set; }
    internal ListDecisions.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListDecisions.Query(id, new Paging(PageNumber)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        (Id, Found) = (id, outcome.Value);
        return Page();
    }
}
