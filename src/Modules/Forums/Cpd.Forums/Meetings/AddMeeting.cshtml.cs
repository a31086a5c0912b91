using Cpd.Forums.Series;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class AddMeetingPage(IMediator mediator) : MeetingFormPage(mediator) {
    internal OpenManagedSeries.Series Series { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid seriesId, CancellationToken ct) {
        if (await Load(seriesId, ct) is { } refused) return refused;
        if (Series.EndedAt is not null) return Redirect(ForumsLinks.Series(seriesId));
        Mode = Series.Mode;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid seriesId, CancellationToken ct) {
        if (await Load(seriesId, ct) is { } refused) return refused;
        var outcome = await Mediator.Send(new AddMeeting.Command(seriesId, HeldOn, StartsAt, EndsAt, Venue, Topics) { Mode = Mode, JoiningLink = JoiningLink }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The meeting has been added.");
        return Redirect(ForumsLinks.Series(seriesId));
    }

    async Task<IActionResult?> Load(Guid seriesId, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedSeries.Query(seriesId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Series = outcome.Value.Series;
        return null;
    }
}
