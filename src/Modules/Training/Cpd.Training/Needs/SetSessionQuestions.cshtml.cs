using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Needs;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class SetSessionQuestionsPage(IMediator mediator) : CpdPage {
    [BindProperty] public bool Access { get; set; }
    [BindProperty] public bool Dietary { get; set; }
    [BindProperty] public bool Creche { get; set; }
    [BindProperty] public string? Question { get; set; }

    internal SetSessionQuestions.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        (Access, Dietary, Creche, Question) = (Found.Access, Found.Dietary, Found.Creche, Found.Question);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new SetSessionQuestions.Command(id, Access, Dietary, Creche, Question), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The questions have been saved.");
        return Redirect(TrainingLinks.ManagedSession(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SetSessionQuestions.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
