using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Polls;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepPollsPage(IMediator mediator, Site site) : CpdPage {
    [BindProperty] public string? Question { get; set; }
    /// <summary>A choice a line.</summary>
    [BindProperty] public string? Choices { get; set; }
    [BindProperty] public Guid PollId { get; set; }
    [BindProperty] public ChangePoll.Change? Change { get; set; }

    internal SeePolls.View Found { get; private set; } = null!;
    /// <summary>Where people vote, to be shown or read out in the room.</summary>
    internal string VoteAt => site.Absolute(ForumsLinks.Vote(Found.Meeting.Id));

    internal static string Words(PollState state) => state switch { PollState.Ready => "Not open yet", PollState.Open => "Open", _ => "Closed" };
    internal static string Colour(PollState state) => state switch { PollState.Ready => "grey", PollState.Open => "green", _ => "blue" };

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new AddPoll.Command(id, Question, [.. (Choices ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The poll has been written down. Open it when you want people to vote.");
        return Redirect(ForumsLinks.KeepPolls(id));
    }

    public async Task<IActionResult> OnPostChangeAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new ChangePoll.Command(id, PollId, Change), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Change switch { ChangePoll.Change.Open => "The poll is open.", ChangePoll.Change.Close => "The poll is closed, and its result is kept.", _ => "The poll has been taken away." });
        return Redirect(ForumsLinks.KeepPolls(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeePolls.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
