using System.ComponentModel.DataAnnotations;
using Cpd.Forums.Series;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.Meetings;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class AddMeetingPage(IMediator mediator) : CpdPage {
    [BindProperty, Display(Name = "Date")] public DateOnly? HeldOn { get; set; }
    [BindProperty, Display(Name = "Start time")] public TimeOnly? StartsAt { get; set; }
    [BindProperty, Display(Name = "End time")] public TimeOnly? EndsAt { get; set; }
    [BindProperty] public string? Venue { get; set; }
    [BindProperty] public string? Topics { get; set; }

    internal OpenSeries.View Series { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid seriesId, CancellationToken ct) => await Load(seriesId, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid seriesId, CancellationToken ct) {
        if (await Load(seriesId, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new AddMeeting.Command(seriesId, HeldOn, StartsAt, EndsAt, Venue, Topics), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The meeting has been added.");
        return Redirect(ForumsLinks.Series(seriesId));
    }

    async Task<IActionResult?> Load(Guid seriesId, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSeries.Query(seriesId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Series = outcome.Value;
        return Series.MayManage ? null : NotFound();
    }
}
