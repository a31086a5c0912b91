using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class ChangeCohortPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public DateOnly? StartsOn { get; set; }
    [BindProperty] public DateOnly? EndsOn { get; set; }
    [BindProperty, Display(Name = "The hours for each student")] public int? HoursPerStudent { get; set; }
    [BindProperty, Display(Name = "The number of students")] public int? Expected { get; set; }

    internal OpenCohort.View Cohort { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Version, Name, StartsOn, EndsOn, HoursPerStudent, Expected) = (Cohort.Version, Cohort.Name, Cohort.StartsOn, Cohort.EndsOn, Cohort.MinutesPerStudent / 60, Cohort.Expected);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new ChangeCohort.Command(id, Version, Name, StartsOn, EndsOn, HoursPerStudent, Expected), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The cohort has been saved.");
        return Redirect(PlacementsLinks.Cohort(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCohort.Query(id, new(1)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Cohort = outcome.Value;
        return Cohort.MayManage ? null : NotFound();
    }
}
