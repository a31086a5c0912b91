using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Ledger;

[Requires(AccreditationPermissions.KeepOwnRecord)]
internal sealed class AddOwnEntryPage(IMediator mediator) : OwnEntryPage {
    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new AddOwnEntry.Command(Title, Source, HappenedOn, Hours, Minutes, ParticipatoryHours, ParticipatoryMinutes, Ages, Mode, Reflection, Evidence), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The entry has been added to your record.");
        return Redirect(AccreditationLinks.MyCpd);
    }
}
