using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class CancelSessionPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public Guid? CarryTo { get; set; }
    [BindProperty] public bool Merge { get; set; }

    internal OpenManagedSession.Session Session { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Others { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new CancelSession.Command(id, Reason, CarryTo, Merge), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner(Merge ? "The session has been merged with the other date, and everyone has been told." : "The session has been cancelled, and everyone booked or waiting has been told.");
        return Redirect(TrainingLinks.ManagedSession(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedSession.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Session = outcome.Value.Session;
        Others = [.. (await mediator.Send(new ListAlternatives.Query(Session.CourseId, id), ct)).Select(o => new HintedItem(Show.Period(o.StartsAt, o.EndsAt), o.Id.ToString(),
            $"{TrainingWording.PlacesLeft(o.PlacesLeft)}{(o.WaitingCount > 0 ? $", {Show.Count(o.WaitingCount, "person waits", "people wait")}" : "")}"))];
        return null;
    }
}
