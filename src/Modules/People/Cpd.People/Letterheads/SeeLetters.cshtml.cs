using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Letterheads;

[Requires(PeoplePermissions.WordLetters), RequestSizeLimit(LogoFile.Longest + 64 * 1024)]
internal sealed class SeeLettersPage(IMediator mediator, CurrentUser me) : LetterPage(mediator, me) {
    readonly IMediator mediator = mediator;

    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? Introduction { get; set; }
    [BindProperty] public string? Closing { get; set; }
    [BindProperty] public string? Contact { get; set; }
    [BindProperty] public string? SignOff { get; set; }
    [BindProperty] public IFormFile? Logo { get; set; }

    /// <summary>Null until an authority is chosen.</summary>
    internal SeeLetters.View? Found { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await Load(fill: true, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) => await Load(fill: false, ct) is { } unseen ? Refused(unseen)
        : await Act(new SetLetterhead.Command(AuthorityId ?? Guid.Empty, Version, Introduction, Closing, Contact, SignOff), "The wording has been saved.", ct);

    public async Task<IActionResult> OnPostLogoAsync(CancellationToken ct) {
        if (await Load(fill: true, ct) is { } unseen) return Refused(unseen);
        byte[]? content = null;
        if (Logo is { } file) {
            if (file.Length > LogoFile.Longest) return Refused(Outcome.Invalid(nameof(Logo), $"The logo must be smaller than {LogoFile.LongestKilobytes} KB"));
            content = new byte[file.Length];
            await using var sent = file.OpenReadStream();
            await sent.ReadExactlyAsync(content, ct);
        }
        return await Act(new SetLogo.Command(AuthorityId ?? Guid.Empty, content), "The logo has been put up.", ct);
    }

    public async Task<IActionResult> OnPostRemoveLogoAsync(CancellationToken ct) => await Load(fill: true, ct) is { } unseen ? Refused(unseen)
        : await Act(new SetLogo.Command(AuthorityId ?? Guid.Empty, null, Remove: true), "The logo has been taken away.", ct);

    async Task<IActionResult> Act(IRequest<Outcome<Done>> command, string done, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(PeopleLinks.LettersOf(AuthorityId!.Value));
    }

    async Task<Refusal?> Load(bool fill, CancellationToken ct) {
        await ChooseAuthority(ct);
        if (AuthorityId is not { } authority) return null;
        var outcome = await mediator.Send(new SeeLetters.Query(authority), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        if (fill) (Version, Introduction, Closing, Contact, SignOff) = (Found.Version, Found.Head.Introduction, Found.Head.Closing, Found.Head.Contact, Found.Head.SignOff);
        return null;
    }
}
