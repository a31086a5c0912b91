using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class EditMeetingPage(IMediator mediator, TimeProvider clock) : MeetingFormPage(mediator) {
    [BindProperty] public int Version { get; set; }

    internal OpenManagedMeeting.View Found { get; private set; } = null!;
    internal bool IsAhead => Found.Meeting.StartsAt > clock.GetUtcNow().UtcDateTime;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        var meeting = Found.Meeting;
        (HeldOn, Version) = (London.Day(meeting.StartsAt), meeting.Version);
        Fill(meeting);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        // An emptied number takes the limit away, so one that can't be read must not be taken for it.
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await Mediator.Send(new EditMeeting.Command(id, Version, HeldOn, StartsAt, EndsAt, Venue, Topics) { Mode = Mode, JoiningLink = JoiningLink, Places = Places }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The meeting has been changed.");
        return Redirect(ForumsLinks.Meeting(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedMeeting.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
