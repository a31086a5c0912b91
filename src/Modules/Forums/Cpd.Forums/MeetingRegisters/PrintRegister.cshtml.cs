using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>The register of a meeting as a sheet of paper, to be signed.</summary>
[Requires(ForumsPermissions.ManageForums)]
internal sealed class PrintRegisterPage(IMediator mediator) : CpdPage {
    internal OpenRegister.View Register { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Register = outcome.Value;
        return Page();
    }
}
