using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Members;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class ListMembersPage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true)] public string? Text { get; set; }
    [BindProperty] public Guid PersonId { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal ListMembers.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAddAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new AddMember.Command(id, PersonId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The member has been added and told by email.");
        return Redirect(ForumsLinks.Members(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListMembers.Query(id, new Paging(PageNumber), Text), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
