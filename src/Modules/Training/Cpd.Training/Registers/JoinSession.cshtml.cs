using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

// A link, not a button: it has to work from an email, and a form may not lead to another site. Behind the sign-in nothing follows it by itself.
[SignedIn]
internal sealed class JoinSessionPage(IMediator mediator) : CpdPage {
    internal Guid Id { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        Id = id;
        var outcome = await mediator.Send(new JoinSession.Command(id), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Redirect(outcome.Value);
    }
}
