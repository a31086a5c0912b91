using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

[Requires(TrainingPermissions.KeepRegister)]
internal sealed class ListRegistersPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "which")] public ListRegisters.Which Which { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal bool MayChangeRules => me.May(TrainingPermissions.ChangeBookingRules);
    internal PageOf<ListRegisters.View> Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListRegisters.Query(Which, new Paging(PageNumber)), ct);
}
