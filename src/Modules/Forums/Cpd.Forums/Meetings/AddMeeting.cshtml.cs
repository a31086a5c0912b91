using Cpd.Forums.Series;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class AddMeetingPage(IMediator mediator) : MeetingFormPage(mediator) {
    [BindProperty(SupportsGet = true)] public Guid? SecondOf { get; set; }

    internal OpenManagedSeries.Series Series { get; private set; } = null!;

    /// <summary>The meeting that is held again; null for a new one.</summary>
    internal OpenManagedMeeting.View? First { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid seriesId, CancellationToken ct) {
        if (await Load(seriesId, ct) is { } refused) return refused;
        if (Series.EndedAt is not null) return Redirect(ForumsLinks.Series(seriesId));
        if (First?.Meeting is { } first) Fill(first);
        else (Mode, Places) = (Series.Mode, Series.Places);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid seriesId, CancellationToken ct) {
        if (await Load(seriesId, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await Mediator.Send(new AddMeeting.Command(seriesId, HeldOn, StartsAt, EndsAt, Venue, Topics) { Mode = Mode, JoiningLink = JoiningLink, Places = Places, SecondOf = SecondOf }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The meeting has been added.");
        return Redirect(ForumsLinks.Series(seriesId));
    }

    async Task<IActionResult?> Load(Guid seriesId, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedSeries.Query(seriesId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Series = outcome.Value.Series;
        if (SecondOf is null) return null;
        var first = await Mediator.Send(new OpenManagedMeeting.Query(SecondOf.Value), ct);
        if (first.Refusal is { } unseen) return Refused(unseen);
        if (first.Value.Meeting.SeriesId != seriesId) return Refused(Outcome.NotFound);
        First = first.Value;
        return null;
    }
}
