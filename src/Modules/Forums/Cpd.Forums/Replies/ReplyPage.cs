using Cpd.Forums.MeetingNeeds;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Replies;

/// <summary>The invitation to a meeting with the reply to it, for whoever is signed in or has the link of a message. Opening it changes nothing.</summary>
internal abstract class ReplyPage(IMediator mediator) : CpdPage {
    [BindProperty] public Reply? Reply { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? Needs { get; set; }

    /// <summary>Null when the link is of no use.</summary>
    public SeeReply.View? Found { get; private set; }

    public string NeedsHint { get; private set; } = "";

    public static IReadOnlyList<SelectListItem> Choices => [new("Yes, I am coming", nameof(Forums.Reply.Coming)), new("No, I send apologies", nameof(Forums.Reply.Apologies))];

    protected async Task<Refusal?> Load(Guid meetingId, string? token, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeReply.Query(meetingId, token), ct);
        if (outcome.Refusal is null) {
            Found = outcome.Value;
            NeedsHint = $"If you come: {(Found.Meeting.Mode == MeetingMode.LiveOnline ? "captions" : "access, food or a crèche")}, for example. Only the organisers read it, and it is removed {ListNeeds.DaysAfter} days after the meeting"
                + (token is null ? "" : ". Leave it empty to keep what you said before");
        }
        return outcome.Refusal;
    }

    protected void Fill() => (Reply, Reason, Needs) = (Found!.Reply == Forums.Reply.Waiting ? Forums.Reply.Coming : Found.Reply, Found.Reason, Found.Needs);

    protected async Task<IActionResult> Send(Guid meetingId, string? token, string next, CancellationToken ct) {
        var outcome = await mediator.Send(new ReplyToMeeting.Command(meetingId, Reply, Reason, token, token is null ? Needs ?? "" : Needs), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(outcome.Value.Reply == Forums.Reply.Apologies ? "Thank you. Your apologies have been noted."
            : outcome.Value.Position is { } position ? $"All places are taken. You are number {position} on the waiting list, and we write to you as soon as you have a place."
            : outcome.Value.Clashes.Count == 0 ? "Thank you. We have noted that you come." : $"We have noted that you come. You are bound elsewhere at the same time: {string.Join("; ", outcome.Value.Clashes)}.");
        return Redirect(next);
    }
}
