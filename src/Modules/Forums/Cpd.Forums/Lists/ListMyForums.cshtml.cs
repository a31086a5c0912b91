using Cpd.Forums.Replies;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Lists;

[Requires(ForumsPermissions.TakePart)]
internal sealed class ListMyForumsPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty] public Guid MeetingId { get; set; }

    internal ListMyForums.View Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListMyForums.Query(), ct);

    public async Task<IActionResult> OnPostComeAsync(CancellationToken ct) {
        Found = await mediator.Send(new ListMyForums.Query(), ct);
        var outcome = await mediator.Send(new ReplyToMeeting.Command(MeetingId, Reply.Coming, null), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(outcome.Value.Clashes.Count == 0 ? "Thank you. We have noted that you come." : $"We have noted that you come. You are bound elsewhere at the same time: {string.Join("; ", outcome.Value.Clashes)}.");
        return Redirect(ForumsLinks.Mine);
    }

    internal bool MayReply(ListMyForums.Item item) => item.StartsAt > clock.GetUtcNow().UtcDateTime;
}
