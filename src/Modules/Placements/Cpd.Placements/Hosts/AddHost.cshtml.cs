using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Hosts;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class AddHostPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid? OrganisationId { get; set; }
    [BindProperty] public string? Project { get; set; }
    [BindProperty, Display(Name = "Students at once")] public int? Capacity { get; set; }
    [BindProperty] public bool Agreed { get; set; }

    internal OpenProgramme.View Programme { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Organisations { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid programmeId, CancellationToken ct) => await Load(programmeId, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid programmeId, CancellationToken ct) {
        if (await Load(programmeId, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new AddHost.Command(programmeId, OrganisationId, Project, Capacity, Agreed), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Agreed ? "The host has been added." : "The host has been added and asked whether it takes part.");
        return Redirect(PlacementsLinks.Programme(programmeId));
    }

    async Task<IActionResult?> Load(Guid programmeId, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenProgramme.Query(programmeId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Programme = outcome.Value;
        if (!Programme.MayManage) return NotFound();
        Organisations = [.. (await mediator.Send(new ListOrganisations(OrganisationKind.PlacementHost), ct)).Select(o => new SelectListItem(o.Name, o.Id.ToString()))];
        return null;
    }
}
