using Cpd.Platform.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Materials;

[Requires(TrainingPermissions.KeepMaterials)]
internal sealed class ListMaterialsPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? Link { get; set; }
    [BindProperty] public IFormFile? Attachment { get; set; }
    [BindProperty] public Guid MaterialId { get; set; }

    internal ListMaterials.View Found { get; private set; } = null!;
    /// <summary>They come from their own sessions and go back there; officers come from the session they manage.</summary>
    internal bool IsTrainer => !me.May(TrainingPermissions.ManageCourses);

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Attachment is { Length: > SentFile.Longest }) return Refused(Outcome.Invalid(nameof(Attachment), $"The file must be smaller than {SentFile.LongestMegabytes} MB"));
        var outcome = await mediator.Send(new AddMaterial.Command(id, Title, Link, Attachment?.FileName, await SentFile.Read(Attachment, ct)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The material has been added.");
        return Redirect(TrainingLinks.Materials(id));
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new RemoveMaterial.Command(id, MaterialId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The material has been removed.");
        return Redirect(TrainingLinks.Materials(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new ListMaterials.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
