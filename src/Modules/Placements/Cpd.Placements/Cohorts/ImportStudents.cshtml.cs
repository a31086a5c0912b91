using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SendStudents), RequestSizeLimit(Largest + 64 * 1024)]
internal sealed class ImportStudentsPage(IMediator mediator) : CpdPage {
    const int Largest = 1024 * 1024;

    [BindProperty(Name = "StudentFile")] public IFormFile? StudentFile { get; set; }

    internal OpenCohort.View Cohort { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (StudentFile?.Length > Largest) return Refused(Outcome.Invalid(nameof(StudentFile), "The file must be smaller than 1 MB"));
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
