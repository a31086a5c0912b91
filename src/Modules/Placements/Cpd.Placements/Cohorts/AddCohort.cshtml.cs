using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class AddCohortPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid? OrganisationId { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public DateOnly? StartsOn { get; set; }
    [BindProperty] public DateOnly? EndsOn { get; set; }
    [BindProperty, Display(Name = "The hours for each student")] public int? HoursPerStudent { get; set; }
    [BindProperty, Display(Name = "The number of students")] public int? Expected { get; set; }

    internal OpenProgramme.View Programme { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Institutions { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        HoursPerStudent = Programme.MinutesPerStudent / 60;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AddCohort.Command(id, OrganisationId, Name, StartsOn, EndsOn, HoursPerStudent, Expected), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The cohort has been added. Now import its students.");
        return Redirect(PlacementsLinks.Cohort(outcome.Value));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenProgramme.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Programme = outcome.Value;
        if (!Programme.MayManage) return NotFound();
        Institutions = [.. (await mediator.Send(new ListOrganisations(OrganisationKind.Institution), ct)).Select(o => new SelectListItem(o.Name, o.Id.ToString()))];
        return null;
    }
}
