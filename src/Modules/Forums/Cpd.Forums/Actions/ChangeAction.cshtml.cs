using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Actions;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class ChangeActionPage(IMediator mediator, Db db) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? ActionWords { get; set; }
    [BindProperty] public Guid? OwnerId { get; set; }
    [BindProperty] public string? OwnerName { get; set; }
    [BindProperty] public DateOnly? DueOn { get; set; }
    [BindProperty] public string? Result { get; set; }

    internal ChangeAction.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> People { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        var action = Found.Action;
        (Version, ActionWords, OwnerId, OwnerName, DueOn) = (action.Version, action.Words, action.OwnerId, action.OwnerId is null ? action.OwnerName : null, action.DueOn);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        return await Act(new ChangeAction.Change(id, Version, ActionWords, OwnerId, OwnerName, DueOn), "The action has been changed.", ct);
    }

    public async Task<IActionResult> OnPostCloseAsync(Guid id, CancellationToken ct) =>
        await Load(id, ct) is { } unseen ? Refused(unseen) : await Act(new ChangeAction.Close(id, Version, Result), "The action is closed.", ct);

    async Task<IActionResult> Act(IRequest<Outcome<Done>> command, string done, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(ForumsLinks.Actions(Found.Series.Id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ChangeAction.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        var people = await ForumPeople.List(db, mediator, Found.Series.Id, Found.Series.AuthorityId, ct);
        People = [new("Somebody else", ""), .. Found.Action.OwnerId is { } owner && people.All(p => p.Id != owner) ? [new SelectListItem($"{Found.Action.OwnerName}, who has left the forum", owner.ToString())] : Array.Empty<SelectListItem>(),
            .. people.Select(p => new SelectListItem(p.Name, p.Id.ToString()))];
        return null;
    }
}
