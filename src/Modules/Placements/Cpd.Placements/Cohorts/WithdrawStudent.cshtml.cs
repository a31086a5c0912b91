using Cpd.Placements.Hours;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SendStudents)]
internal sealed class WithdrawStudentPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal SeeStudent.View Student { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new WithdrawStudent.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Student.Name} has left the cohort.");
        return Redirect(PlacementsLinks.Cohort(Student.CohortId));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeStudent.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Student = outcome.Value;
        return Student.MaySend ? null : NotFound();
    }
}
