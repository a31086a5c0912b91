using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Newsletters;

[Requires(PeoplePermissions.SendNewsletters)]
internal sealed class ListNewslettersPage(IMediator mediator, CurrentUser me) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;
    [BindProperty] public Guid? AuthorityId { get; set; }
    [BindProperty] public string? Subject { get; set; }

    internal PageOf<ListNewsletters.View> Found { get; private set; } = null!;
    /// <summary>Empty for an officer of one authority, who need not say which.</summary>
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public Task OnGetAsync(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        await Load(ct);
        var outcome = await mediator.Send(new BeginNewsletter.Command(AuthorityId, Subject), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Redirect(PeopleLinks.Newsletter(outcome.Value));
    }

    async Task Load(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.SendNewsletters);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        else AuthorityId = mine.Count == 1 ? mine[0].Id : null;
        Found = await mediator.Send(new ListNewsletters.Query(new Paging(PageNumber)), ct);
    }
}
