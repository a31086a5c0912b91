using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Changes;

/// <summary>A form for each setting that one manages; the shares stand in the settings' order.</summary>
[Requires(TrainingPermissions.ApproveBookings)]
internal sealed class SetReleaseSharePage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid SettingId { get; set; }
    [BindProperty, Display(Name = "The share of the staff")] public Dictionary<int, int?> Percents { get; set; } = [];

    internal IReadOnlyList<SetReleaseShare.View> Settings { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var typed = Percents;
        await Load(ct);
        if (Unreadable) return Refused(new Invalid([]));
        var place = Settings.ToList().FindIndex(s => s.SettingId == SettingId);
        var outcome = await mediator.Send(new SetReleaseShare.Command(SettingId, typed.GetValueOrDefault(place)), ct);
        if (outcome.Refusal is Invalid invalid) return Refused(new Invalid([.. invalid.Errors.Select(e => e with { Field = $"Percents[{place}]" })]));
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Saved.");
        return Redirect(TrainingLinks.StaffRelease);
    }

    async Task Load(CancellationToken ct) {
        Settings = await mediator.Send(new SetReleaseShare.Query(), ct);
        Percents = Settings.Select((s, i) => (s.Percent, i)).ToDictionary(s => s.i, s => s.Percent);
    }
}
