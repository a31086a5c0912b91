using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Hosts;

[Requires(PlacementsPermissions.AnswerForHost)]
internal sealed class AnswerForProjectPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public ProjectState? State { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public int? Capacity { get; set; }
    [BindProperty] public bool GivesInduction { get; set; }
    [BindProperty] public List<Guid> ThemeIds { get; set; } = [];
    [BindProperty] public List<AnswerForProject.TypedRoom> Rooms { get; set; } = [];

    internal OpenProject.View Project { get; private set; } = null!;
    internal static IReadOnlyList<SelectListItem> States => [new("It takes part", nameof(ProjectState.Accepted)), new("It does not take part", nameof(ProjectState.Refused))];
    internal IReadOnlyList<SelectListItem> Themes => [.. Project.Themes.Select(t => new SelectListItem(t.Name, t.Id.ToString()))];

    internal string RoomWords(AnswerForProject.TypedRoom room) => $"{Words.Weekdays[room.Weekday - 1]}, {Project.Parts.First(p => p.Number == room.DayPart).Name}";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Version, State, Reason, Capacity, GivesInduction, ThemeIds) = (Project.Version, Project.State == ProjectState.Asked ? null : Project.State, Project.Reason, Project.Capacity, Project.GivesInduction, [.. Project.Covers]);
        Rooms = [.. from day in Project.Weekdays from part in Project.Parts
            select new AnswerForProject.TypedRoom { Weekday = day, DayPart = part.Number, Capacity = Project.Rooms.FirstOrDefault(r => r.Weekday == day && r.DayPart == part.Number)?.Capacity }];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        Rooms = [.. Rooms.Where(r => r.Weekday is >= 1 and <= 7 && Project.Parts.Any(p => p.Number == r.DayPart))];
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AnswerForProject.Command(id, Version, State, Reason, Capacity, GivesInduction, ThemeIds, Rooms), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The answer has been saved.");
        return Redirect(PlacementsLinks.Programme(Project.ProgrammeId));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenProject.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Project = outcome.Value;
        return null;
    }
}
