using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Courses;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class CancelCoursePage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal OpenManagedCourse.Course Course { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new CancelCourse.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The course has been cancelled, and everyone booked on a session ahead has been told.");
        return Redirect(TrainingLinks.ManagedCourse(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedCourse.Query(id, new Paging(1)), ct);
        if (outcome.Refusal is null) Course = outcome.Value.Course;
        return outcome.Refusal;
    }
}
