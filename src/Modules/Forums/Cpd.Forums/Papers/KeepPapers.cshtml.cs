using Cpd.Forums.Agenda;
using Cpd.Forums.Meetings;
using Cpd.Forums.Reminders;
using Cpd.Platform.Files;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Papers;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepPapersPage(IMediator mediator, Mailbox mailbox, TimeProvider clock) : CpdPage {
    [BindProperty] public PaperKind? Kind { get; set; }
    [BindProperty] public Guid? ItemId { get; set; }
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? Link { get; set; }
    [BindProperty] public IFormFile? Attachment { get; set; }
    [BindProperty] public Guid PaperId { get; set; }

    internal SeeAgenda.View Found { get; private set; } = null!;
    internal Held Meeting => Found.Meeting;
    internal MessageCount Told { get; private set; } = null!;
    internal bool MaySend => Meeting is { State: Publication.Published, PapersReadyAt: null } && Meeting.StartsAt > clock.GetUtcNow().UtcDateTime;
    internal IReadOnlyList<SelectListItem> Items => [new("The whole meeting", ""), .. Found.Items.Select(i => new SelectListItem(i.Title, i.Id.ToString()))];
    internal static IReadOnlyList<SelectListItem> Kinds => [new("Before the meeting, by members", nameof(PaperKind.Paper)), new("After the meeting, by members and whoever was there", nameof(PaperKind.Material))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Attachment is { Length: > SentFile.Longest }) return Refused(Outcome.Invalid(nameof(Attachment), $"The file must be smaller than {SentFile.LongestMegabytes} MB"));
        var outcome = await mediator.Send(new AddPaper.Command(id, Kind, ItemId, Title, Link, Attachment?.FileName, await SentFile.Read(Attachment, ct)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Kind == PaperKind.Material ? "The material has been added." : "The paper has been added.");
        return Redirect(ForumsLinks.KeepPapers(id));
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid id, CancellationToken ct) => await Act(id, new RemovePaper.Command(id, PaperId), "It has been removed.", ct);

    public async Task<IActionResult> OnPostReadyAsync(Guid id, CancellationToken ct) => await Act(id, new SendPapers.Command(id), "The papers are ready. Each member is told by email.", ct);

    async Task<IActionResult> Act(Guid id, IRequest<Outcome<Done>> command, string done, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(ForumsLinks.KeepPapers(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeAgenda.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        Told = await mailbox.CountAbout(id, TellOfPapers.Name, ct);
        return null;
    }
}
