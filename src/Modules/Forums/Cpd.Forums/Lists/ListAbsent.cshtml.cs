using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Lists;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class ListAbsentPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty(SupportsGet = true)] public int Terms { get; set; } = 3;
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal ListAbsent.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Choices => [.. Enumerable.Range(1, ListAbsent.MostTerms).Select(n => new SelectListItem(Show.Count(n, "term"), $"{n}"))];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await Load(ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostInviteAsync(CancellationToken ct) {
        if (await Load(ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new InviteAbsent.Command(AuthorityId, Terms), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var (managers, _, without) = outcome.Value;
        Banner($"{Show.Count(managers, "manager is", "managers are")} invited.{(without > 0 ? $" {Show.Count(without, "setting has", "settings have")} no manager with an email address." : "")}");
        return Redirect($"{ForumsLinks.Absent}?AuthorityId={Found.AuthorityId}&Terms={Found.Terms}");
    }

    async Task<Refusal?> Load(CancellationToken ct) {
        var outcome = await mediator.Send(new ListAbsent.Query(AuthorityId, Terms, new Paging(PageNumber)), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        AuthorityId = Found.AuthorityId;
        Terms = Found.Terms;
        var reach = me.Reach(ForumsPermissions.ManageForums);
        Authorities = [.. (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        return null;
    }
}
