using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Members;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class ChangeMemberPage(IMediator mediator) : CpdPage {
    [BindProperty] public ForumRole? Role { get; set; }

    internal Guid Id { get; private set; }
    internal ChangeMember.View Member { get; private set; } = null!;
    internal static IReadOnlyList<SelectListItem> Roles => [.. ForumsWording.Roles.Select(r => new SelectListItem(ForumsWording.Of(r), r.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, Guid personId, CancellationToken ct) {
        if (await Load(id, personId, ct) is { } refusal) return Refused(refusal);
        Role = Member.Role;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, Guid personId, CancellationToken ct) {
        if (await Load(id, personId, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new ChangeMember.Command(id, personId, Role), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Member.Name} has been changed.");
        return Redirect(ForumsLinks.Members(id));
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid id, Guid personId, CancellationToken ct) {
        if (await Load(id, personId, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new RemoveMember.Command(id, personId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Member.Name} is no longer a member.");
        return Redirect(ForumsLinks.Members(id));
    }

    async Task<Refusal?> Load(Guid id, Guid personId, CancellationToken ct) {
        var outcome = await mediator.Send(new ChangeMember.Query(id, personId), ct);
        if (outcome.Refusal is null) (Id, Member) = (id, outcome.Value);
        return outcome.Refusal;
    }
}
