using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Messages;

[Public, FromThisMachine]
internal sealed class ListMailsPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<FolderMail> Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        var outcome = await mediator.Send(new ListMails.Query(new Paging(PageNumber)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
