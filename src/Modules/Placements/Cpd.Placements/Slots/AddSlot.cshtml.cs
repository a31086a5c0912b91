using Cpd.Placements.Hours;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Slots;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class AddSlotPage(IMediator mediator) : CpdPage {
    [BindProperty] public SlotKind? Kind { get; set; }
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public Guid? ProjectId { get; set; }
    [BindProperty] public Guid? SupervisorId { get; set; }
    [BindProperty] public DateOnly? Day { get; set; }
    [BindProperty] public DateOnly? Until { get; set; }
    [BindProperty] public TimeOnly? Starts { get; set; }
    [BindProperty] public TimeOnly? Ends { get; set; }

    internal SeeStudent.View Student { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Supervisors { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Projects { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Kinds => [new("Shadowing", nameof(SlotKind.Shadowing)), new("Meeting", nameof(SlotKind.Meeting)), new("Hours in a project", nameof(SlotKind.Project)), new("Induction", nameof(SlotKind.Induction))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AddSlot.Command(id, Kind, Title, ProjectId, SupervisorId, Day, Starts, Ends, Until), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{(Until is null ? "The slot has" : "The slots have")} been added. The student, the supervisor and the host are told by email.");
        return Redirect(PlacementsLinks.Student(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeStudent.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Student = outcome.Value;
        if (!Student.MayManage) return NotFound();
        var listed = (await mediator.Send(new Cpd.Placements.Supervisors.ListSupervisors.Query(Student.ProgrammeId), ct)).Value;
        Supervisors = [.. listed.Supervisors.Where(s => s is { EndedAt: null, LeftHostAt: null }).Select(s => new SelectListItem(s.Name, s.Id.ToString()))];
        Projects = [.. listed.Projects.Select(p => new SelectListItem(p.Project, p.Id.ToString()))];
        return null;
    }
}
