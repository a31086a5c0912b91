using Cpd.Forums.Agenda;
using Cpd.Forums.Polls;
using Cpd.Platform;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Forums.Papers;

/// <summary>Behind the link of a message: the papers of a meeting and its open polls, without signing in.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class PapersByLinkPage(IMediator mediator) : CpdPage, IPolling {
    [BindProperty] public Guid PollId { get; set; }
    [BindProperty] public int? Choice { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    internal SeeAgenda.View? Found { get; private set; }
    public IReadOnlyList<SeePolls.Poll> Polls { get; private set; } = [];
    internal string Token { get; private set; } = "";
    internal Func<Guid, string> FileAt => id => ForumsLinks.PaperByLink(Token, id);

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        if (Found is null) return Page();
        var outcome = await mediator.Send(new Vote.Command(PollId, Choice, token), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your vote has been counted.");
        return Redirect(ForumsLinks.PapersByLink(token));
    }

    async Task Load(string token, CancellationToken ct) {
        Token = token;
        Found = BehindLink(await mediator.Send(new SeeAgenda.Mine(Guid.Empty, token), ct));
        if (Found is not null) Polls = (await mediator.Send(new SeePolls.Mine(Found.Meeting.Id, token), ct)).Value.Polls;
    }
}
