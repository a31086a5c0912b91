using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Persons;

[Requires(PeoplePermissions.SeePeople)]
internal sealed class ListPeoplePage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty(SupportsGet = true)] public string? Name { get; set; }
    [BindProperty(SupportsGet = true)] public bool Left { get; set; }
    // From the query alone: "page" is also the name under which the framework routes.
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListPeople.View> Found { get; private set; } = null!;
    internal bool MayAdd => me.May(PeoplePermissions.ChangePeople);

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListPeople.Query(Name, Left, new Paging(PageNumber)), ct);
}
