using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.StaffImports;

[Requires(PeoplePermissions.ChangePeople)]
internal sealed class DownloadRefusedStaffPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new DownloadRefusedStaff.Query(id), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : outcome.Value;
    }
}
