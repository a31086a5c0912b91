using Cpd.People.Contracts;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Ledger;

[Requires(AccreditationPermissions.KeepOwnRecord)]
internal sealed class ChangeOwnEntryPage(IMediator mediator) : OwnEntryPage {
    [BindProperty] public int Version { get; set; }

    internal Guid Id { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenEntry.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var entry = outcome.Value;
        if (!entry.IsOwn) return NotFound();
        (Id, Version, Title, Source, HappenedOn, Mode, Reflection, Evidence) = (id, entry.Version, entry.Title, entry.Source, entry.HappenedOn, entry.Mode, entry.Reflection, entry.Evidence);
        (Hours, Minutes) = (entry.Minutes / 60, entry.Minutes % 60);
        (ParticipatoryHours, ParticipatoryMinutes) = (entry.ParticipatoryMinutes / 60, entry.ParticipatoryMinutes % 60);
        AgeRanges = [.. Wording.Each.Select(a => a.Range).Where(a => entry.AgeRanges.HasFlag(a))];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        Id = id;
        // Whose it is comes before what was typed: to everyone else the address does not exist.
        var entry = await mediator.Send(new OpenEntry.Query(id), ct);
        if (entry.Refusal is { } unseen) return Refused(unseen);
        if (!entry.Value.IsOwn) return NotFound();
        var outcome = await mediator.Send(new ChangeOwnEntry.Command(id, Version, Title, Source, HappenedOn, Hours, Minutes, ParticipatoryHours, ParticipatoryMinutes, Ages, Mode, Reflection, Evidence), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The entry has been changed.");
        return Redirect(AccreditationLinks.Entry(id));
    }
}
