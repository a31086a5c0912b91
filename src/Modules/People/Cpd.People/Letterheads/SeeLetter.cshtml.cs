using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Letterheads;

[Requires(PeoplePermissions.WordLetters)]
internal sealed class SeeLetterPage(IMediator mediator, CurrentUser me) : LetterPage(mediator, me) {
    readonly IMediator mediator = mediator;

    [BindProperty] public string? Words { get; set; }

    internal SeeLetter.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string kind, CancellationToken ct) {
        if (await Load(kind, ct) is { } refusal) return AuthorityId is null ? Redirect(PeopleLinks.Letters) : Refused(refusal);
        Words = Found.Head.Added.GetValueOrDefault(Found.Kind.Name);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string kind, CancellationToken ct) {
        if (await Load(kind, ct) is { } unseen) return Refused(unseen);
        return await Act(new SetLetterAddition.Command(AuthorityId ?? Guid.Empty, kind, Words), _ => "Your words have been saved.", ct);
    }

    public async Task<IActionResult> OnPostTestAsync(string kind, CancellationToken ct) {
        if (await Load(kind, ct) is { } unseen) return Refused(unseen);
        Words = Found.Head.Added.GetValueOrDefault(Found.Kind.Name);
        return await Act(new SendExample.Command(AuthorityId ?? Guid.Empty, kind), recipient => $"A test is on its way to {recipient}.", ct);
    }

    async Task<IActionResult> Act<T>(IRequest<Outcome<T>> command, Func<T, string> done, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done(outcome.Value));
        return Redirect(PeopleLinks.Letter(Found.Kind.Name, Found.Head.AuthorityId));
    }

    async Task<Refusal?> Load(string kind, CancellationToken ct) {
        // The example stands in a frame, on a page of its own with rules of its own.
        Response.Headers.ContentSecurityPolicy += "; frame-src 'self'";
        await ChooseAuthority(ct);
        var outcome = await mediator.Send(new SeeLetter.Query(AuthorityId ?? Guid.Empty, kind), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
