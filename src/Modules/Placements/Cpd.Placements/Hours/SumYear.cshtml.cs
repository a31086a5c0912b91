using Cpd.Placements.Programmes;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Hours;

[Requires(PlacementsPermissions.SeeHours)]
internal sealed class SumYearPage(IMediator mediator) : CpdPage {
    [FromQuery(Name = "year")] public int? Year { get; set; }
    [FromQuery(Name = "format")] public string? FileFormat { get; set; }

    internal SumYear.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (Year is < 2000 or > 2100) Year = null;
        Found = await mediator.Send(new SumYear.Query(Year), ct);
        if (string.IsNullOrEmpty(FileFormat)) return Page();
        var outcome = await mediator.Send(new ExportHours.Query(AcademicYear.FirstDay(Found.Year), AcademicYear.LastDay(Found.Year), FileFormat), ct);
        return outcome.Refusal is { } refusal ? Refused(refusal) : outcome.Value;
    }
}
