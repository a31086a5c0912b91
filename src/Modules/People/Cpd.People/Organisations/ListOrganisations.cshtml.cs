using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Organisations;

[Requires(PeoplePermissions.AddOrganisations)]
internal sealed class ListOrganisationsPage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true)] public OrganisationKind Kind { get; set; } = OrganisationKind.TrainingProvider;
    // From the query alone: "page" is also the name under which the framework routes.
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListOrganisations.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) {
        if (!OrganisationWords.Kinds.Contains(Kind)) Kind = OrganisationKind.TrainingProvider;
        Found = await mediator.Send(new ListOrganisations.Query(Kind, new Paging(PageNumber)), ct);
    }
}
