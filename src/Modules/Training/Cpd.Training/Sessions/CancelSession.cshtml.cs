using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class CancelSessionPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Reason { get; set; }

    internal OpenManagedSession.Session Session { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new CancelSession.Command(id, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The session has been cancelled, and everyone booked or waiting has been told.");
        return Redirect(TrainingLinks.ManagedSession(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedSession.Query(id), ct);
        if (outcome.Refusal is null) Session = outcome.Value.Session;
        return outcome.Refusal;
    }
}
