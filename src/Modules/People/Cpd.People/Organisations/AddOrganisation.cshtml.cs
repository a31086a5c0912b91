using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Organisations;

[Requires(PeoplePermissions.AddOrganisations)]
internal sealed class AddOrganisationPage(IMediator mediator) : CpdPage {
    [BindProperty] public OrganisationKind? Kind { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Email { get; set; }
    [BindProperty] public string? Website { get; set; }

    internal static IReadOnlyList<SelectListItem> Kinds => [
        new HintedItem("Training provider", nameof(OrganisationKind.TrainingProvider), "Delivers courses"),
        new HintedItem("Accreditor", nameof(OrganisationKind.Accreditor), "Accredits courses"),
        new HintedItem("Placement host", nameof(OrganisationKind.PlacementHost), "Takes students on placements"),
        new HintedItem("Sending institution", nameof(OrganisationKind.Institution), "A university, college or employer that sends students on placements"),
    ];

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new AddOrganisation.Command(Kind, Name, Email, Website), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Name!.Trim()} has been added.");
        return Redirect(PeopleLinks.Organisations + "?kind=" + Kind);
    }
}
