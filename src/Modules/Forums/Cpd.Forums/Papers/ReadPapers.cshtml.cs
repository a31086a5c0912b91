using Cpd.Forums.Agenda;
using Cpd.Forums.Meetings;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Papers;

/// <summary>What members read of a meeting, and where they propose what it should speak about.</summary>
[Requires(ForumsPermissions.TakePart)]
internal sealed class ReadPapersPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty] public ItemKind? ItemKind { get; set; }
    [BindProperty] public string? ItemTitle { get; set; }
    [BindProperty] public string? ItemDetail { get; set; }

    internal SeeAgenda.View Found { get; private set; } = null!;
    internal Held Meeting => Found.Meeting;
    internal bool MayPropose => Meeting.State == Publication.Published && Meeting.StartsAt > clock.GetUtcNow().UtcDateTime;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new ProposeItem.Command(id, ItemKind, ItemTitle, ItemDetail), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Thank you. The early years team reads what you have proposed, and you see here what they say.");
        return Redirect(ForumsLinks.Papers(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeAgenda.Mine(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
