using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class CopySessionPage(IMediator mediator) : CpdPage {
    [BindProperty] public DateOnly? On { get; set; }

    internal OpenManagedSession.Session Session { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new CopySession.Command(id, On), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The session has been copied as a draft. Publish it when people may see and book it.");
        return Redirect(TrainingLinks.ManagedSession(outcome.Value));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedSession.Query(id), ct);
        if (outcome.Refusal is null) Session = outcome.Value.Session;
        return outcome.Refusal;
    }
}
