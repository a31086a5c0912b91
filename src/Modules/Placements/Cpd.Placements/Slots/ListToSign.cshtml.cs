using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Slots;

[Requires(PlacementsPermissions.SignHours)]
internal sealed class ListToSignPage(IMediator mediator) : CpdPage {
    /// <summary>A slot's id and version, with a dot between them.</summary>
    [BindProperty] public List<string> Sign { get; set; } = [];

    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    internal ListToSign.View Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListToSign.Query(new(Number)), ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        Found = await mediator.Send(new ListToSign.Query(new(Number)), ct);
        var items = Sign.Select(v => v.Split('.')).Where(v => v.Length == 2 && Guid.TryParse(v[0], out _) && int.TryParse(v[1], out _)).Select(v => new SignHours.Item(Guid.Parse(v[0]), int.Parse(v[1], System.Globalization.CultureInfo.InvariantCulture))).ToList();
        if (items.Count == 0) return Refused(Outcome.Invalid(nameof(Sign), "Select the hours that you sign"));
        var outcome = await mediator.Send(new SignHours.Command(items), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"{Show.Count(outcome.Value, "slot")} signed off.");
        return Redirect(PlacementsLinks.ToSign);
    }
}
