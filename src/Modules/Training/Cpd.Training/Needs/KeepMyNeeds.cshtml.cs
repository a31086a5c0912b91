using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Needs;

[Requires(TrainingPermissions.Book)]
internal sealed class KeepMyNeedsPage(IMediator mediator) : CpdPage {
    [BindProperty] public List<TypedAnswer> Needs { get; set; } = [];
    /// <summary>Sent by the button that erases everything.</summary>
    [BindProperty] public bool Erase { get; set; }

    public async Task OnGetAsync(CancellationToken ct) => Needs = [.. (await mediator.Send(new KeepMyNeeds.Query(), ct)).Select(n => new TypedAnswer { Kind = n.Kind, Answer = n.Answer })];

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        Needs = [.. NeedWording.Remembered.Select(k => new TypedAnswer { Kind = k, Answer = Erase ? "" : Needs.FirstOrDefault(n => n.Kind == k)?.Answer })];
        var outcome = await mediator.Send(new KeepMyNeeds.Command([.. Needs.Select(n => new Need(n.Kind, n.Answer))]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Erase ? "It has been erased." : "It has been saved.");
        return Redirect(TrainingLinks.MyNeeds);
    }
}
