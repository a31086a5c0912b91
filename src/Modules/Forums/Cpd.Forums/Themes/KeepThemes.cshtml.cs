using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Themes;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepThemesPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>Whose themes are shown and added to; an officer of one authority need not choose.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public Guid ThemeId { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal IReadOnlyList<ListThemes.Theme> Found { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await Load(ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (!await Load(ct)) return NotFound();
        var outcome = await mediator.Send(new ChangeThemes.Add(AuthorityId, Name), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The theme has been added.");
        return Redirect($"{ForumsLinks.Themes}?AuthorityId={AuthorityId}");
    }

    public async Task<IActionResult> OnPostEndAsync(CancellationToken ct) {
        if (!await Load(ct)) return NotFound();
        var outcome = await mediator.Send(new ChangeThemes.End(ThemeId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The theme has ended. Where it was cited it stays.");
        return Redirect($"{ForumsLinks.Themes}?AuthorityId={AuthorityId}");
    }

    /// <returns>False for an authority out of reach.</returns>
    async Task<bool> Load(CancellationToken ct) {
        var reach = me.Reach(ForumsPermissions.ManageForums);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (AuthorityId is { } chosen && mine.All(a => a.Id != chosen)) return false;
        if (mine.Count > 0) AuthorityId ??= mine[0].Id;
        Authorities = mine.Count > 1 ? [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))] : [];
        if (AuthorityId is { } id) Found = await mediator.Send(new ListThemes.Query(id), ct);
        return true;
    }
}
