using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.Schemes;

[Requires(AccreditationPermissions.ManageSchemes)]
internal sealed class AddSchemePage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public Guid? AccreditorId { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Description { get; set; }

    internal IReadOnlyList<SelectListItem> Accreditors { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        await Load(ct);
        var outcome = await mediator.Send(new AddScheme.Command(AccreditorId, Name, Description), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The scheme has been added. Now add the courses that it accredits.");
        return Redirect(AccreditationLinks.Scheme(outcome.Value));
    }

    /// <summary>The accreditors in reach; who acts for one need not choose.</summary>
    async Task Load(CancellationToken ct) {
        var reach = me.Reach(AccreditationPermissions.ManageSchemes);
        var mine = reach.All ? await mediator.Send(new ListOrganisations(OrganisationKind.Accreditor), ct) : await mediator.Send(new FindOrganisations(reach.Accreditors), ct);
        if (mine.Count == 1) AccreditorId ??= mine[0].Id;
        Accreditors = [.. mine.Select(o => new SelectListItem(o.Name, o.Id.ToString()))];
    }
}
