using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.StaffImports;

[Requires(PeoplePermissions.ChangePeople)]
internal sealed class DownloadRefusedStaffPage(IMediator mediator) : CpdPage {
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new DownloadRefusedStaff.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=\"refused-rows.csv\"";
        await using var csv = new CsvWriter(Response.BodyWriter);
        await csv.RowAsync(["Row", "Reason", .. StaffFile.Headings], ct);
        await foreach (var line in outcome.Value.Lines) {
            csv.Number(line.Number).Text(line.Reasons);
            foreach (var cell in line.Cells) csv.Text(cell);
            await csv.EndRowAsync(ct);
        }
        return new EmptyResult();
    }
}
