using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Slots;

[Requires(PlacementsPermissions.LogHours)]
internal sealed class LogHoursPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty, Display(Name = "The minutes")] public int? Minutes { get; set; }
    [BindProperty] public string? Reflection { get; set; }

    internal DateTime Now => clock.GetUtcNow().UtcDateTime;
    internal ListMySlots.Slot Slot { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (!await Load(id, ct)) return NotFound();
        (Version, Minutes, Reflection) = (Slot.Version, Slot.LoggedMinutes ?? Slot.Minutes, Slot.Reflection);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (!await Load(id, ct)) return NotFound();
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new LogHours.Command(id, Version, Minutes, Reflection), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"Your hours have been logged. {Slot.SupervisorName} signs them off.");
        return Redirect(PlacementsLinks.MyPlacement);
    }

    async Task<bool> Load(Guid id, CancellationToken ct) {
        var slot = (await mediator.Send(new ListMySlots.Query(), ct)).SelectMany(p => p.Slots).FirstOrDefault(s => s.Id == id);
        Slot = slot!;
        return slot is not null;
    }
}
