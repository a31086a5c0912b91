using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Registers;

[Requires(TrainingPermissions.ChangeBookingRules)]
internal sealed class SeeRegisterRulesPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>Whose rules: an officer of one authority need not say.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty, Display(Name = "The minutes")] public int? Tolerance { get; set; }

    /// <summary>Null until an authority is chosen.</summary>
    internal SeeRegisterRules.View? Found { get; private set; }
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (await Load(ct) is { } refusal) return Refused(refusal);
        if (Found is { } rules) (Version, Tolerance) = (rules.Version, rules.Tolerance);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (await Load(ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new SetRegisterRules.Command(AuthorityId ?? Guid.Empty, Version, Tolerance), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The register rules have been saved.");
        return Redirect($"{TrainingLinks.RegisterRules}?authorityId={AuthorityId}");
    }

    async Task<Refusal?> Load(CancellationToken ct) {
        var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        AuthorityId ??= mine.Count == 1 ? mine[0].Id : null;
        if (AuthorityId is not { } authority) return null;
        var outcome = await mediator.Send(new SeeRegisterRules.Query(authority), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
