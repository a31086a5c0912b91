using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Settings;

[Requires(PeoplePermissions.ChangeSettings)]
internal sealed class AddSettingPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public Guid? AuthorityId { get; set; }
    [BindProperty] public string? Urn { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? ProviderType { get; set; }
    [BindProperty] public int? Places { get; set; }
    [BindProperty] public string? Address { get; set; }
    [BindProperty] public string? Town { get; set; }
    [BindProperty] public string? Postcode { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Types => [.. ProviderTypes.All.Select(t => new SelectListItem(t, t))];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new AddSetting.Command(AuthorityId, Urn, Name, ProviderType, Places, Address, Town, Postcode), ct);
        if (outcome.Refusal is { } refusal) {
            await Load(ct);
            return Refused(refusal);
        }
        Banner("The setting has been added. Now add the people who work there.");
        return Redirect(PeopleLinks.Setting(outcome.Value));
    }

    async Task Load(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.ChangeSettings);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count == 1) AuthorityId = mine[0].Id;
        Authorities = [.. mine.Count == 1 ? [] : (SelectListItem[])[new("Choose a local authority", "")], .. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
