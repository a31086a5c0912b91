using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Evaluations;

[Requires(TrainingPermissions.SeeEvaluations)]
internal sealed class SeeSessionEvaluationPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal SeeSessionEvaluation.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, string? format, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeSessionEvaluation.Query(id, format == "csv" ? null : new Paging(PageNumber, 50)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return format == "csv" ? SeeSessionEvaluation.File(Found) : Page();
    }
}
