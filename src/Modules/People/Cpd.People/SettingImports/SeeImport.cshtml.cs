using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.SettingImports;

[Requires(PeoplePermissions.ChangeSettings)]
internal sealed class SeeImportPage(IMediator mediator, CurrentUser me) : CpdPage {
    // From the query alone: "page" is also the name under which the framework routes.
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;
    [BindProperty(SupportsGet = true)] public Verdict Show { get; set; } = Verdict.New;
    [BindProperty] public string? Label { get; set; }
    [BindProperty] public Guid? AuthorityId { get; set; }

    internal SeeImport.View Import { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Labels => [.. Import.Unknown.Select(u => new SelectListItem(u.Label.Length == 0 ? "(blank)" : u.Label, u.Label))];

    internal static IReadOnlyList<(Verdict Verdict, string Words)> Lists { get; } = [
        (Verdict.New, "New"), (Verdict.Changed, "Changed"), (Verdict.Closed, "Closed"), (Verdict.Unchanged, "Unchanged"), (Verdict.Refused, "Refused"),
        (Verdict.Unknown, "Local authority not known"), (Verdict.Elsewhere, "Other local authorities"),
    ];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostCommitAsync(Guid id, CancellationToken ct) => await Act(id, new CommitImport.Command(id), "The list of settings has been brought up to date.", PeopleLinks.Import(id), ct);

    public async Task<IActionResult> OnPostDiscardAsync(Guid id, CancellationToken ct) => await Act(id, new DiscardImport.Command(id), "The import has been discarded. Nothing has been changed.", PeopleLinks.Settings, ct);

    public async Task<IActionResult> OnPostPlaceAsync(Guid id, CancellationToken ct) => await Act(id, new PlaceAuthority.Command(id, Label ?? "", AuthorityId), "The rows are being checked again.", PeopleLinks.Import(id), ct);

    async Task<IActionResult> Act(Guid id, IRequest<Outcome<Done>> command, string done, string next, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return await Load(id, ct) ?? Refused(refusal);
        Banner(done);
        return Redirect(next);
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeImport.Query(id, Show, new Paging(PageNumber, 50)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Import = outcome.Value;
        if (Import.Unknown.Count == 0) return null;
        var reach = me.Reach(PeoplePermissions.ChangeSettings);
        Authorities = [.. (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        return null;
    }
}
