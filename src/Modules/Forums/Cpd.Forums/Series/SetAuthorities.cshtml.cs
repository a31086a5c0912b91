using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Series;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class SetAuthoritiesPage(IMediator mediator) : CpdPage {
    [BindProperty] public List<Guid> Authorities { get; set; } = [];

    internal OpenManagedSeries.Series Series { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Choices { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await Load(id, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Authorities = [.. outcome.Value.Authorities.Skip(1)];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if ((await Load(id, ct)).Refusal is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new SetAuthorities.Command(id, Authorities), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Authorities.Count == 0 ? "The forum is your authority's alone." : $"{Show.Count(Authorities.Count, "other authority takes", "other authorities take")} part in the forum.");
        return Redirect(ForumsLinks.Series(id));
    }

    async Task<Outcome<OpenManagedSeries.View>> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedSeries.Query(id), ct);
        if (outcome.Refusal is not null) return outcome;
        Series = outcome.Value.Series;
        Choices = [.. (await mediator.Send(new ListAuthorities(), ct)).Where(a => a.Id != Series.AuthorityId).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        return outcome;
    }
}
