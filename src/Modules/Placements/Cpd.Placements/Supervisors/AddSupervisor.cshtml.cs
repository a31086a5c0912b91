using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Supervisors;

[Requires(PlacementsPermissions.AnswerForHost)]
internal sealed class AddSupervisorPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid? PersonId { get; set; }
    [BindProperty] public Register Register { get; set; }
    [BindProperty] public string? RegisterNumber { get; set; }
    [BindProperty] public int? Capacity { get; set; }
    [BindProperty] public List<Guid> ProjectIds { get; set; } = [];

    internal ListSupervisors.View Found { get; private set; } = null!;
    internal static IReadOnlyList<SelectListItem> Registers => [.. Enum.GetValues<Register>().Select(r => new SelectListItem(Words.Of(r), r.ToString()))];
    internal IReadOnlyList<SelectListItem> People => [.. Found.Candidates.DistinctBy(c => c.PersonId).Select(c => new SelectListItem(c.Name, c.PersonId.ToString()))];
    internal IReadOnlyList<SelectListItem> Projects => [.. Found.Projects.Select(p => new SelectListItem(p.Project, p.Id.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AddSupervisor.Command(id, PersonId, Register, RegisterNumber, Capacity, ProjectIds), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The supervisor has been added. Now enter when they are on duty.");
        return Redirect(PlacementsLinks.Duty(outcome.Value));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListSupervisors.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return null;
    }
}
