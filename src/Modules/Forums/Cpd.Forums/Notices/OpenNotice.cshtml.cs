using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Notices;

[Requires(ForumsPermissions.TakePart)]
internal sealed class OpenNoticePage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Words { get; set; }
    /// <summary>What is reported: the notice or one of its replies.</summary>
    [BindProperty] public Guid NoticeId { get; set; }
    [BindProperty] public string? ReportReason { get; set; }

    internal SeeNotices.View Found { get; private set; } = null!;
    internal SeeNotices.Notice Notice => Found.Notices.Items[0];
    internal IReadOnlyList<SelectListItem> Said => [.. Found.Notices.Items.Select(n => new SelectListItem(n.NoticeId is null ? "The notice" : $"The reply of {n.WrittenByName}, {Show.DateAndTime(n.PostedAt)}", n.Id.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new PostNotice.Reply(id, Words), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your reply is on the board.");
        return Redirect(ForumsLinks.Notice(id));
    }

    public async Task<IActionResult> OnPostReportAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Found.Notices.Items.All(n => n.Id != NoticeId)) return NotFound();
        var outcome = await mediator.Send(new ModerateNotice.Report(NoticeId, ReportReason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Thank you. The early years team looks at it.");
        return Redirect(ForumsLinks.Notice(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeNotices.One(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
