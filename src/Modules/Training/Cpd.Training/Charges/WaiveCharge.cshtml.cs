using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Charges;

/// <summary>One charge, for all who may see it; the form to waive it for those who may.</summary>
[Requires(TrainingPermissions.SeeCharges)]
internal sealed class WaiveChargePage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal ListCharges.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new WaiveCharge.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal is Conflict ? await Load(id, ct) ?? refusal : refusal);
        Banner("The charge has been waived.");
        return Redirect(TrainingLinks.WaiveCharge(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListCharges.OneQuery(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
