using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Public]
internal sealed class OpenMeetingPage(IMediator mediator) : CpdPage {
    internal OpenMeeting.View Meeting { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenMeeting.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Meeting = outcome.Value;
        return Page();
    }
}
