using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Public]
internal sealed class OpenMeetingPage(IMediator mediator, Site site) : CpdPage {
    internal OpenMeeting.View Meeting { get; private set; } = null!;

    /// <summary>The register with this person alone, for whoever keeps it: any phone's camera opens it.</summary>
    internal string Scan(string code) => site.Absolute($"{ForumsLinks.Register(Meeting.Id)}?find={code}");

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostRemoveAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new RemoveDraft.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The draft has been taken away.");
        return Redirect(ForumsLinks.Series(Meeting.SeriesId));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenMeeting.Query(id), ct);
        if (outcome.Refusal is null) Meeting = outcome.Value;
        return outcome.Refusal;
    }
}
