using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Series;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class EditSeriesPage(IMediator mediator) : SeriesFormPage(mediator) {
    [BindProperty] public int Version { get; set; }

    internal Guid Id { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedSeries.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var (series, audience, _) = outcome.Value;
        (Id, Version, Name, Summary, Mode, PlacesPerSetting, Places) = (id, series.Version, series.Name, series.Summary, series.Mode, series.PlacesPerSetting, series.Places);
        (CountsHours, TermsOfReference, Audience) = (series.CountsHours, series.TermsOfReference, [.. audience]);
        AgeRanges = [.. Wording.Each.Select(a => a.Range).Where(r => series.AgeRanges.HasFlag(r))];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        Id = id;
        if ((await Mediator.Send(new OpenManagedSeries.Query(id), ct)).Refusal is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await Mediator.Send(new EditSeries.Command(id, Version, Name, Summary, Ranges) {
            Mode = Mode, Audience = Audience, PlacesPerSetting = PlacesPerSetting, Places = Places, CountsHours = CountsHours, TermsOfReference = TermsOfReference,
        }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The forum has been changed.");
        return Redirect(ForumsLinks.Series(id));
    }
}
