using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Newsletters;

[Requires(PeoplePermissions.SendNewsletters)]
internal sealed class ConfirmNewsletterPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }

    internal SeeNewsletter.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? (Found.Newsletter is { State: NewsletterState.Draft, Words.Length: > 0 } ? Page() : Redirect(PeopleLinks.Newsletter(id)));

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return unseen;
        var outcome = await mediator.Send(new SendNewsletter.Command(id, Version), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The newsletter is on its way.");
        return Redirect(PeopleLinks.Newsletter(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeNewsletter.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return null;
    }
}
