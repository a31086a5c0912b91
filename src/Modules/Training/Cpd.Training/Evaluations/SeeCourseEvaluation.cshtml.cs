using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Evaluations;

[Requires(TrainingPermissions.SeeEvaluations)]
internal sealed class SeeCourseEvaluationPage(IMediator mediator) : CpdPage {
    internal SeeCourseEvaluation.View Found { get; private set; } = null!;
    /// <summary>The questions of which the table of sessions shows the percentages.</summary>
    internal IReadOnlyList<Result> Columns => [.. Found.Results.Where(r => r.Short.Length > 0)];

    public async Task<IActionResult> OnGetAsync(Guid id, string? format, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeCourseEvaluation.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return format == "csv" ? SeeCourseEvaluation.File(Found) : Page();
    }
}
