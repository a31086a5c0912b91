using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Sessions;

/// <summary>A row of the form; what is left wholly empty does not count.</summary>
internal sealed class TypedLimit {
    public JobRole? JobRole { get; set; }
    [Display(Name = "The most places of one setting")] public int? Most { get; set; }
    public DateOnly? Until { get; set; }
    internal bool IsEmpty => Most is null && Until is null && JobRole is null;
}

/// <summary>A row of the form; what is left wholly empty does not count.</summary>
internal sealed class TypedQuota {
    public Guid? AuthorityId { get; set; }
    [Display(Name = "The places set aside")] public int? Places { get; set; }
    public DateOnly? Until { get; set; }
    internal bool IsEmpty => Places is null && Until is null && AuthorityId is null;
}

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class SetSessionRulesPage(IMediator mediator) : CpdPage {
    [BindProperty] public List<TypedLimit> Limits { get; set; } = [];
    [BindProperty] public List<TypedQuota> Quotas { get; set; } = [];
    [BindProperty, Display(Name = "The minimum number")] public int? LeastPeople { get; set; }
    [BindProperty] public DateOnly? DecideOn { get; set; }
    /// <summary>Sent by the button that asks for more rows.</summary>
    [BindProperty] public bool MoreRows { get; set; }

    internal SetSessionRules.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Roles => [.. Enum.GetValues<JobRole>().Select(r => new SelectListItem(Wording.Of(r), r.ToString()))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        Limits = [.. Found.Limits.Select(l => new TypedLimit { JobRole = l.JobRole, Most = l.Most, Until = l.Until }), new()];
        Quotas = [.. Found.Quotas.Select(q => new TypedQuota { AuthorityId = q.AuthorityId, Places = q.Places, Until = q.Until }), new()];
        (LeastPeople, DecideOn) = (Found.LeastPeople, Found.DecideOn);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (MoreRows) {
            Limits.Add(new());
            Quotas.Add(new());
            foreach (var entry in ModelState.Values) entry.Errors.Clear();
            return Page();
        }
        // The rows that count stand first, so that a sentence about the second lands at the second.
        Limits.RemoveAll(l => l.IsEmpty);
        Quotas.RemoveAll(q => q.IsEmpty);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new SetSessionRules.Command(id, [.. Limits.Select(l => new SetSessionRules.Limit(l.JobRole, l.Most, l.Until))],
            [.. Quotas.Select(q => new SetSessionRules.Aside(q.AuthorityId, q.Places, q.Until))], LeastPeople, DecideOn), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The rules for places have been saved.");
        return Redirect(TrainingLinks.ManagedSession(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SetSessionRules.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        Authorities = [.. (await mediator.Send(new ListAuthorities(), ct)).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        return null;
    }
}
