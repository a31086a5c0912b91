using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Notices;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class ModerateNoticesPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid NoticeId { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal SeeNotices.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) => Act(id, new ModerateNotice.Hide(NoticeId, Reason), "It is hidden from members.", ct);
    public Task<IActionResult> OnPostShowAsync(Guid id, CancellationToken ct) => Act(id, new ModerateNotice.Unhide(NoticeId), "Members can see it again.", ct);

    async Task<IActionResult> Act(Guid id, IRequest<Outcome<Done>> command, string done, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(ForumsLinks.ModerateNotices(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeNotices.Query(id, new Paging(PageNumber)), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
