using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Programmes;

[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class AddProgrammePage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public Guid? AuthorityId { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Summary { get; set; }
    [BindProperty, Display(Name = "The year")] public int? AcademicYear { get; set; }
    [BindProperty, Display(Name = "The hours for each student")] public int? HoursPerStudent { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new AddProgramme.Command(AuthorityId, Name, Summary, AcademicYear, HoursPerStudent), ct);
        if (outcome.Refusal is { } refusal) {
            await Load(ct);
            return Refused(refusal);
        }
        Banner("The programme has been added. Now add its hosts.");
        return Redirect(PlacementsLinks.Programme(outcome.Value));
    }

    /// <summary>The authorities in reach; an officer of one need not choose.</summary>
    async Task Load(CancellationToken ct) {
        var reach = me.Reach(PlacementsPermissions.ManagePlacements);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count == 1) AuthorityId = mine[0].Id;
        Authorities = [.. mine.Count == 1 ? [] : (SelectListItem[])[new("Choose a local authority", "")], .. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
