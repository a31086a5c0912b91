using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.StaffRecords;

[Requires(AccreditationPermissions.SeeRecords)]
internal sealed class ListStaffRecordsPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty(SupportsGet = true)] public Guid? Setting { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "From")] public DateOnly? From { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "To")] public DateOnly? To { get; set; }
    // From the query by name: "page" is also a word of the page's own route.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal ListStaffRecords.View Records { get; private set; } = null!;
    internal Period Period { get; private set; }
    internal IReadOnlyList<SelectListItem> Settings => [new("All my settings", ""), .. Records.Settings.Select(s => new SelectListItem(s.Name, s.Id.ToString()))];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        Period = Period.Of(From, To, clock);
        Records = await mediator.Send(new ListStaffRecords.Query(Setting, Period, new Paging(PageNumber)), ct);
        if (From > To) return Refused(Outcome.Invalid(nameof(To), "The last day must be the same as or after the first day"));
        if (Unreadable) {
            Response.StatusCode = 400;
            return Page();
        }
        (From, To) = (Period.From, Period.To);
        return Page();
    }
}
