using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Series;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class AddSeriesPage(IMediator mediator, CurrentUser me) : SeriesFormPage(mediator) {
    [BindProperty] public Guid? AuthorityId { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        // Ages may be left out, so the validator would take one that could not be read for none.
        if (Unreadable) {
            await Load(ct);
            return Refused(new Invalid([]));
        }
        var outcome = await Mediator.Send(new AddSeries.Command(AuthorityId, Name, Summary, Ranges) {
            Mode = Mode, Audience = Audience, PlacesPerSetting = PlacesPerSetting, Places = Places, CountsHours = CountsHours, TermsOfReference = TermsOfReference,
        }, ct);
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
        var mine = (await Mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count == 1) AuthorityId = mine[0].Id;
        Authorities = [.. mine.Count == 1 ? [] : (SelectListItem[])[new("Choose a local authority", "")], .. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
