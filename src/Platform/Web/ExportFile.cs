using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Web;

/// <summary>A column of a file for spreadsheets: its heading, and how a row fills it.</summary>
public sealed record Column<T>(string Heading, Action<CsvWriter, T> Write);

/// <summary>
/// Records on their way out, as a page's or an endpoint's answer: written row by row while they are read, so that no export is ever
/// held whole. JSON is one array of objects.
/// </summary>
/// <param name="Name">Of the file, without its ending.</param>
/// <param name="Format">json or csv, which is also its ending.</param>
public sealed record ExportFile<T>(string Name, string Format, IReadOnlyList<Column<T>> Columns, IAsyncEnumerable<T> Rows) : IActionResult, IResult {
    public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    public async Task ExecuteAsync(HttpContext httpContext) {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.Headers.ContentDisposition = $"attachment; filename=\"{Name}.{Format}\"";
        if (Format == "json") {
            await response.WriteAsJsonAsync(Rows, ct);
            return;
        }
        response.ContentType = "text/csv; charset=utf-8";
        await using var csv = new CsvWriter(response.BodyWriter);
        await csv.RowAsync(Columns.Select(c => c.Heading), ct);
        await foreach (var row in Rows.WithCancellation(ct)) {
            foreach (var column in Columns) column.Write(csv, row);
            await csv.EndRowAsync(ct);
        }
    }
}
