using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.Schemes;

[Requires(AccreditationPermissions.ManageSchemes)]
internal sealed class ChangeSchemePage(IMediator mediator) : SchemePage(mediator) {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Description { get; set; }
    [BindProperty] public SchemeState? State { get; set; }

    internal static IReadOnlyList<SelectListItem> States => [new("Open to new courses", nameof(SchemeState.Open)), new("Closed to new courses", nameof(SchemeState.Closed))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Version, Name, Description, State) = (Scheme.Version, Scheme.Name, Scheme.Description, Scheme.State);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await Mediator.Send(new ChangeScheme.Command(id, Version, Name, Description, State), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The scheme has been changed.");
        return Redirect(AccreditationLinks.Scheme(id));
    }
}
