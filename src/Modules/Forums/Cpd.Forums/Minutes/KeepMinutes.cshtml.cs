using Cpd.Forums.Actions;
using Cpd.Forums.Meetings;
using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Minutes;

/// <summary>The minutes of a meeting, and what was taken on at it.</summary>
[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepMinutesPage(IMediator mediator, Db db, TimeProvider clock) : CpdPage {
    [BindProperty] public string? Words { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty] public int Number { get; set; }
    [BindProperty] public AgreedBy? By { get; set; }
    [BindProperty] public string? ActionWords { get; set; }
    [BindProperty] public Guid? OwnerId { get; set; }
    [BindProperty] public string? OwnerName { get; set; }
    [BindProperty] public DateOnly? DueOn { get; set; }

    internal SeeMinutes.View Found { get; private set; } = null!;
    internal Held Meeting => Found.Meeting;
    /// <summary>The newest text, if it is not agreed yet.</summary>
    internal SeeMinutes.Text? Draft => Found.Versions is [{ AgreedAt: null } newest, ..] ? newest : null;
    internal bool HasBegun => Meeting.State == Publication.Published && Meeting.StartsAt <= clock.GetUtcNow().UtcDateTime;
    internal IReadOnlyList<ListActions.Action> Actions { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> People { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Agreeing => [new("A meeting of the forum", nameof(AgreedBy.Meeting)), new("The chair", nameof(AgreedBy.Chair))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        (Words, Version) = (Draft?.Words ?? (Found.Versions.Count > 0 ? Found.Versions[0].Words : null), Draft?.Version ?? 0);
        return Page();
    }

    public Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) => Act(id, new WriteMinutes.Command(id, Words, Version), "The minutes have been saved as a draft.", ct);
    public Task<IActionResult> OnPostAgreeAsync(Guid id, CancellationToken ct) => Act(id, new SettleMinutes.Agree(id, Number, Version, By), "The minutes are agreed. You can publish them now.", ct);
    public Task<IActionResult> OnPostPublishAsync(Guid id, CancellationToken ct) => Act(id, new SettleMinutes.Publish(id, Number), "The minutes are published. Anyone can read them.", ct);

    public async Task<IActionResult> OnPostActionAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AddAction.Command(id, ActionWords, OwnerId, OwnerName, DueOn), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The action has been added. It stands on the agenda of each meeting until it is closed.");
        return Redirect(ForumsLinks.KeepMinutes(id));
    }

    async Task<IActionResult> Act(Guid id, IRequest<Outcome<Done>> command, string done, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(ForumsLinks.KeepMinutes(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeMinutes.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        Actions = (await mediator.Send(new ListActions.Query(Meeting.SeriesId, id, OnlyOpen: false), ct)).Value.Actions;
        People = [new("Somebody else", ""), .. (await ForumPeople.List(db, mediator, Meeting.SeriesId, Meeting.AuthorityId, ct)).Select(p => new SelectListItem(p.Name, p.Id.ToString()))];
        return null;
    }
}
