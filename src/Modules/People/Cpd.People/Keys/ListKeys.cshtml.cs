using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Keys;

[Requires(PeoplePermissions.UseKeys)]
internal sealed class ListKeysPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Role { get; set; }
    [BindProperty] public int? Days { get; set; }
    [BindProperty] public Guid KeyId { get; set; }

    internal IReadOnlyList<ListKeys.View> Keys { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Roles { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Lifetimes => [.. MakeKey.Lifetimes.Select(d => new SelectListItem($"{d} days", $"{d}"))];

    /// <summary>Shown on the page that makes it, and never again.</summary>
    internal string? Secret { get; private set; }

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostMakeAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new MakeKey.Command(Name, Role, Days), ct);
        await Load(ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        // No redirect: the secret would have to be kept somewhere until the next page.
        Secret = outcome.Value.Secret;
        ModelState.Clear();
        (Name, Role, Days) = (null, null, null);
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new EndKey.Command(KeyId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The key has ended.");
        return Redirect(PeopleLinks.Keys);
    }

    async Task Load(CancellationToken ct) {
        Keys = await mediator.Send(new ListKeys.Query(), ct);
        var settings = (await mediator.Send(new FindSettings([.. me.Grants.Select(g => g.OrganisationId)]), ct)).ToDictionary(s => s.Id, s => s.Name);
        var others = (await mediator.Send(new FindOrganisations([.. me.Grants.Select(g => g.OrganisationId)]), ct)).ToDictionary(o => o.Id, o => o.Name);
        var authorities = (await mediator.Send(new ListAuthorities(), ct)).ToDictionary(a => a.Id, a => a.Name);
        Roles = [.. me.Grants.Select(g => new SelectListItem(
            Wording.Of(Enum.Parse<Role>(g.Role)) + ((settings.GetValueOrDefault(g.OrganisationId) ?? others.GetValueOrDefault(g.OrganisationId) ?? authorities.GetValueOrDefault(g.OrganisationId)) is { } at ? $", {at}" : ""),
            MakeKey.Id(g)))];
    }
}
