using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingRegisters;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class SetQuorumPage(IMediator mediator) : CpdPage {
    [BindProperty] public List<TypedRule> Rules { get; set; } = [];

    public sealed class TypedRule {
        public ForumRole? Role { get; set; }
        [Display(Name = "At least")] public int? Least { get; set; }
    }

    internal SetQuorum.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        Rules = [.. ForumsWording.Roles.Select(r => (ForumRole?)r).Prepend(null).Select(role => new TypedRule { Role = role, Least = Found.Rules.FirstOrDefault(r => r.Role == role)?.Least })];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new SetQuorum.Command(id, [.. Rules.Where(r => r.Least is not null).Select(r => new QuorumRule(r.Role, r.Least!.Value))]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The quorum has been saved.");
        return Redirect(ForumsLinks.Quorum(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SetQuorum.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
