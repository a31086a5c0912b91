using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Charges;
using Cpd.Training.Courses;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Changes;

/// <summary>A row of the form; what is left wholly empty does not count.</summary>
internal sealed class TypedStep {
    [Display(Name = "The hours")] public int? HoursBefore { get; set; }
    public string? Amount { get; set; }
    internal bool IsEmpty => HoursBefore is null && string.IsNullOrWhiteSpace(Amount);
}

/// <summary>What an authority says of changing and cancelling bookings, and its tables of charges.</summary>
[Requires(TrainingPermissions.ChangeBookingRules)]
internal sealed class SeeChangeRulesPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>Whose rules: an officer of one authority need not say.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty, Display(Name = "The hours for late cancellations")] public int? LateHours { get; set; }
    [BindProperty, Display(Name = "The hours for colleagues")] public int? SubstituteHours { get; set; }
    [BindProperty] public bool SelfSubstitutes { get; set; }
    [BindProperty, Display(Name = "The share of the staff")] public int? ReleasePercent { get; set; }
    [BindProperty, Display(Name = "The first day")] public DateOnly? ValidFrom { get; set; }
    [BindProperty] public List<TypedStep> Steps { get; set; } = [];
    [BindProperty] public string? NoShow { get; set; }
    [BindProperty] public Guid TableId { get; set; }

    /// <summary>Null until an authority is chosen.</summary>
    internal SeeChangeRules.View? Found { get; private set; }
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await Load(fill: true, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (await Load(fill: false, ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        return await Act(new SetChangeRules.Command {
            AuthorityId = AuthorityId ?? Guid.Empty, Version = Version, LateHours = LateHours, SubstituteHours = SubstituteHours, SelfSubstitutes = SelfSubstitutes, ReleasePercent = ReleasePercent,
        }, "The rules have been saved.", ct);
    }

    public async Task<IActionResult> OnPostTableAsync(CancellationToken ct) {
        // The rows that count stand first, so that a sentence about the second lands at the second.
        Steps.RemoveAll(s => s.IsEmpty);
        if (await Load(fill: true, ct) is { } unseen) return Refused(unseen);
        var steps = new List<AddChargeTable.Step>();
        for (var i = 0; i < Steps.Count; i++) {
            if (Steps[i].IsEmpty) continue;
            var pence = Pence(Steps[i].Amount);
            if (pence is null && !string.IsNullOrWhiteSpace(Steps[i].Amount)) ModelState.AddModelError($"Steps[{i}].Amount", "The amount must be an amount like 30 or 12.50");
            steps.Add(new(Steps[i].HoursBefore, pence));
        }
        var noShow = Pence(NoShow);
        if (noShow is null && !string.IsNullOrWhiteSpace(NoShow)) ModelState.AddModelError(nameof(NoShow), "The amount must be an amount like 30 or 12.50");
        if (Unreadable) return Refused(new Invalid([]));
        return await Act(new AddChargeTable.Command(AuthorityId ?? Guid.Empty, ValidFrom, steps, noShow), "The table has been added.", ct);
    }

    public async Task<IActionResult> OnPostRemoveAsync(CancellationToken ct) =>
        await Load(fill: true, ct) is { } unseen ? Refused(unseen) : await Act(new AddChargeTable.RemoveCommand(AuthorityId ?? Guid.Empty, TableId), "The table has been taken back.", ct);

    async Task<IActionResult> Act<T>(IRequest<Outcome<T>> command, string done, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        // Amounts are typed in pounds and stored in pence.
        if (outcome.Refusal is Invalid invalid) return Refused(new Invalid([.. invalid.Errors.Select(e => e with { Field = e.Field == "NoShowPence" ? nameof(NoShow) : e.Field.Replace(".Pence", ".Amount", StringComparison.Ordinal) })]));
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(TrainingLinks.ChangeRules + "?authorityId=" + AuthorityId);
    }

    /// <summary>Null for nothing, and for what is no amount of pounds and pence.</summary>
    static int? Pence(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : CourseFields.Pence(typed);

    async Task<Refusal?> Load(bool fill, CancellationToken ct) {
        var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        AuthorityId ??= mine.Count == 1 ? mine[0].Id : null;
        while (Steps.Count < 3) Steps.Add(new());
        if (AuthorityId is not { } authority) return null;
        var outcome = await mediator.Send(new SeeChangeRules.Query(authority), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        if (fill) (Version, LateHours, SubstituteHours, SelfSubstitutes, ReleasePercent) = (Found.Version, Found.Rules.LateHours, Found.Rules.SubstituteHours, Found.Rules.SelfSubstitutes, Found.Rules.ReleasePercent);
        return null;
    }
}
