using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;

namespace Cpd.Training.Catalogue;

[Public, OutputCache(PolicyName = PublicPages.Briefly)]
internal sealed class OpenCoursePage(IMediator mediator, CurrentUser me) : CpdPage {
    internal OpenCourse.View Course { get; private set; } = null!;
    internal bool MayManage => me.Reach(TrainingPermissions.ManageCourses) is var reach && (reach.All || reach.Authorities.Contains(Course.AuthorityId));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCourse.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Course = outcome.Value;
        return Page();
    }
}
