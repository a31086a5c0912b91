using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class CancelMeetingPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal OpenManagedMeeting.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new CancelMeeting.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The meeting has been cancelled, and everyone is told.");
        return Redirect(ForumsLinks.Series(Found.Meeting.SeriesId));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedMeeting.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
