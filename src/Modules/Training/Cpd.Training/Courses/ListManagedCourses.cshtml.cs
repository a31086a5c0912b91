using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Courses;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class ListManagedCoursesPage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "state")] public Publication State { get; set; } = Publication.Published;
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal ListManagedCourses.View Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListManagedCourses.Query(State, new Paging(PageNumber)), ct);
}
