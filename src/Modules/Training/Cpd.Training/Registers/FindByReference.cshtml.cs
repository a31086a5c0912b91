using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

[Requires(TrainingPermissions.KeepRegister)]
internal sealed class FindByReferencePage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(string reference, CancellationToken ct) {
        var outcome = await mediator.Send(new FindByReference.Query(reference), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Redirect($"{TrainingLinks.Door(outcome.Value.SessionId)}?find={outcome.Value.Reference}");
    }
}
