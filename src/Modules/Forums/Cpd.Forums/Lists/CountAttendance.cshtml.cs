using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Lists;

[Requires(ForumsPermissions.ManageForums)]
internal sealed class CountAttendancePage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true)] public Guid? SeriesId { get; set; }
    [BindProperty(SupportsGet = true)] public int? Year { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal CountAttendance.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Forums => [new("All forums", ""), .. Found.Forums.Select(f => new SelectListItem(f.Name, f.Id.ToString()))];
    internal IReadOnlyList<SelectListItem> Years => [.. Enumerable.Range(Found.Year - 4, 6).Select(y => new SelectListItem($"{y} to {y + 1}", $"{y}"))];
    internal string FileAddress => $"{ForumsLinks.Attendance}?handler=File&SeriesId={SeriesId}&Year={Found.Year}";

    public async Task OnGetAsync(CancellationToken ct) {
        Found = await mediator.Send(new CountAttendance.Query(SeriesId, Year, new Paging(PageNumber)), ct);
        Year = Found.Year;
    }

    public async Task<AttendanceFile> OnGetFileAsync(CancellationToken ct) => new(await mediator.Send(new CountAttendance.All(SeriesId, Year), ct));
}
