using Cpd.Forums.Meetings;
using Cpd.Forums.Series;
using Cpd.Forums.Themes;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Agenda;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepAgendaPage(IMediator mediator, Db db) : CpdPage {
    [BindProperty] public ItemKind? Kind { get; set; }
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? Detail { get; set; }
    [BindProperty] public Guid? LeadId { get; set; }
    [BindProperty] public string? LeadName { get; set; }
    [BindProperty] public int? Minutes { get; set; }
    [BindProperty] public Guid? ThemeId { get; set; }
    [BindProperty] public Guid ItemId { get; set; }
    [BindProperty] public ChangeItem.Change? Change { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public Guid? ChairId { get; set; }

    internal SeeAgenda.View Found { get; private set; } = null!;
    internal Held Meeting => Found.Meeting;
    internal IReadOnlyList<SelectListItem> People { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Chairs => [new("Nobody yet", ""), .. People.Skip(1)];
    internal IReadOnlyList<SelectListItem> ThemeItems { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Kinds => [.. AgendaWording.Kinds.Select(k => new SelectListItem(AgendaWording.Of(k), k.ToString()))];
    /// <summary>Minutes on the agenda against those of the meeting.</summary>
    internal int Planned => Found.Items.Sum(i => i.Minutes ?? 0);

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        ChairId = Meeting.ChairId;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AddItem.Command(id, Kind, Title, Detail, LeadId, LeadName, Minutes, ThemeId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The item is on the agenda.");
        return Redirect(ForumsLinks.KeepAgenda(id));
    }

    public async Task<IActionResult> OnPostChangeAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new ChangeItem.Command(id, ItemId, Change, Reason), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Change switch { ChangeItem.Change.Accept => "The item is on the agenda.", ChangeItem.Change.Decline => "The item has been declined.", ChangeItem.Change.Remove => "The item has been taken off.", _ => "The item has moved up." });
        return Redirect(ForumsLinks.KeepAgenda(id));
    }

    public async Task<IActionResult> OnPostChairAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new SetChair.Command(id, ChairId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The chair has been saved.");
        return Redirect(ForumsLinks.KeepAgenda(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeAgenda.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        People = [new("Nobody, or somebody else", ""), .. (await ForumPeople.List(db, mediator, Meeting.SeriesId, Meeting.AuthorityId, ct)).Select(p => new SelectListItem(p.Name, p.Id.ToString()))];
        ThemeItems = [new("None", ""), .. (await mediator.Send(new ListThemes.Query(Meeting.AuthorityId), ct)).Where(t => t.EndedAt is null).Select(t => new SelectListItem(t.Name, t.Id.ToString()))];
        return null;
    }
}
