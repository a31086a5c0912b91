using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SendStudents), RequestSizeLimit(ImportStudents.Largest + 64 * 1024)]
internal sealed class ImportStudentsPage(IMediator mediator) : CpdPage {
    [BindProperty(Name = "StudentFile")] public IFormFile? StudentFile { get; set; }

    internal OpenCohort.View Cohort { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        await using var sent = StudentFile?.OpenReadStream();
        var outcome = await mediator.Send(new ImportStudents.Command(id, sent), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Show.Count(outcome.Value, "student")} added. They are invited by email.");
        return Redirect(PlacementsLinks.Cohort(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCohort.Query(id, new(1)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Cohort = outcome.Value;
        return Cohort.MaySend ? null : NotFound();
    }
}
