using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Supervisors;

[Requires(PlacementsPermissions.AnswerForHost)]
internal sealed class SetDutyPage(IMediator mediator) : CpdPage {
    [BindProperty] public DateOnly? From { get; set; }
    [BindProperty] public DateOnly? To { get; set; }
    [BindProperty] public List<int> Weekdays { get; set; } = [];
    [BindProperty] public List<int> DayParts { get; set; } = [];
    /// <summary>The button that takes these days away was pressed.</summary>
    [BindProperty] public bool Away { get; set; }

    internal OpenSupervisor.View Supervisor { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Parts => [.. Supervisor.Parts.Select(p => new SelectListItem(p.Name, $"{p.Number}"))];

    internal string PartNames(IEnumerable<int> numbers) => string.Join(", ", numbers.Select(n => Supervisor.Parts.FirstOrDefault(p => p.Number == n)?.Name ?? $"Part {n}"));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Weekdays, DayParts) = ([1, 2, 3, 4, 5], [.. Supervisor.Parts.Select(p => p.Number)]);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new SetDuty.Command(id, From, To, Weekdays, DayParts, OnDuty: !Away), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Away ? "These days have been taken away." : "The duty has been saved.");
        return Redirect(PlacementsLinks.Duty(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSupervisor.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Supervisor = outcome.Value;
        return null;
    }
}
