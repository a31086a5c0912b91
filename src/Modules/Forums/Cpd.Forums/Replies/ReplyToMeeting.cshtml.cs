using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Replies;

[Requires(ForumsPermissions.TakePart)]
internal sealed class ReplyToMeetingPage(IMediator mediator) : ReplyPage(mediator) {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, null, ct) is { } refusal) return Refused(refusal);
        Fill();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) => await Load(id, null, ct) is { } unseen ? Refused(unseen) : await Send(id, null, ForumsLinks.Mine, ct);
}
