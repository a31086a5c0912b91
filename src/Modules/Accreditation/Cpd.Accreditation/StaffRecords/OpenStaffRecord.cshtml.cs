using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.StaffRecords;

[Requires(AccreditationPermissions.SeeRecords)]
internal sealed class OpenStaffRecordPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty(SupportsGet = true)] public DateOnly? From { get; set; }
    [BindProperty(SupportsGet = true)] public DateOnly? To { get; set; }
    // From the query by name: "page" is also a word of the page's own route.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal OpenStaffRecord.View Staff { get; private set; } = null!;
    internal Period Period { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid personId, CancellationToken ct) {
        // The period comes from a link; one that cannot be read is the current year.
        ModelState.Clear();
        Period = Period.Of(From, To, clock);
        var outcome = await mediator.Send(new OpenStaffRecord.Query(personId, Period, new Paging(PageNumber)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Staff = outcome.Value;
        return Page();
    }
}
