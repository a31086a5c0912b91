using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Courses;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class OpenManagedCoursePage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal OpenManagedCourse.View Found { get; private set; } = null!;
    internal OpenManagedCourse.Course Course => Found.Course;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostPublishAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new PublishCourse.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The course is published: everyone can find it in the catalogue.");
        return Redirect(TrainingLinks.ManagedCourse(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedCourse.Query(id, new Paging(PageNumber)), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
