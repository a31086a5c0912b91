using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Programmes;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class SetAlternativePage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true)] public string? Find { get; set; }
    [BindProperty] public Guid? CourseId { get; set; }

    internal OpenProgramme.View Programme { get; private set; } = null!;
    internal CourseCard? Chosen { get; private set; }
    internal IReadOnlyList<SelectListItem> Courses { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        CourseId = Chosen?.Id;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new SetAlternative.Command(id, CourseId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(CourseId is null ? "Students without a placement are shown no course." : "The course has been saved. Students without a placement are shown it.");
        return Redirect(PlacementsLinks.Programme(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenProgramme.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Programme = outcome.Value;
        if (!Programme.MayManage) return NotFound();
        var setUp = (await mediator.Send(new SeeSetUp.Query(id), ct)).Value;
        if (setUp.AlternativeCourseId is { } known) Chosen = await mediator.Send(new FindCourses([known]), ct) is [var course, ..] ? course : null;
        var found = string.IsNullOrWhiteSpace(Find) ? [] : await mediator.Send(new SearchCourses(Find), ct);
        Courses = [new("None", ""), .. found.Where(c => c.AuthorityId == setUp.AuthorityId && c.Id != Chosen?.Id).Concat(Chosen is null ? [] : [Chosen]).Select(c => new SelectListItem(c.Title, c.Id.ToString()))];
        return null;
    }
}
