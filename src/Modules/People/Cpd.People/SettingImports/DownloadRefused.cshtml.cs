using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.SettingImports;

[Requires(PeoplePermissions.ChangeSettings)]
internal sealed class DownloadRefusedPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new DownloadRefused.Query(id), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : outcome.Value;
    }
}
