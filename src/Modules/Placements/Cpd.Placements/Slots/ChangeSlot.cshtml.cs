using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Slots;

[Requires(PlacementsPermissions.SignHours)]
internal sealed class ChangeSlotPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public ChangeSlot.Change? What { get; set; }
    [BindProperty] public string? Reason { get; set; }

    internal OpenSlot.View Opened { get; private set; } = null!;

    internal bool Begun => Opened.Slot.StartsAt <= clock.GetUtcNow().UtcDateTime;

    /// <summary>A supervisor comes from their list, an officer from the student.</summary>
    internal string Back => Opened.IsSupervisor ? PlacementsLinks.ToSign : PlacementsLinks.Student(Opened.Slot.StudentId);

    /// <summary>What can be said of it as it stands.</summary>
    internal IReadOnlyList<SelectListItem> Choices {
        get {
            var (slot, begun) = (Opened.Slot, Begun);
            var all = new List<SelectListItem>();
            if (begun && slot.State is SlotState.Published or SlotState.Missed && !Opened.IsMadeGood) all.Add(new("The student came", nameof(ChangeSlot.Change.Attended)));
            if (begun && slot.State is SlotState.Published or SlotState.Attended && slot.Hours != HoursState.Signed) all.Add(new("The student did not come", nameof(ChangeSlot.Change.Missed)));
            if (slot.State == SlotState.Published && slot.Hours == HoursState.None) all.Add(new("It is called off", nameof(ChangeSlot.Change.Cancelled)));
            if (slot.Hours is HoursState.Logged) all.Add(new("The hours are returned to the student to be mended", nameof(ChangeSlot.Change.Returned)));
            if (slot.Hours is HoursState.Signed) all.Add(new("Take back the sign-off, and return the hours to the student", nameof(ChangeSlot.Change.Returned)));
            return all;
        }
    }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        Version = Opened.Slot.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new ChangeSlot.Command(id, Version, What, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(What switch {
            ChangeSlot.Change.Attended => $"{Opened.Slot.StudentName} came: saved.", ChangeSlot.Change.Missed => $"{Opened.Slot.StudentName} did not come: saved. You can find another time.",
            ChangeSlot.Change.Cancelled => "The slot is called off. Everyone whom it concerns is told by email.", _ => $"The hours are returned to {Opened.Slot.StudentName}, who can mend them and send them again.",
        });
        return Redirect(What == ChangeSlot.Change.Missed ? PlacementsLinks.Slot(id) : Back);
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSlot.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Opened = outcome.Value;
        return null;
    }
}
