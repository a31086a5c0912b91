using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.Ledger;

[Requires(AccreditationPermissions.KeepOwnRecord)]
internal sealed class ListMyCpdPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty(SupportsGet = true)] public int? Year { get; set; }
    [BindProperty(SupportsGet = true)] public ListMyCpd.Source? Source { get; set; }
    [BindProperty(SupportsGet = true)] public AgeRanges? Ages { get; set; }
    // From the query by name: "page" is also a word of the page's own route.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal ListMyCpd.View Cpd { get; private set; } = null!;
    internal string Name => me.Name;
    internal bool Filtered => Year is not null || Source is not null || Ages is not null;
    internal IReadOnlyList<SelectListItem> Years => [new("All years", ""), .. Cpd.Years.Select(y => new SelectListItem(y.Year.Words, $"{y.Year.Begins}"))];
    internal static IReadOnlyList<SelectListItem> Sources => [new("Everything", ""), new("Courses and forums attended", nameof(ListMyCpd.Source.Attendance)), new("Added by me", nameof(ListMyCpd.Source.Own))];
    internal static IReadOnlyList<SelectListItem> AgeItems => [new("All ages", ""), .. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];

    public async Task OnGetAsync(CancellationToken ct) {
        // A filter that cannot be read is no filter.
        ModelState.Clear();
        Cpd = await mediator.Send(new ListMyCpd.Query(Year, Source, Ages ?? AgeRanges.None, new Paging(PageNumber)), ct);
    }
}
