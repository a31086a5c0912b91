using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Ledger;

[Requires(AccreditationPermissions.KeepOwnRecord)]
internal sealed class DeleteOwnEntryPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }

    internal OpenEntry.View Entry { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        Version = Entry.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new DeleteOwnEntry.Command(id, Version), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The entry has been deleted.");
        return Redirect(AccreditationLinks.MyCpd);
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenEntry.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Entry = outcome.Value;
        return Entry.IsOwn ? null : NotFound();
    }
}
