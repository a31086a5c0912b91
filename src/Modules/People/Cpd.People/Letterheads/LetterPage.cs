using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Letterheads;

/// <summary>A page about the messages of one authority.</summary>
internal abstract class LetterPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>Whose messages: an officer of one authority need not say.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    private protected async Task ChooseAuthority(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.WordLetters);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        AuthorityId ??= mine.Count == 1 ? mine[0].Id : null;
    }
}
