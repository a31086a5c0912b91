using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.StaffImports;

[Requires(PeoplePermissions.ChangePeople)]
internal sealed class SeeStaffImportPage(IMediator mediator) : CpdPage {
    // From the query alone: "page" is also the name under which the framework routes.
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;
    [BindProperty(SupportsGet = true)] public StaffVerdict Show { get; set; } = StaffVerdict.New;

    internal SeeStaffImport.View Import { get; private set; } = null!;

    internal static IReadOnlyList<(StaffVerdict Verdict, string Words)> Lists { get; } =
        [(StaffVerdict.New, "New people"), (StaffVerdict.Joins, "Known already, new at the setting"), (StaffVerdict.Unchanged, "Work there already"), (StaffVerdict.Refused, "Refused")];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostCommitAsync(Guid id, CancellationToken ct) => await Act(id, new CommitStaffImport.Command(id), "The staff have been added.", PeopleLinks.StaffImport(id), ct);

    public async Task<IActionResult> OnPostDiscardAsync(Guid id, CancellationToken ct) => await Act(id, new DiscardStaffImport.Command(id), "The import has been discarded. Nobody has been added.", PeopleLinks.People, ct);

    async Task<IActionResult> Act(Guid id, IRequest<Outcome<Done>> command, string done, string next, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return await Load(id, ct) ?? Refused(refusal);
        Banner(done);
        return Redirect(next);
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeStaffImport.Query(id, Show, new Paging(PageNumber, 50)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Import = outcome.Value;
        return null;
    }
}
