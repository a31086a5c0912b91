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

    /// <summary>Sent by the button that says whether certificates wait.</summary>
    [BindProperty] public bool AfterEvaluation { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id, string? format, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeSessionEvaluation.Query(id, format == "csv" ? null : new Paging(PageNumber, 50)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return format == "csv" ? SeeSessionEvaluation.File(Found) : Page();
    }

    public async Task<IActionResult> OnPostCertificatesAsync(Guid id, CancellationToken ct) {
        var seen = await mediator.Send(new SeeSessionEvaluation.Query(id, new Paging(PageNumber, 50)), ct);
        if (seen.Refusal is { } unseen) return Refused(unseen);
        Found = seen.Value;
        var outcome = await mediator.Send(new SetCertificateRule.Command(id, AfterEvaluation), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(AfterEvaluation ? "Certificates are issued once a person has answered." : "Certificates no longer wait for the evaluation. Whoever waited gets theirs now.");
        return Redirect(TrainingLinks.SessionEvaluation(id));
    }
}
