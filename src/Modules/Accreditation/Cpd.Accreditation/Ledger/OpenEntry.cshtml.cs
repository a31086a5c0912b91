using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Ledger;

[Requires(AccreditationPermissions.KeepOwnRecord)]
internal sealed class OpenEntryPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reflection { get; set; }
    [BindProperty] public string? Evidence { get; set; }
    [BindProperty] public int Version { get; set; }

    internal OpenEntry.View Entry { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Reflection, Evidence, Version) = (Entry.Reflection, Entry.Evidence, Entry.Version);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new Reflect.Command(id, Version, Reflection, Evidence), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your reflection has been saved.");
        return Redirect(AccreditationLinks.Entry(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenEntry.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Entry = outcome.Value;
        return null;
    }
}
