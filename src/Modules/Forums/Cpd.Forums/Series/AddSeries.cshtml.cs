using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Series;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class AddSeriesPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public Guid? AuthorityId { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Summary { get; set; }
    [BindProperty] public List<AgeRanges> AgeRanges { get; set; } = [];

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Ages => [.. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        // Ages may be left out, so the validator would take one that could not be read for none.
        if (Unreadable) {
            await Load(ct);
            return Refused(new Invalid([]));
        }
        var ages = AgeRanges.Aggregate(People.Contracts.AgeRanges.None, (set, range) => set | range);
        var outcome = await mediator.Send(new AddSeries.Command(AuthorityId, Name, Summary, ages), ct);
        if (outcome.Refusal is { } refusal) {
            await Load(ct);
            return Refused(refusal);
        }
        Banner("The forum has been added. Now add its meetings.");
        return Redirect(ForumsLinks.Series(outcome.Value));
    }

    /// <summary>The authorities in reach; an officer of one need not choose.</summary>
    async Task Load(CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count == 1) AuthorityId = mine[0].Id;
        Authorities = [.. mine.Count == 1 ? [] : (SelectListItem[])[new("Choose a local authority", "")], .. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
