using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Venues;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class ListVenuesPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListVenues.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListVenues.Query(new Paging(PageNumber)), ct);
}
