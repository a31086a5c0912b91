using Cpd.People.Contracts;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Courses;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class AddCoursePage(IMediator mediator, CurrentUser me) : CourseFormPage(mediator) {
    [BindProperty] public Guid? AuthorityId { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public Task OnGetAsync(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (Unreadable) {
            await Load(ct);
            return Unread();
        }
        var outcome = await Mediator.Send(new AddCourse.Command {
            AuthorityId = AuthorityId, Title = Title, Summary = Summary, LearningOutcomes = LearningOutcomes, Mode = Mode, Minutes = Minutes, ParticipatoryMinutes = ParticipatoryMinutes,
            Price = Price, AgeRanges = Set, Audience = Audience, Topics = Topics, TrainingProviderId = TrainingProviderId,
        }, ct);
        if (outcome.Refusal is { } refusal) {
            await Load(ct);
            return Refused(refusal);
        }
        Banner("The course has been added as a draft. Add its sessions, then publish it.");
        return Redirect(TrainingLinks.ManagedCourse(outcome.Value));
    }

    /// <summary>The authorities in reach; an officer of one need not choose.</summary>
    async Task Load(CancellationToken ct) {
        await LoadProviders(ct);
        var reach = me.Reach(TrainingPermissions.ManageCourses);
        var mine = (await Mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count == 1) AuthorityId = mine[0].Id;
        Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
