using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Accounts;

[SignedIn]
internal sealed class ChooseTextsPage(IMediator mediator, TextMessages texts) : CpdPage {
    [BindProperty] public string? Mobile { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (!texts.CanBeSent) return NotFound();
        Mobile = await mediator.Send(new ChooseTexts.Query(), ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (!texts.CanBeSent) return NotFound();
        var outcome = await mediator.Send(new ChooseTexts.Command(Mobile), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(outcome.Value ? "You will get a text message the day before a session." : "You will get no text messages.");
        return Redirect(PeopleLinks.Account);
    }
}
