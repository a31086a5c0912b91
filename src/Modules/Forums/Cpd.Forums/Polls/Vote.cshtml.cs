using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Polls;

/// <summary>A page on which people vote, with the vote that was sent.</summary>
internal interface IPolling {
    IReadOnlyList<SeePolls.Poll> Polls { get; }
    Guid PollId { get; }
    int? Choice { get; }
}

/// <summary>The polls of a meeting on the phone of somebody in the room, or of a member elsewhere.</summary>
[Requires(ForumsPermissions.TakePart)]
internal sealed class VotePage(IMediator mediator) : CpdPage, IPolling {
    [BindProperty] public Guid PollId { get; set; }
    [BindProperty] public int? Choice { get; set; }

    internal SeePolls.View Found { get; private set; } = null!;
    IReadOnlyList<SeePolls.Poll> IPolling.Polls => Found.Polls;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new Vote.Command(PollId, Choice), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your vote has been counted.");
        return Redirect(ForumsLinks.Vote(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeePolls.Mine(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
