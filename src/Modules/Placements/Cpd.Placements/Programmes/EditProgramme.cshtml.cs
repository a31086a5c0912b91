using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Programmes;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class EditProgrammePage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Summary { get; set; }
    [BindProperty, Display(Name = "The hours for each student")] public int? HoursPerStudent { get; set; }
    [BindProperty] public List<int> Weekdays { get; set; } = [];
    [BindProperty] public List<EditProgramme.TypedPart> Parts { get; set; } = [];
    [BindProperty] public string? DaysOff { get; set; }
    [BindProperty] public string? Checks { get; set; }
    [BindProperty] public string? Themes { get; set; }
    [BindProperty] public string? InductionTheme { get; set; }
    [BindProperty] public Register InductionRegister { get; set; }
    [BindProperty] public Register ProjectRegister { get; set; }
    [BindProperty, Display(Name = "Moves in a day")] public int? MovesADay { get; set; }

    /// <summary>As it is stored, whatever has been typed.</summary>
    internal SeeSetUp.View Known { get; private set; } = null!;
    internal static IReadOnlyList<SelectListItem> Days => [.. Words.Weekdays.Select((d, i) => new SelectListItem(d, $"{i + 1}"))];
    internal static IReadOnlyList<SelectListItem> Registers => [new("Anyone who supervises there", nameof(Register.None)), .. Enum.GetValues<Register>().Where(r => r != Register.None).Select(r => new SelectListItem($"Only who is on the register: {Words.Of(r)}", r.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Version, Name, Summary, HoursPerStudent) = (Known.Version, Known.Name, Known.Summary, Known.MinutesPerStudent / 60);
        (InductionRegister, ProjectRegister, MovesADay, Weekdays) = (Known.InductionRegister, Known.ProjectRegister, Known.MovesADay, [.. Known.Weekdays]);
        Parts = [.. Known.Parts.Select(p => new EditProgramme.TypedPart { Name = p.Name, Starts = p.From, Ends = p.To })];
        if (Parts.Count == 0) Parts = [new() { Name = "Morning", Starts = new(9, 30), Ends = new(12, 30) }, new() { Name = "Afternoon", Starts = new(13, 0), Ends = new(16, 0) }];
        while (Parts.Count < EditProgramme.MostParts) Parts.Add(new());
        DaysOff = string.Join('\n', Known.DaysOff.Select(d => $"{d.OffOn:dd'/'MM'/'yyyy} {d.Reason}".TrimEnd()));
        Checks = string.Join('\n', Known.Checks.Select(c => c.Name));
        Themes = string.Join('\n', Known.Themes.Where(t => !t.ByInduction).Select(t => t.Name));
        InductionTheme = Known.Themes.FirstOrDefault(t => t.ByInduction)?.Name;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new EditProgramme.Command(id, Version, Name, Summary, HoursPerStudent, Weekdays, Parts, DaysOff, Checks, Themes, InductionTheme, InductionRegister, ProjectRegister, MovesADay), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The programme has been changed.");
        return Redirect(PlacementsLinks.Programme(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeSetUp.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Known = outcome.Value;
        var reach = me.Reach(PlacementsPermissions.ManagePlacements);
        return reach.All || reach.Authorities.Contains(Known.AuthorityId) ? null : NotFound();
    }
}
