using Cpd.Platform.Web;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Files;

/// <summary>The refused rows of an uploaded file as they were written, with their numbers and reasons, on their way back to be put right. Read while they are written out; once.</summary>
internal sealed record RefusedRows(IReadOnlyList<string> Headings, IAsyncEnumerable<RefusedRows.Line> Lines) : IActionResult {
    /// <param name="Cells">In the order of the headings.</param>
    internal sealed record Line(int Number, string Reasons, IReadOnlyList<string> Cells);

    public async Task ExecuteResultAsync(ActionContext context) {
        var (response, ct) = (context.HttpContext.Response, context.HttpContext.RequestAborted);
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"refused-rows.csv\"";
        await using var csv = new CsvWriter(response.BodyWriter);
        await csv.RowAsync(["Row", "Reason", .. Headings], ct);
        await foreach (var line in Lines.WithCancellation(ct)) {
            csv.Number(line.Number).Text(line.Reasons);
            foreach (var cell in line.Cells) csv.Text(cell);
            await csv.EndRowAsync(ct);
        }
    }
}
