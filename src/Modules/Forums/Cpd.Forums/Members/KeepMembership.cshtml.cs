using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Members;

[Requires(ForumsPermissions.TakePart)]
internal sealed class KeepMembershipPage(IMediator mediator) : CpdPage {
    internal Guid Id { get; private set; }
    internal KeepMembership.View Membership { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public Task<IActionResult> OnPostJoinAsync(Guid id, CancellationToken ct) => Act(id, join: true, "You are a member now. The dates are on their way to you by email.", ct);

    public Task<IActionResult> OnPostLeaveAsync(Guid id, CancellationToken ct) => Act(id, join: false, "You have left the forum.", ct);

    async Task<IActionResult> Act(Guid id, bool join, string done, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new KeepMembership.Command(id, join), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(ForumsLinks.Series(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new KeepMembership.Query(id), ct);
        if (outcome.Refusal is null) (Id, Membership) = (id, outcome.Value);
        return outcome.Refusal;
    }
}
