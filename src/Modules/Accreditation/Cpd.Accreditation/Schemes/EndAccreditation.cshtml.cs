using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Schemes;

[Requires(AccreditationPermissions.ManageSchemes)]
internal sealed class EndAccreditationPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal Guid SchemeId { get; private set; }
    internal OpenAccreditation.View Accreditation { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid schemeId, Guid id, CancellationToken ct) => await Load(schemeId, id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid schemeId, Guid id, CancellationToken ct) {
        if (await Load(schemeId, id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new EndAccreditation.Command(schemeId, id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The accreditation has been ended.");
        return Redirect(AccreditationLinks.Scheme(schemeId));
    }

    async Task<IActionResult?> Load(Guid schemeId, Guid id, CancellationToken ct) {
        SchemeId = schemeId;
        var outcome = await mediator.Send(new OpenAccreditation.Query(schemeId, id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Accreditation = outcome.Value;
        return null;
    }
}
