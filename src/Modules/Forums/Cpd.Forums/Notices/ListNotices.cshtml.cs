using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Notices;

[Requires(ForumsPermissions.TakePart)]
internal sealed class ListNoticesPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? Words { get; set; }
    [BindProperty] public bool Daily { get; set; }
    // From the query alone: "page" is also a route value, and that one is the path of the page's own file.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal SeeNotices.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new PostNotice.Command(id, Title, Words), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your notice is on the board.");
        return Redirect(ForumsLinks.Notices(id));
    }

    public async Task<IActionResult> OnPostDigestAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        await mediator.Send(new SetDigest.Command(Daily), ct);
        Banner(Daily ? "You are told each day what is new." : "You are told each week what is new.");
        return Redirect(ForumsLinks.Notices(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeNotices.Mine(id, new Paging(PageNumber)), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
