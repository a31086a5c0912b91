using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

/// <summary>A badge for everyone on the register, with the code that is scanned at the door.</summary>
[Requires(TrainingPermissions.KeepRegister)]
internal sealed class PrintBadgesPage(IMediator mediator, Site site) : CpdPage {
    internal OpenRegister.View Register { get; private set; } = null!;

    internal string Scan(OpenRegister.Entry entry) => site.Absolute(TrainingLinks.Scan(entry.Reference));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Register = outcome.Value;
        return Page();
    }
}
