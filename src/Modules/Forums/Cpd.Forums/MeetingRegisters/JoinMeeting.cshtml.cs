using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingRegisters;

// A link, not a button: it stands in calendars, and a form may not lead to another site. Behind the sign-in nothing follows it by itself.
[Requires(ForumsPermissions.TakePart)]
internal sealed class JoinMeetingPage(IMediator mediator) : CpdPage {
    internal Guid Id { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        Id = id;
        var outcome = await mediator.Send(new JoinMeeting.Command(id), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Redirect(new Uri(outcome.Value).AbsoluteUri);
    }
}
