using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.SeeOwnSessions)]
internal sealed class ListOwnSessionsPage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "past")] public bool Past { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListOwnSessions.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListOwnSessions.Query(Past, new Paging(PageNumber)), ct);
}
