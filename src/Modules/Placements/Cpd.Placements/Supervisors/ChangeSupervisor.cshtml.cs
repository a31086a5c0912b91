using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Supervisors;

[Requires(PlacementsPermissions.AnswerForHost)]
internal sealed class ChangeSupervisorPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public Register Register { get; set; }
    [BindProperty] public string? RegisterNumber { get; set; }
    [BindProperty] public bool Checked { get; set; }
    [BindProperty] public int? Capacity { get; set; }
    [BindProperty] public List<Guid> ProjectIds { get; set; } = [];
    [BindProperty] public bool Ended { get; set; }

    internal OpenSupervisor.View Supervisor { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Projects => [.. Supervisor.Projects.Select(p => new SelectListItem(p.Project, p.Id.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Version, Register, RegisterNumber, Checked) = (Supervisor.Version, Supervisor.Register, Supervisor.RegisterNumber, Supervisor.CheckedOn is not null);
        (Capacity, ProjectIds, Ended) = (Supervisor.Capacity, [.. Supervisor.In], Supervisor.Ended);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new ChangeSupervisor.Command(id, Version, Register, RegisterNumber, Checked, Capacity, ProjectIds, Ended), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The supervisor has been changed.");
        return Redirect(PlacementsLinks.Supervisors(Supervisor.ProgrammeId));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSupervisor.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Supervisor = outcome.Value;
        return null;
    }
}
